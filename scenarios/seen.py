"""A world as a witness: what it lets the laws see."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from connector.chain import Entry
from connector.describe import HttpDescribe
from connector.intents import Caller
from connector.validate import is_good, validate
from mocksf.clock import EPOCH
from mocksf.face import Org
from mocksf.faults.error import Error
from scenarios.rows import same_number
from scenarios.shop import PLACES, SECRETS, Place
from scenarios.slack import Message
from scenarios.trace import Deployed, Exchange, Glimpse, Import, Receipt, Shown
from scenarios.witness import Terms, Wanted, Witness
from scenarios.world import Setting, World

STEPS_BETWEEN = 8
"""How many steps of its own a connector takes between the end of an attempt and the next one's request."""
NOBODY: Mapping[tuple[str, str], str] = {}


class Seen:
    """The evidence of one world, as it stands now. `at_rest` says that all faults are over and all waiting is done."""

    def __init__(self, world: World, at_rest: bool, places: Mapping[str, Place] = PLACES) -> None:
        self.world = world
        self.at_rest = at_rest
        self.now = world.clock.now()
        self.there_before = frozenset(world.there_before)
        self.own_s = min(world.trace.own_s, STEPS_BETWEEN * world.trace.dearest_s)
        delivery = world.setting.config.delivery
        self.terms = Terms(
            delivery.budget_ms / 1000, tuple(delivery.schedule), delivery.attempt_timeout_s, delivery.jitter
        )
        self.entries: Sequence[Entry] = list(world.host.ledger.entries())
        self.exchanges: Sequence[Exchange] = world.trace.exchanges
        self.receipts: Sequence[Receipt] = world.trace.receipts
        self.messages: Sequence[Message] = world.slack.messages
        self.crashes: Sequence[datetime] = world.trace.crashes
        self.secrets: Sequence[str] = tuple(SECRETS.values())
        self.shown: Sequence[Shown] = world.trace.shown
        self.glimpses: Sequence[Glimpse] = world.trace.glimpses
        self.imports: Sequence[Import] = world.trace.imports
        self.deploys: Sequence[Deployed] = world.trace.deploys
        self.injected = frozenset(
            str(rule.fault.code) for rule in world.rules if isinstance(rule.fault, Error) and rule.fault.code
        )
        self._rows: dict[str, list[dict[str, Any]]] = {}
        people = dict(people_of(self, self.receipts))
        self.wanted: Sequence[Wanted] = list(wanted(self.receipts, places, people))

    @property
    def sessions_end(self) -> bool:
        """Whether sessions were revoked, or can have died of age."""
        lasted = (self.now - EPOCH).total_seconds()
        return self.world.revoked or lasted > self.world.org.settings.session_s

    @property
    def map_is_valid(self) -> bool:
        """Whether the validator finds nothing against the configuration in an org of this schema."""
        setting = self.world.setting
        return _valid(setting.config.model_dump_json(), id(setting.schema), setting)

    @property
    def calls_counted(self) -> int:
        """How many API calls of the story the org has counted."""
        return self.world.calls_counted()

    @property
    def deletions(self) -> bool:
        """Whether the weather deletes records."""
        return self.world.deletions

    def soql(self, text: str) -> list[dict[str, Any]]:
        """The rows that the org gives; asked once, for nothing moves while laws are read."""
        if text not in self._rows:
            self._rows[text] = self.world.soql(text)
        return self._rows[text]

    def visible(self, text: str) -> list[dict[str, Any]]:
        """The same, with the rows that were deleted where the weather deletes any."""
        return self.world.visible(text) if self.deletions else self.soql(text)


_VALIDATED: dict[tuple[str, int], bool] = {}


def _valid(config: str, schema: int, setting: Setting) -> bool:
    """The validator's word, asked once per configuration and schema."""
    if (config, schema) not in _VALIDATED:
        with Org(setting.schema).client() as client:
            _VALIDATED[config, schema] = is_good(validate(setting.config, HttpDescribe(client)))
    return _VALIDATED[config, schema]


def people_of(seen: Witness, receipts: Sequence[Receipt]) -> Iterator[tuple[tuple[str, str], str]]:
    """(object, number) → the id of whom the org has under a caller's number: who was there before any call, first."""
    for number in sorted({receipt.caller.phone for receipt in receipts if receipt.caller.phone}):
        for sobject in ("Contact", "Lead"):
            rows = list(same_number(seen, sobject, number))
            rows.sort(key=lambda row: row["Id"] not in seen.there_before)
            if rows:
                yield (sobject, number), rows[0]["Id"]


def wanted(
    receipts: Sequence[Receipt], places: Mapping[str, Place], people: Mapping[tuple[str, str], str] = NOBODY
) -> Iterator[Wanted]:
    """Every intent that was told and not turned away, with the place where it belongs."""
    told: set[tuple[str, int, str]] = set()
    for receipt in receipts:
        if receipt.told not in ("accepted", "committed", "dead"):
            continue
        for intent, value in receipt.intents.items():
            place = places.get(intent)
            if place is None or (receipt.call, receipt.turn, intent) in told:
                continue
            told.add((receipt.call, receipt.turn, intent))
            key = key_of(place, receipt.call, receipt.caller, people)
            there = place.wire(value, receipt.at)
            yield Wanted(receipt.call, receipt.turn, intent, place.sobject, place.field, key, there)


def key_of(place: Place, call: str, caller: Caller, people: Mapping[tuple[str, str], str] = NOBODY) -> tuple[str, str]:
    """The field and value that find the record of a place: whom the org has by id, all else by key."""
    known = {"Contact": caller.contact_id, "Account": caller.account_id, "Lead": caller.lead_id}.get(place.sobject)
    known = known or people.get((place.sobject, caller.phone or ""))
    if known:
        return ("Id", known)
    return ("Call_Key__c", call) if place.by == "call" else ("Caller_Key__c", caller.phone or f"call:{call}")
