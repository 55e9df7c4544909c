"""Nothing that is sent to the control plane makes it fall over, and all that it can do is described."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

import mocksf
from mocksf.doors.control.asking import Row
from mocksf.doors.plane import SECTIONS
from mocksf.doors.serving import Served
from mocksf.doors.tenancy import ServedOrg
from tests.served import API, control_of, errors

pytestmark = pytest.mark.sockets

ROWS = [row for rows in SECTIONS.values() for row in rows]
BODIES: list[Any] = [
    [], {}, 0, "x", [[]], [None], {"kind": {}}, {"kind": []}, {"kind": "error", "where": []},
    {"kind": "error", "where": {"header": {"x": 5}}}, {"kind": "error", "where": {"path": "["}},
    {"kind": "error", "id": {"a": 1}}, {"seed": 10**400}, {"seconds": 1e300}, {"factor": 1e300}, {"at": 10**30},
    {"now": "9999-12-31T23:59:59Z"}, {"now": 10**30}, {"now": "0001-01-01T00:00:00+14:00"},
    {"name": "\x00"}, {"name": "é"}, {"name": "x" * 300}, {"name": "default"},
]  # fmt: skip
QUERIES = ("", "org=%ff", "page=99999999999999999999", "search=%ff%00%25_", "since=9999-12-31T23:59:59-14:00&limit=2")
NAMES = {"{name}": "%ff%00x", "{rule_id}": "%ff", "{record_id}": "%00", "{number}": "9" * 30}


@pytest.fixture(scope="module")
def server() -> Iterator[ServedOrg]:
    with ServedOrg(Served(mocksf.load_schema([]), factor=0)) as served:
        yield served


@pytest.fixture
def control(server: ServedOrg) -> Iterator[httpx.Client]:
    with control_of(server) as client:
        yield client


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.path}")
class TestEveryOperation:
    def test_survives_whatever_is_sent(self, server: ServedOrg, control: httpx.Client, row: Row):
        path = row.path
        for name, value in NAMES.items():
            path = path.replace(name, value)
        bodies = BODIES if row.method in {"POST", "PUT", "PATCH"} else [None]

        answers = [control.request(row.method, f"{path}?{query}") for query in QUERIES]
        answers += [control.request(row.method, path, json=body) for body in bodies]
        answers.append(control.request(row.method, path, content=b"{", headers={"Content-Type": "application/json"}))

        assert [answer.text for answer in answers if answer.status_code >= 500] == []
        assert [answer.text for answer in answers if answer.status_code >= 400 and not errors(answer)] == []
        control.put("/rules", json=[])
        with server.client() as sf:
            assert sf.get(f"{API}/limits").status_code in {200, 401}  # time may have passed

    def test_is_described(self, control: httpx.Client, row: Row):
        told = control.get("/openapi.json").json()["paths"][row.path][row.method.lower()]

        assert told["description"].endswith(".")
        assert len(told["tags"]) == 1


def test_no_two_operations_have_one_name(control: httpx.Client):
    paths = control.get("/openapi.json").json()["paths"]

    ids = Counter(operation["operationId"] for methods in paths.values() for operation in methods.values())
    assert [name for name, count in ids.items() if count > 1] == []


@pytest.mark.parametrize("origin", ["https://evil.example", "http://evil.example:80", "null", "http://[", ""])
def test_a_page_of_another_site_changes_nothing(control: httpx.Client, origin: str):
    answer = control.post("/rules", json={"kind": "error"}, headers={"Origin": origin})

    assert (answer.status_code, errors(answer)[0][0], control.get("/rules").json()) == (403, "origin", [])


def test_nor_does_one_whose_name_was_made_to_lead_here(control: httpx.Client):
    headers = {"Origin": "http://evil.example:8080", "Host": "evil.example:8080"}

    assert control.post("/rules", json={"kind": "error"}, headers=headers).status_code == 403


def test_a_page_of_this_machine_may(server: ServedOrg, control: httpx.Client):
    for host in (f"localhost:{server.port}", f"acme.localhost:{server.port}", f"127.0.0.1:{server.port}"):
        headers = {"Origin": f"http://{host}", "Host": host}

        assert control.post("/clock/freeze", headers=headers).status_code == 200
