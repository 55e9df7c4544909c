"""The weather that a connector is tried in: one row each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Rule = Mapping[str, Any]
WRITES = ("create", "update", "upsert", "delete", "composite")
"""The operations that change an org, in the words of a rule's `where.operation`."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One weather. `heals`: it is over after a while, so that a connector that tries again gets through."""

    name: str
    tells: str
    rules: Sequence[Rule] = ()
    heals: bool = True
    rejects: bool = False
    """Whether the org's answer is a deterministic no, which no repetition will change."""


def _on_writes(kind: str, times: int | None, **more: Any) -> tuple[Rule, ...]:
    """A rule per writing operation, each striking so many times."""
    often = {} if times is None else {"how_often": {"times": times}}
    return tuple({"kind": kind, "where": {"operation": each}, **often, **more} for each in WRITES)


def _error(code: str, times: int | None, status: int) -> tuple[Rule, ...]:
    return _on_writes("error", times, settings={"code": code, "status": status})


CALM = Trial("calm", "nothing goes wrong")
TRIALS: tuple[Trial, ...] = (
    CALM,
    Trial("lost-request", "the first write of each kind never arrives", _on_writes("reset", 1, phase="before_org")),
    Trial("lost-answer", "it is committed, and its answer is lost", _on_writes("reset", 1, phase="after_commit")),
    Trial("cut-answer", "it is committed, and its answer breaks off", _on_writes("reset", 1, phase="mid_body")),
    Trial("unavailable", "the org answers 503 twice", _error("SERVER_UNAVAILABLE", 2, 503)),
    Trial("row-lock", "the row is locked twice", _error("UNABLE_TO_LOCK_ROW", 2, 400)),
    Trial("rate-limit", "the limit of requests is met twice", _error("REQUEST_LIMIT_EXCEEDED", 2, 403)),
    Trial("expired-session", "the session expires once", _error("INVALID_SESSION_ID", 1, 401)),
    Trial(
        "rejection",
        "a validation rule refuses every write",
        _error("FIELD_CUSTOM_VALIDATION_EXCEPTION", None, 400),
        heals=False,
        rejects=True,
    ),
    Trial(
        "late-rejection",
        "a validation rule refuses the second write and all that follow",
        tuple(
            {
                "kind": "error",
                "settings": {"code": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "status": 400},
                "where": {"method": method, "path": "/services/data/*/sobjects/*", "sobject": sobject},
            }
            for method in ("POST", "PATCH")
            for sobject in ("Contact", "Opportunity", "Task", "Lead", "Case")
        ),
        heals=False,
        rejects=True,
    ),
    Trial("down", "the org is down for good", _error("SERVER_UNAVAILABLE", None, 503), heals=False),
)
"""Every trial, in the order in which they are played; the first is the measure of all others."""
