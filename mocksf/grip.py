"""What the terms of a request mean while it runs: the rows it reaches for, the parts that the weather hinders."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from mocksf.errors import Refusal, Refuse
from mocksf.evidence import Evidence
from mocksf.ids import normalise_id, number_of
from mocksf.locks import PATIENCE, Held, LockKey, LockTable
from mocksf.parked import Errand, Part

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("A lock met by an upsert of a key that has no record names no record", Evidence.ASSUMED),
    ("Several held rows share one patience of ten seconds", Evidence.ASSUMED),
    (
        "A waiting writer holds nothing; its rows are its own from the start of its service",
        Evidence.ASSUMED,
    ),
)
"""What this room believes, for the fidelity ledger."""


class Grip:
    """How one request reaches for rows: called with each key, it takes it, or says that somebody else has it."""

    __slots__ = ("_born", "_errand", "_locks", "_now", "_status")

    def __init__(self, errand: Errand, locks: LockTable, now: datetime, status: int, born: Mapping[str, int]) -> None:
        """`born` says, by key prefix, how many rows there have been before this run."""
        self._born = born
        self._errand = errand
        self._locks = locks
        self._now = now
        self._status = status

    def __call__(self, key: LockKey) -> None:
        errand = self._errand
        if self._is_newborn(key):
            return  # nobody else can reach for it; and the next rehearsal will give its id to another row
        if errand.commit_at is not None and key in errand.touched:
            return  # its own since its service began, even where the door presents it a moment late
        if errand.terms.strangers:
            self._meet_stranger(key)
        holder = self._locks.blocker(key, errand.number, self._now)
        if holder is None:
            errand.touched.add(key)
            return
        if errand.waiting_since is None or self._now < errand.waiting_since + PATIENCE:
            raise Held(key, holder.until)
        errand.gave_up = True
        raise self._refusal(key)

    def _is_newborn(self, key: LockKey) -> bool:
        """Whether this very run has made the row."""
        return "=" not in key.row and number_of(key.row) > self._born.get(key.row[:3], 0)

    def _meet_stranger(self, key: LockKey) -> None:
        """Let the weather's outsider take the first row of its object that this request reaches for."""
        errand = self._errand
        for place, stranger in enumerate(errand.terms.strangers, 1):
            if stranger.sobject.lower() == key.sobject.lower() and key.sobject not in errand.met:
                errand.met.add(key.sobject)
                until = errand.arrived + timedelta(seconds=stranger.hold_s)
                known = self._locks.blocker(key, 0, self._now)
                # Outsiders have negative numbers, so that no errand is ever taken for one.
                if known is None or known.until < until:
                    self._locks.hold([key], -(errand.number * 16 + place), until)

    def _refusal(self, key: LockKey) -> Refusal:
        known = normalise_id(key.row)
        refusal = Refuse.LOCKED_ROW(id=known) if known else Refuse.LOCKED_KEY()
        refusal.status = self._status
        return refusal


class Memo:
    """What the weather says about each part of a request, asked once however often the request is presented."""

    __slots__ = ("_errand",)

    def __init__(self, errand: Errand) -> None:
        self._errand = errand

    def __call__(self, part: Part) -> Refusal | None:
        hinder, verdicts = self._errand.terms.hinder, self._errand.verdicts
        name = part.reference_id or f"{part.method} {part.path}"
        if name not in verdicts:
            verdicts[name] = hinder(part) if hinder else None
        return verdicts[name]
