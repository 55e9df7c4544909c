"""What the pages of the control plane say, for their tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser

import httpx

from mocksf.doors.tenancy import ServedOrg
from tests.served import control_of

EVIL = "<script>alert('x')</script>\"'&"


@contextmanager
def alone(server: ServedOrg) -> Iterator[httpx.Client]:
    """A client of the control plane of a server whose default org is calm, fresh and without neighbours."""
    with control_of(server) as client:
        for one in client.get("/orgs").json()[1:]:
            client.delete(f"/orgs/{one['name']}")
        yield client


@contextmanager
def pages_of(server: ServedOrg) -> Iterator[httpx.Client]:
    """A client of a server's pages."""
    with server.client(token=False, follow_redirects=True) as client:
        client.base_url = httpx.URL(f"{server.url}/_mocksf/ui")
        yield client


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words += data.split()


def text(answer: httpx.Response, status: int = 200) -> str:
    """What a page says, its words one space apart."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    parser = _Words()
    parser.feed(answer.text)
    return " ".join(parser.words)


def seen(control: httpx.Client) -> list[str]:
    """The ids of the rules that lie."""
    return [one["rule"]["id"] for one in control.get("/rules").json()]
