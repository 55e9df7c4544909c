"""What the ledger says, read once and kept: where each delivery stands, folded entry by entry."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from connector.chain import Entry
from connector.intents import Identity

Status = Literal["pending", "committed", "dead", "discarded"]


@dataclass(slots=True)
class Standing:
    """Where one delivery stands. A replay begins a new `round` of attempts."""

    delivery: str
    call: str
    kind: str
    payload_sha256: str
    accepted_seq: int
    accepted_at: datetime
    records: tuple[str, ...]
    """Pseudonyms of the records it writes."""
    objects: tuple[str, ...] = ()
    """The objects it writes."""
    lane: str = "critical"
    status: Status = "pending"
    round: int = 1
    attempt: int = 1
    """The last attempt of this round that was begun."""
    tried_at: datetime | None = None
    answered: bool = False
    """Whether that attempt has its `failed` or `committed`."""
    next_at: datetime | None = None
    """When the next attempt is planned, where one is."""
    failures: int = 0
    """How many attempts failed, all rounds together."""
    category: str | None = None
    reason: str | None = None
    culprit: str | None = None
    perhaps: bool = False
    identified: bool = False
    """Whether it has asked in this round who its call's caller is, and heard."""
    alerted: bool = False
    """Whether its last death has been told, or the telling was given up visibly."""
    ended_at: datetime | None = None
    payloads: list[str] = field(default_factory=list)
    """SHA-256 of every payload that its entries hold and that was not erased."""


@dataclass(frozen=True, slots=True)
class Activation:
    """A configuration that was put in force; its text is the payload of its entry."""

    version: int
    """Counted from 1, per ledger."""
    at: datetime
    actor: str
    reason: str
    sha256: str
    """Of the text."""
    payload_sha256: str
    file_sha256: str
    """Of the file that the connector was started with: where the next start finds another there, that one is meant."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A deploy that was rehearsed; its report is the payload of its entry."""

    number: int
    """Counted from 1, per ledger."""
    at: datetime
    actor: str
    good: bool
    """Whether it could go live."""
    total_min: float | None
    """In virtual minutes; None where it stopped on the way."""
    payload_sha256: str


@dataclass(slots=True)
class Readings:
    """All that is read off the ledger. Feed it every entry, in order."""

    standings: dict[str, Standing] = field(default_factory=dict)
    intents: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    """(call, turn/intent) → (delivery, hash of what was said)."""
    calls: dict[str, list[str]] = field(default_factory=dict)
    """Call → its deliveries, as accepted."""
    ids: dict[str, str] = field(default_factory=dict)
    """Record's pseudonym → the id that the org gave it."""
    identities: dict[str, Identity] = field(default_factory=dict)
    """Call → who its caller was found to be by a delivery, for all that this call writes."""
    silences: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    """Record's pseudonym → the last silence on it, and whose it was."""
    under_way: dict[str, None] = field(default_factory=dict)
    """The keys of what has not ended, so that nobody need look through all that ever was."""
    dead: dict[str, None] = field(default_factory=dict)
    """The keys of the dead."""
    unforwarded: dict[str, None] = field(default_factory=dict)
    """Those of them that no queue beside the ledger has been given."""
    activations: list[Activation] = field(default_factory=list)
    """Every configuration that was put in force, the last one at the end."""
    rehearsals: list[Rehearsal] = field(default_factory=list)
    """Every deploy that was rehearsed by the service, the last one at the end."""

    def take(self, entry: Entry) -> None:
        """Take one more entry into account. Kinds that no reading needs are passed over."""
        fold = FOLDS.get(entry.kind)
        if fold is not None:
            fold(self, entry)
        standing = self.standings.get(entry.delivery)
        if standing is not None and entry.payload_sha256:
            standing.payloads.append(entry.payload_sha256)

    def move(self, key: str, status: Status) -> Standing:
        """Let a delivery stand elsewhere from now on."""
        standing = self.standings[key]
        standing.status = status
        self.under_way.pop(key, None)
        self.dead.pop(key, None)
        self.unforwarded.pop(key, None)
        if status in {"pending", "dead"}:
            (self.dead if status == "dead" else self.under_way)[key] = None
        return standing

    def status(self) -> dict[str, Status]:
        """Delivery → pending, committed, dead or discarded."""
        return {key: standing.status for key, standing in self.standings.items()}

    def attempts(self) -> dict[str, int]:
        """Delivery → how many attempts of its present round were begun."""
        return {key: standing.attempt for key, standing in self.standings.items()}

    def dead_letters(self) -> list[Standing]:
        """The dead, as they were accepted."""
        return self._as_accepted(self.dead)

    def unfinished(self) -> list[Standing]:
        """What was accepted (or replayed) and has not ended, as accepted."""
        return self._as_accepted(self.under_way)

    def _as_accepted(self, keys: Iterable[str]) -> list[Standing]:
        return sorted((self.standings[key] for key in keys), key=lambda standing: standing.accepted_seq)

    def of_call(self, call: str) -> list[Standing]:
        """A call's deliveries, as accepted."""
        return [self.standings[key] for key in self.calls.get(call, ())]

    def untold(self) -> list[Standing]:
        """The dead of whom nobody has been told."""
        return [standing for standing in self.dead_letters() if not standing.alerted]


def read(entries: Iterable[Entry]) -> Readings:
    """The readings of a whole ledger."""
    readings = Readings()
    for entry in entries:
        readings.take(entry)
    return readings


def _accepted(readings: Readings, entry: Entry) -> None:
    detail = entry.detail
    assert entry.payload_sha256 is not None, "what is accepted has a payload"
    readings.standings[entry.delivery] = Standing(
        delivery=entry.delivery,
        call=detail["call"],
        kind=detail["kind"],
        payload_sha256=entry.payload_sha256,
        accepted_seq=entry.seq,
        accepted_at=entry.at,
        records=tuple(detail["records"]),
        objects=tuple(detail["objects"]),
        lane=detail["lane"],
        tried_at=entry.at,
    )
    readings.move(entry.delivery, "pending")
    readings.calls.setdefault(detail["call"], []).append(entry.delivery)
    for name, digest in detail["intents"].items():
        readings.intents[detail["call"], f"{detail['turn']}/{name}"] = (entry.delivery, digest)


def _identified(readings: Readings, entry: Entry) -> None:
    standing, detail = readings.standings[entry.delivery], entry.detail
    readings.identities[standing.call] = Identity(detail["contact_id"], detail["account_id"], detail["lead_id"])
    standing.identified, standing.objects = True, tuple(detail["objects"])
    standing.records = tuple(dict.fromkeys((*standing.records, *detail["records"])))


def _trying(readings: Readings, entry: Entry) -> None:
    standing = readings.standings[entry.delivery]
    standing.attempt, standing.answered, standing.tried_at = entry.detail["attempt"], False, entry.at


def _failed(readings: Readings, entry: Entry) -> None:
    standing, detail = readings.standings[entry.delivery], entry.detail
    standing.answered, standing.failures = True, standing.failures + 1
    standing.category, standing.reason, standing.culprit = detail["category"], detail["reason"], detail.get("culprit")
    planned = detail.get("next_at")
    standing.next_at = datetime.fromisoformat(planned) if planned else None
    if detail["category"] == "required field":
        # A record that was written before has been deleted since: a replay fills in what a new one needs.
        for record in standing.records:
            readings.ids.pop(record, None)
    if detail["perhaps"]:
        standing.perhaps = True
        readings.silences.update((record, (entry.at, entry.delivery)) for record in standing.records)


def _committed(readings: Readings, entry: Entry) -> None:
    standing = readings.move(entry.delivery, "committed")
    standing.answered, standing.ended_at = True, entry.at
    readings.ids.update(entry.detail.get("records", {}))


def _dead(readings: Readings, entry: Entry) -> None:
    standing, detail = readings.move(entry.delivery, "dead"), entry.detail
    standing.alerted, standing.ended_at = False, entry.at
    readings.unforwarded[entry.delivery] = None
    standing.category, standing.reason, standing.perhaps = detail["category"], detail["reason"], detail["perhaps"]


def _told(readings: Readings, entry: Entry) -> None:
    readings.standings[entry.delivery].alerted = True


def _forwarded(readings: Readings, entry: Entry) -> None:
    readings.unforwarded.pop(entry.delivery, None)


def _replayed(readings: Readings, entry: Entry) -> None:
    standing = readings.move(entry.delivery, "pending")
    standing.round, standing.attempt = entry.detail["round"], 1
    # A person decided: whom the org knew then may have been converted, merged or deleted since.
    standing.identified = False
    readings.identities.pop(standing.call, None)
    standing.answered, standing.tried_at, standing.next_at, standing.ended_at = False, entry.at, None, None
    standing.payload_sha256 = entry.payload_sha256 or standing.payload_sha256


def _discarded(readings: Readings, entry: Entry) -> None:
    readings.move(entry.delivery, "discarded").ended_at = entry.at


def _erased(readings: Readings, entry: Entry) -> None:
    readings.standings[entry.delivery].payloads.remove(entry.detail["payload"])


def _configured(readings: Readings, entry: Entry) -> None:
    told = {name: entry.detail[name] for name in ("version", "actor", "reason", "sha256", "file_sha256")}
    readings.activations.append(Activation(at=entry.at, payload_sha256=entry.payload_sha256 or "", **told))


def _rehearsed(readings: Readings, entry: Entry) -> None:
    told = {name: entry.detail[name] for name in ("number", "actor", "good", "total_min")}
    readings.rehearsals.append(Rehearsal(at=entry.at, payload_sha256=entry.payload_sha256 or "", **told))


FOLDS: dict[str, Callable[[Readings, Any], None]] = {
    "accepted": _accepted,
    "identified": _identified,
    "trying": _trying,
    "failed": _failed,
    "committed": _committed,
    "dead": _dead,
    "alerted": _told,
    "alert_failed": _told,
    "forwarded": _forwarded,
    "replayed": _replayed,
    "discarded": _discarded,
    "erased": _erased,
    "configured": _configured,
    "rehearsed": _rehearsed,
}
