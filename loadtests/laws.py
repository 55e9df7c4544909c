"""The laws of the simulations, judged once more on what a load run leaves behind: ledger, org, and callers.

Of the laws those are asked that need no more: what happened on the wire between connector and org is known to
neither of the three.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from connector.intents import Caller
from loadtests.evidence import Told
from scenarios import laws_of_audit, laws_of_order, laws_of_record, laws_of_time
from scenarios.laws import Law, name_of
from scenarios.slack import Message
from scenarios.trace import Deployed, Exchange, Glimpse, Import, Receipt, Shown
from scenarios.witness import Terms, Wanted

LAWS: tuple[Law, ...] = (
    laws_of_record.nothing_accepted_vanishes,
    laws_of_record.nothing_is_written_twice,
    laws_of_record.nobody_becomes_two,
    laws_of_record.no_composite_is_half_there,
    laws_of_record.what_is_committed_is_there,
    laws_of_record.the_chain_holds,
    laws_of_record.no_secret_is_written_down,
    laws_of_audit.each_life_is_told_once,
    laws_of_audit.a_replay_is_signed_and_counts_once,
    laws_of_audit.nobody_is_named,
    laws_of_order.the_last_word_stands,
    laws_of_time.nothing_is_left_undone,
)
"""What can be judged without the wire."""

Soql = Callable[[str], list[dict[str, Any]]]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry of the connector's ledger as its service shows it."""

    shown: Mapping[str, Any]

    @property
    def seq(self) -> int:
        return int(self.shown["seq"])

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.shown["at"])

    @property
    def kind(self) -> str:
        return str(self.shown["kind"])

    @property
    def delivery(self) -> str:
        return str(self.shown.get("delivery") or "")

    @property
    def detail(self) -> Mapping[str, Any]:
        return dict(self.shown.get("detail") or {})

    @property
    def previous(self) -> str:
        return str(self.shown["previous"])

    @property
    def hash(self) -> str:
        return str(self.shown["hash"])

    def as_json(self) -> Mapping[str, Any]:
        return self.shown


@dataclass(eq=False)
class LoadWitness:
    """A run as the laws see it: what callers were told, what the ledger says, what the org answers to SOQL."""

    entries: Sequence[AuditEntry]
    receipts: Sequence[Receipt]
    wanted: Sequence[Wanted]
    ask: Soql
    secrets: Sequence[str] = ()
    terms: Terms = field(default_factory=Terms)
    now: datetime = _EPOCH
    there_before: frozenset[str] = frozenset()
    at_rest: bool = True
    own_s: float = 0.0
    exchanges: Sequence[Exchange] = ()
    messages: Sequence[Message] = ()
    shown: Sequence[Shown] = ()
    glimpses: Sequence[Glimpse] = ()
    imports: Sequence[Import] = ()
    deploys: Sequence[Deployed] = ()
    injected: frozenset[str] = frozenset()
    map_is_valid: bool = True
    sessions_end: bool = False
    calls_counted: int = 0
    crashes: Sequence[datetime] = ()
    deletions: bool = False
    _rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def soql(self, text: str) -> list[dict[str, Any]]:
        """The rows of a query, asked once: nothing moves any more."""
        if text not in self._rows:
            self._rows[text] = self.ask(text)
        return self._rows[text]

    def visible(self, text: str) -> list[dict[str, Any]]:
        """The same: a load run deletes nothing."""
        return self.soql(text)


def witness_of(
    told: Iterable[Told],
    entries: Iterable[Mapping[str, Any]],
    field_map: Mapping[str, str],
    keys: Mapping[str, str],
    ask: Soql,
    secrets: Sequence[str] = (),
) -> LoadWitness:
    """What a run leaves behind as evidence; `keys` is object → the external ID that its records carry."""
    known = list(told)
    wanted = [_wanted(each, *one, field_map, keys) for each in known if each.accepted for one in each.intents.items()]
    return LoadWitness([AuditEntry(each) for each in entries], [*map(_receipt, known)], wanted, ask, secrets)


def _receipt(told: Told) -> Receipt:
    return Receipt(
        told.call,
        told.turn,
        dict(told.intents),
        _EPOCH,
        _EPOCH,
        Caller(phone=told.phone),
        told="accepted" if told.accepted else "refused",
        deliveries=told.deliveries,
    )


def _wanted(told: Told, intent: str, value: Any, field_map: Mapping[str, str], keys: Mapping[str, str]) -> Wanted:
    sobject, _, name = field_map[intent].partition(".")
    key = keys[sobject]
    return Wanted(
        told.call, told.turn, intent, sobject, name, (key, told.phone if key == "Caller_Key__c" else told.call), value
    )


def breaches(seen: LoadWitness) -> list[tuple[str, str]]:
    """Every breach: (the law, what broke it)."""
    return [(name_of(law), said) for law in LAWS for said in law(seen)]
