"""When in an exchange a fault strikes: before the org, before the commit, after it, or in the middle of the answer."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import Enum

from mocksf.faults.fate import Fate, Lost


class Phase(Enum):
    """The four moments at which an exchange can break (design §8.4)."""

    BEFORE_ORG = "before_org"
    """The org never sees the request."""
    BEFORE_COMMIT = "before_commit"
    """The org executes and counts the request, then takes it back."""
    AFTER_COMMIT = "after_commit"
    """The org did its work; the answer is lost or replaced."""
    MID_BODY = "mid_body"
    """The org did its work; the answer breaks off after some bytes of its body."""


def _before_org(fate: Fate, _: int) -> Fate:
    return replace(fate, lost=Lost.REQUEST, undone=False, cut_after=None)


def _before_commit(fate: Fate, _: int) -> Fate:
    return replace(fate, lost=Lost.ANSWER, undone=True, cut_after=None)


def _after_commit(fate: Fate, _: int) -> Fate:
    return replace(fate, lost=Lost.ANSWER, undone=False, cut_after=None)


def _mid_body(fate: Fate, after_bytes: int) -> Fate:
    return replace(fate, lost=Lost.ANSWER, undone=False, cut_after=after_bytes)


_AT: Mapping[Phase, Callable[[Fate, int], Fate]] = {
    Phase.BEFORE_ORG: _before_org,
    Phase.BEFORE_COMMIT: _before_commit,
    Phase.AFTER_COMMIT: _after_commit,
    Phase.MID_BODY: _mid_body,
}


def in_phase(fate: Fate, phase: Phase, after_bytes: int = 0) -> Fate:
    """The same fate, striking at `phase`; `after_bytes` of the body still arrive where it strikes in the middle."""
    return _AT[phase](fate, after_bytes)
