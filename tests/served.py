"""A served org as a test of its control plane sees it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from mocksf.doors.tenancy import ServedOrg

API = "/services/data/v66.0"
ACCOUNT = f"{API}/sobjects/Account"


@contextmanager
def control_of(server: ServedOrg) -> Iterator[httpx.Client]:
    """A client of the server's control plane, with a calm and fresh org behind it."""
    with server.client(token=False) as client:
        client.base_url = httpx.URL(f"{server.url}/_mocksf")
        client.put("/rules", json=[])
        client.post("/reset")
        yield client


def errors(answer: httpx.Response) -> list[tuple[str, str]]:
    """What is wrong, as places and sentences."""
    return [(one["path"], one["message"]) for one in answer.json()["errors"]]


def leave_waiting(control: httpx.Client, sf: httpx.Client, body: Any = None) -> None:
    """A client asks, and gives up before the clock is moved; its request waits on the server."""
    with pytest.raises(httpx.ReadTimeout):
        sf.post(ACCOUNT, json=body or {"Name": "Ada"}, timeout=0.1)
    looks = (control.get("/clock").json()["waiting"] for _ in range(1000))
    assert any(looks), "the request never reached the server"


def composite(*parts: tuple[str, str, dict[str, Any]]) -> dict[str, Any]:
    """The body of a composite: method, path and body of each part, which are named p0, p1, …"""
    listed = [
        {"method": method, "url": API + path, "referenceId": f"p{number}", "body": body}
        for number, (method, path, body) in enumerate(parts)
    ]
    return {"allOrNone": True, "compositeRequest": listed}


def waits_for(served: ServedOrg, polls: int) -> None:
    """Return when so many requests wait on the server."""
    looks = (served.call(lambda: served.clock.waiting) for _ in range(100_000))
    assert any(each >= polls for each in looks), "no poll ever waited"
