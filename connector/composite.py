"""A turn's intents → one all-or-none composite, every part keyed by an external ID or a looked-up id (design §8.5)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any
from urllib.parse import quote

from connector.config import ConnectorConfig, FieldMapping, RecordShape, field_mappings, shape_of
from connector.config.mapping import LENGTHS
from connector.config.records import CALLER, CARRIERS, STANDARD_OBJECTS
from connector.describe import FieldDescribe, OrgDescribe
from connector.intents import Call, Delivery, Part
from connector.messages import Json, Request
from connector.values import Fitted, Misfit, fitted, plain

REFERENCES = {"Account": "acc", "Contact": "con", "Opportunity": "opp", "Lead": "lead"}
KNOWN_IDS = {"Account": "account_id", "Contact": "contact_id", "Lead": "lead_id"}
"""Object → where a `Caller` has the id of the record that the lookup found."""
ORDER = ("Account", "Contact", "Opportunity", "Lead")
CLOSE_AFTER = timedelta(days=30)
"""When a new opportunity is expected to close, where nobody said."""
PARTS_MAX = 25
"""What one composite takes (REST §5.0)."""
OBJECT_OF_KIND = {"task": "Task", "post": "FeedItem"}
"""What a delivery that is no composite writes."""

Seen = Callable[[str], str | None]
"""A record's name → its id, where this connector has written it before."""


def nothing_seen(_: str) -> None:
    """A connector without a past."""
    return


@dataclass(frozen=True)
class Composer:
    """The configuration as tables, and how a delivery is written by them."""

    config: ConnectorConfig
    describe: OrgDescribe | None = None

    @cached_property
    def mappings(self) -> dict[str, FieldMapping]:
        """Intent → its mapping."""
        return field_mappings(self.config)

    @cached_property
    def root(self) -> str:
        """Where the org's data begins."""
        return f"/services/data/v{self.config.org.api_version}"

    def shape(self, sobject: str) -> RecordShape:
        """How records of an object are keyed, linked and filled."""
        if sobject not in self._shapes:
            self._shapes[sobject] = shape_of(self.config, sobject)
        return self._shapes[sobject]

    @cached_property
    def _shapes(self) -> dict[str, RecordShape]:
        return {}

    @cached_property
    def _fields(self) -> dict[str, FieldDescribe | None]:
        return {}

    def field(self, mapping: FieldMapping) -> FieldDescribe | None:
        """What the org says about a mapped field, where a describe is at hand."""
        if mapping.target not in self._fields:
            sobject = self.describe.get(mapping.sobject) if self.describe else None
            self._fields[mapping.target] = sobject.get(mapping.field) if sobject else None
        return self._fields[mapping.target]

    def fitted(self, delivery: Delivery) -> dict[str, Fitted]:
        """Intent → its value. Raises Misfit for the first that does not fit.

        What was accepted once may not fit any more: between then and now the map may have been changed.
        """
        region, room = self.config.org.numbers_region, self.objects(delivery)
        found = {}
        for intent in delivery.intents:
            mapping = self.mappings.get(intent.name)
            if mapping is None or not mapping.writes:
                sentence = f"{intent.name} is not written by the configuration any more"
                raise Misfit(sentence)
            if mapping.sobject not in room:
                sentence = f"{intent.name} is mapped to {mapping.target} by now, which this delivery cannot write"
                raise Misfit(sentence)
            found[intent.name] = fitted(intent, mapping, delivery.at, self.field(mapping), region)
        return found

    def objects(self, delivery: Delivery) -> tuple[str, ...]:
        """The objects that a delivery writes, parents first.

        Account, Contact and Opportunity go together; a caller who is a lead has no Contact, so as not to be two people.
        """
        if delivery.kind != "composite":
            return (OBJECT_OF_KIND[delivery.kind],)
        wanted = {self.mappings[each.name].sobject for each in delivery.intents if each.name in self.mappings}
        customs = sorted(wanted - set(STANDARD_OBJECTS))
        linked = {target for custom in customs for target in self.shape(custom).links.values()}
        needed = wanted | (linked & set(ORDER)) or ({"Lead"} if delivery.person == "lead" else set())
        if needed & set(CARRIERS):
            needed |= set(CARRIERS)
        if delivery.person == "lead":
            needed.discard("Contact")
        elif "Lead" not in wanted:
            needed.discard("Lead")
        return (*(each for each in ORDER if each in needed), *customs)

    def parts(self, delivery: Delivery, seen: Seen = nothing_seen) -> tuple[Part, ...]:
        """The parts of a composite delivery, in the order in which they refer to each other."""
        bodies = self.bodies(delivery)
        parts: dict[str, Part] = {}
        for sobject in self.objects(delivery):
            part = self._part(delivery, sobject, bodies.get(sobject, {}), parts, seen)
            if part.body or part.key_field:
                # A record found by the lookup, of which nothing changes, is only pointed at.
                parts[sobject] = part
        return tuple(parts.values())

    def places(self, delivery: Delivery, seen: Seen = nothing_seen) -> tuple[str, ...]:
        """All names of all records that a delivery writes, whether or not its values fit."""
        mapped = {self.mappings[each.name].sobject for each in delivery.intents if each.name in self.mappings}
        written = [each for each in self.objects(delivery) if each in mapped or not known_id(delivery.call, each)]
        return tuple(place for each in written for place in self.address(delivery.call, each, seen)[1])

    def bodies(self, delivery: Delivery) -> dict[str, dict[str, Json]]:
        """Object → the mapped fields and their values."""
        bodies: dict[str, dict[str, Json]] = {}
        for name, fit in self.fitted(delivery).items():
            mapping = self.mappings[name]
            bodies.setdefault(mapping.sobject, {})[mapping.field] = fit.value
        return bodies

    def _part(
        self, delivery: Delivery, sobject: str, fields: dict[str, Json], parts: Mapping[str, Part], seen: Seen
    ) -> Part:
        record, places, url = self.address(delivery.call, sobject, seen)
        by_id = known_id(delivery.call, sobject)
        new = by_id is None and seen(record) is None
        links = self._links(delivery, sobject, parts, seen) if by_id is None else {}
        return Part(
            reference=REFERENCES.get(sobject, sobject.removesuffix("__c").lower()),
            sobject=sobject,
            record=record,
            url=url,
            body={**(self.defaults(delivery, sobject) if new else {}), **links, **fields},
            headers={"Sforce-Auto-Assign": "TRUE" if new else "FALSE"} if sobject == "Lead" else {},
            key_field=None if by_id else self.shape(sobject).key,
            guarded=self.guarded(delivery, sobject),
            places=places,
        )

    def address(self, call: Call, sobject: str, seen: Seen = nothing_seen) -> tuple[str, tuple[str, ...], str]:
        """A record's name, all names it goes by, and its URL: by id where the lookup found it, else by key."""
        field = self.shape(sobject).key
        assert field is not None, "Chatter posts ride in no composite"
        key = call.caller_key if field == CALLER else call.id
        keyed = f"{sobject}/{field}={key}"
        record_id = known_id(call, sobject)
        if record_id:
            return f"{sobject}/{record_id}", (keyed, f"{sobject}/{record_id}"), f"{self._row(sobject)}/{record_id}"
        known = seen(keyed)
        places = (keyed, f"{sobject}/{known}") if known else (keyed,)
        return keyed, places, f"{self._row(sobject)}/{field}/{quote(key, safe='')}"

    def _row(self, sobject: str) -> str:
        return f"{self.root}/sobjects/{sobject}"

    def guarded(self, delivery: Delivery, sobject: str) -> frozenset[str]:
        """The fields of an object that this delivery writes only where they are empty."""
        mappings = (self.mappings[intent.name] for intent in delivery.intents)
        return frozenset(
            each.field for each in mappings if each.sobject == sobject and each.update_mode == "only_if_empty"
        )

    def _links(self, delivery: Delivery, sobject: str, parts: Mapping[str, Part], seen: Seen) -> dict[str, Json]:
        links = {}
        for field, target in self.shape(sobject).links.items():
            if target in parts and parts[target].key_field:
                links[field] = f"@{{{parts[target].reference}.id}}"
            elif found := self.id_of(delivery.call, target, seen):
                # A part that is addressed by id answers 204 and no body: a reference to it would find nothing.
                links[field] = found
        return links

    def id_of(self, call: Call, sobject: str, seen: Seen) -> str | None:
        """The id of the call's record of an object: looked up, or given when this connector wrote it; else None."""
        return known_id(call, sobject) or seen(self.address(call, sobject)[0])

    def defaults(self, delivery: Delivery, sobject: str) -> dict[str, Json]:
        """What a new record of an object carries beside its intents."""
        words = words_of(delivery)
        filled = {name: _filled(value, words) for name, value in self.shape(sobject).defaults.items()}
        caller = delivery.call.caller
        if sobject == "Lead" and caller.country:
            filled.setdefault("Country", caller.country)
        if sobject in {"Lead", "Contact"} and caller.email:
            filled.setdefault("Email", caller.email)
        return {name: self._cut(sobject, name, plain(value)) for name, value in filled.items() if value != ""}

    def _cut(self, sobject: str, name: str, value: Json) -> Json:
        """A default that is too long is cut: a caller's long name must not cost what the caller said."""
        described = self.describe.get(sobject) if self.describe else None
        field = described.get(name) if described else None
        longest = field.length if field else LENGTHS.get((sobject, name), 0)
        return value[:longest].rstrip() if isinstance(value, str) and longest else value

    def request(self, parts: Iterable[Part]) -> Request:
        """All parts as one request: all or none, in this order (REST §5.1)."""
        body = {
            "allOrNone": True,
            "collateSubrequests": False,
            "compositeRequest": [part.subrequest for part in parts],
        }
        return Request("POST", f"{self.root}/composite", body)

    def reading(self, parts: Iterable[Part], fields: Callable[[Part], Iterable[str]]) -> Request:
        """One request that reads the named fields of the parts' records; what does not exist answers 404."""
        reads = [
            {
                "method": "GET",
                "url": f"{part.url}?fields={','.join(sorted(fields(part)))}",
                "referenceId": part.reference,
            }
            for part in parts
        ]
        return Request("POST", f"{self.root}/composite", {"allOrNone": False, "compositeRequest": reads})


def known_id(call: Call, sobject: str) -> str | None:
    """The id of the caller's record, where the lookup found it."""
    attribute = KNOWN_IDS.get(sobject)
    return getattr(call.caller, attribute) if attribute else None


def words_of(delivery: Delivery) -> dict[str, str]:
    """What the placeholders of default values stand for."""
    caller = delivery.call.caller
    # The org takes blank for null, and refuses a record whose name is null.
    name = (caller.name or "").strip() or caller.phone or "Unknown caller"
    return {
        "caller": name,
        "company": (caller.company or "").strip() or name,
        "phone": caller.phone or "",
        "call": delivery.call.id,
        "date": delivery.at.date().isoformat(),
        "close_date": (delivery.at + CLOSE_AFTER).date().isoformat(),
    }


def _filled(value: Any, words: Mapping[str, str]) -> Any:
    if not isinstance(value, str):
        return value
    for word, text in words.items():
        value = value.replace(f"{{{word}}}", text)
    return value
