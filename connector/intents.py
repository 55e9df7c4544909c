"""What a call wants written, as values: intents, who called, and the deliveries that they become."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from connector.messages import Json

Turn = int | str
"""Which turn of the call: a number, or the word `end`."""

Lane = Literal["critical", "async"]
Person = Literal["contact", "lead"]

Kind = Literal["composite", "task", "post"]
"""How a delivery is written: one all-or-none composite, one keyed Task, or one Chatter post."""


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing the agent heard. Without `value` the intent speaks for itself (design §8.5, short-form values)."""

    name: str
    value: Json = None


@dataclass(frozen=True, slots=True)
class Caller:
    """Who rang, as far as is known: the number, what the agent heard, and the records (ids) that a lookup found."""

    phone: str | None = None
    """E.164; None for a withheld number."""
    name: str | None = None
    company: str | None = None
    email: str | None = None
    country: str | None = None
    """Country name as the org's assignment rules know it, for a new lead."""
    contact_id: str | None = None
    account_id: str | None = None
    lead_id: str | None = None
    """An open (unconverted) lead."""
    looked_up: bool = False
    """Whether the org was asked who this is: then no ids means that it knows nobody of this number."""

    @property
    def known(self) -> bool:
        """Whether the org has a record of this person."""
        return bool(self.contact_id or self.lead_id)


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the org knows under a call's number, by record ids; none of them where it knows nobody."""

    contact_id: str | None = None
    account_id: str | None = None
    lead_id: str | None = None

    @property
    def somebody(self) -> bool:
        """Whether the org has any record of this caller."""
        return bool(self.contact_id or self.account_id or self.lead_id)


@dataclass(frozen=True, slots=True)
class Call:
    """One telephone call. `id` is the key of the Opportunity, Lead and Task that come of it."""

    id: str
    caller: Caller = Caller()
    started: datetime | None = None
    inbound: bool = True

    @property
    def caller_key(self) -> str:
        """The key of the caller's Account and Contact: the number, or the call where the number is withheld."""
        return self.caller.phone or f"call:{self.id}"


@dataclass(frozen=True, slots=True)
class Ending:
    """How a call ended. `post` is what the team's Chatter feed is told, if anything."""

    disposition: str | None = None
    summary: str | None = None
    duration_s: int | None = None
    subject: str | None = None
    post: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is written together, tried together and dies together. `key` = call/turn/intents, unique in the ledger."""

    key: str
    call: Call
    turn: Turn
    kind: Kind
    at: datetime
    """The instant of the turn: what a datetime intent without a value of its own says."""
    intents: tuple[Intent, ...] = ()
    ending: Ending | None = None
    person: Person = "contact"
    """What the caller is in the org, for good: settled when the turn is accepted, so that nobody becomes two."""
    lane: Lane = "critical"
    """`critical` while somebody waits for it, else `async`."""


@dataclass(frozen=True, slots=True)
class Part:
    """One subrequest of a composite: a keyed upsert, or an update of a record that the lookup found."""

    reference: str
    sobject: str
    record: str
    """The record's name among all that are written, `Object/KeyField=value` or `Object/id`: what order is kept by."""
    url: str
    body: dict[str, Json]
    headers: Mapping[str, str] = field(default_factory=dict)
    key_field: str | None = None
    guarded: frozenset[str] = frozenset()
    """Fields that are written only where the record has none yet (`update_mode: only_if_empty`)."""
    places: tuple[str, ...] = ()
    """All names that this record may go by among the flows that write it."""

    @property
    def subrequest(self) -> dict[str, Json]:
        """The part as the composite resource takes it (facts, REST §5.1)."""
        plain = {"method": "PATCH", "url": self.url, "referenceId": self.reference, "body": self.body}
        return {**plain, "httpHeaders": dict(self.headers)} if self.headers else plain

    def without(self, fields: frozenset[str]) -> "Part":
        """The same part, not writing `fields`."""
        return replace(self, body={name: value for name, value in self.body.items() if name not in fields})


@dataclass(frozen=True, slots=True)
class Finding:
    """An intent that was not accepted, and why; the rest of its turn was."""

    intent: str
    reason: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of a turn: `deliveries` are new and to be started, `known` had been accepted before (their keys)."""

    deliveries: tuple[Delivery, ...] = ()
    known: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a delivery ended: `committed`, `dead`, `discarded`; or `moot`, where there was nothing left to do."""

    delivery: str
    status: Literal["committed", "dead", "discarded", "moot"]
    attempts: int = 0
    reason: str | None = None
    perhaps: bool = False
    """Dead after a silence: perhaps it was written all the same."""


class Unfit(Exception):
    """A turn that cannot be written as asked (422); `findings` names each intent, the reason, and the cure."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("; ".join(f"{each.intent}: {each.reason}" for each in findings))
        self.findings = findings


class Conflict(Exception):
    """The same intent key with another payload (409)."""

    def __init__(self, call: str, turn: Turn, intent: str) -> None:
        self.intent_key = f"{call}/{turn}/{intent}"
        super().__init__(
            f"{self.intent_key} was accepted before with another value; say something new under a new turn"
        )


def payload_of(delivery: Delivery) -> dict[str, Json]:
    """A delivery as the ledger keeps it, so that it can be rebuilt from there alone."""
    call, started = delivery.call, delivery.call.started
    return {
        **_fields(delivery),
        "call": {**_fields(call), "caller": _fields(call.caller), "started": started.isoformat() if started else None},
        "at": delivery.at.isoformat(),
        "intents": [_fields(intent) for intent in delivery.intents],
        "ending": None if delivery.ending is None else _fields(delivery.ending),
    }


def _fields(value: Any) -> dict[str, Json]:
    """A flat value's fields by name; unlike `asdict` it copies nothing, for what comes of it is only written down."""
    return {name: getattr(value, name) for name in value.__slots__}


def delivery_from(payload: Mapping[str, Any]) -> Delivery:
    """The delivery that `payload_of` wrote down. Raises KeyError, TypeError or ValueError for anything else."""
    call = payload["call"]
    started = call["started"]
    return Delivery(
        key=payload["key"],
        call=Call(
            call["id"], Caller(**call["caller"]), datetime.fromisoformat(started) if started else None, call["inbound"]
        ),
        turn=payload["turn"],
        kind=payload["kind"],
        at=datetime.fromisoformat(payload["at"]),
        intents=tuple(Intent(**each) for each in payload["intents"]),
        ending=Ending(**payload["ending"]) if payload["ending"] else None,
        person=payload["person"],
        lane=payload["lane"],
    )
