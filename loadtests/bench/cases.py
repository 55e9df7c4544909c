"""What is measured: ready requests to the org, each with the bare request of the same size that it is compared with."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count, cycle
from typing import Any
from urllib.parse import quote, quote_plus

import httpx

API = "/services/data/v66.0"
RECORDS = 500
"""How many accounts the org holds while it is measured."""


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of request; `goal` is the least share of the bare server's rate that is good enough."""

    name: str
    method: str
    status: int
    goal: float
    questions: Iterator[bytes]
    body_bytes: int = 0


def message(method: str, target: str, token: str, body: Any = None) -> bytes:
    """One HTTP/1.1 request as bytes."""
    payload = b"" if body is None else json.dumps(body, separators=(",", ":")).encode()
    head = (
        f"{method} {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(payload)}\r\n\r\n"
    )
    return head.encode() + payload


def phone(number: int) -> str:
    """The phone of one of the accounts that `fill` creates."""
    return f"+49301{number:06d}"


def fill(url: str, token: str) -> list[str]:
    """Give the org its accounts, 25 to a composite; returns their ids."""
    ids: list[str] = []
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=30.0) as client:
        for first in range(0, RECORDS, 25):
            parts = [_account(number) for number in range(first, first + 25)]
            answer = client.post(f"{API}/composite", json={"allOrNone": True, "compositeRequest": parts})
            answer.raise_for_status()
            ids += [part["body"]["id"] for part in answer.json()["compositeResponse"]]
    return ids


def _account(number: int) -> Mapping[str, Any]:
    body = {"Name": f"Account {number}", "Phone": phone(number), "Caller_Key__c": phone(number), "Site": "Berlin"}
    return {"method": "POST", "url": f"{API}/sobjects/Account", "referenceId": f"a{number}", "body": body}


def _triple(number: int) -> Mapping[str, Any]:
    """The composite of a call: account, contact and opportunity, each by its key."""
    caller, call = quote(f"+49302{number:06d}", safe=""), f"bench-{number}"
    base = f"{API}/sobjects"
    close = {"Name": call, "StageName": "Prospecting", "CloseDate": "2026-12-31", "AccountId": "@{acc.id}"}
    parts = [
        ("acc", f"{base}/Account/Caller_Key__c/{caller}", {"Name": call}),
        ("con", f"{base}/Contact/Caller_Key__c/{caller}", {"LastName": call, "AccountId": "@{acc.id}"}),
        ("opp", f"{base}/Opportunity/Call_Key__c/{call}", close),
    ]
    subrequests = [{"method": "PATCH", "url": url, "referenceId": ref, "body": body} for ref, url, body in parts]
    return {"allOrNone": True, "compositeRequest": subrequests}


def cases(token: str, ids: list[str]) -> list[Case]:
    """The four kinds of request of the mission's hot path."""
    reads = [message("GET", f"{API}/sobjects/Account/{each}", token) for each in ids]
    soql = "SELECT Id, Name FROM Account WHERE Phone = '{}'"
    queries = [
        message("GET", f"{API}/query?q={quote_plus(soql.format(phone(number)))}", token) for number in range(len(ids))
    ]
    create = {"Name": "Created", "Phone": "+493099", "Site": "Berlin"}
    one, three = _size(create), _size(_triple(0))
    return [
        Case("get by id", "GET", 200, 0.60, cycle(reads)),
        Case("SOQL by phone", "GET", 200, 0.45, cycle(queries)),
        Case("create", "POST", 201, 0.35, cycle([message("POST", f"{API}/sobjects/Account", token, create)]), one),
        Case("composite of 3", "POST", 200, 0.20, _composites(token), three),
    ]


def _size(body: Any) -> int:
    return len(json.dumps(body, separators=(",", ":")))


def _composites(token: str) -> Iterator[bytes]:
    return (message("POST", f"{API}/composite", token, _triple(number)) for number in count())


def bare(case: Case, token: str, answer_bytes: int) -> Iterator[bytes]:
    """The same exchange without an org behind it: as large a request, as large an answer."""
    empty = message(case.method, f"/{case.status}/{answer_bytes}", token)
    filling = b"x" * case.body_bytes
    head = empty.replace(b"Content-Length: 0", b"Content-Length: %d" % case.body_bytes)
    return cycle([head + filling])
