"""An org with as many records as wanted, and a client of it without a socket."""

import gc
import os
import time
from dataclasses import dataclass, field
from typing import Any

from mocksf.messages import Request, Response
from mocksf.org import Org
from mocksf.records import Actor
from mocksf.schema import load_schema

ROOT = "/services/data/v66.0"
SECONDS_MAX = 300.0
"""A load that takes longer is given up."""


@dataclass
class Filled:
    """An org with so many contacts, what loading them took, and a client of it."""

    org: Org
    size: int
    ids: list[str] = field(default_factory=list)
    load_s: float = 0.0
    """Of processor time."""
    mb: float = 0.0

    def __post_init__(self) -> None:
        self._headers = {"authorization": f"Bearer {self.org.login()}", "content-type": "application/json"}

    def ask(self, method: str, path: str, body: bytes = b"") -> Response:
        """An answer that is no refusal."""
        answer = self.org.handle(Request(method, f"{ROOT}{path}", self._headers, body))
        assert isinstance(answer, Response), "nothing parks here"
        assert answer.ok, answer.body
        return answer


def filled_with(size: int) -> Filled:
    """An org with so many contacts, loaded as records are: checked, defaulted, numbered. Raises TimeoutError."""
    gc.collect()
    before, filled = _resident_mb(), Filled(Org(load_schema(["sample"])), size)
    org = filled.org
    actor, contact = Actor(org.admin_id, org.clock.now()), org.schema["Contact"]
    began, spent = time.perf_counter(), time.process_time()
    with org.store.atomic():
        for number in range(size):
            filled.ids.append(org.records.create(actor, contact, _contact(number), lambda _: None))
            if number % 10_000 == 0 and time.perf_counter() - began > SECONDS_MAX:
                message = f"{number:,} of {size:,} records were loaded within {SECONDS_MAX:g} s"
                raise TimeoutError(message)
    filled.load_s, filled.mb = time.process_time() - spent, _resident_mb() - before
    return filled


def key_of(number: int) -> str:
    """The phone number of a contact, which is its key as well."""
    return f"+1415{number:07d}"


def _contact(number: int) -> dict[str, Any]:
    return {
        "FirstName": "Ada",
        "LastName": f"Berg {number % 997}",
        "Phone": key_of(number),
        "Email": f"ada.{number}@berg.example",
        "Caller_Key__c": key_of(number),
    }


def _resident_mb() -> float:
    try:
        with open("/proc/self/statm", encoding="ascii") as pages:
            return int(pages.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except OSError:
        return float("nan")  # this platform does not tell
