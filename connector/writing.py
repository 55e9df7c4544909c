"""One attempt at a delivery, for each kind: what is read before, what is sent, what is read after a silence."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from connector.activity import post_parent, post_places, post_request, post_text, reference_of, task_part
from connector.commands import Flow, TakePlace, note, now
from connector.composite import Composer
from connector.delivery import Desk, Writing
from connector.intents import Delivery, Part
from connector.lanes import caller_place, places_of
from connector.likeness import alike
from connector.login import authorised
from connector.messages import Answer, Json, Reply, Request
from connector.recognition import PEOPLE, recognised, strange, unidentified
from connector.recognition import settled as settled_person
from connector.verdicts import Action, Verdict, judge, well_formed

GHOST_WALKS = timedelta(seconds=60)
"""How long after a silence its request may still arrive: beyond the org's lock wait and any proxy's patience."""


def writing_of(desk: Desk, composer: Composer, delivery: Delivery) -> Writing:
    """The way in which a delivery is written."""
    return PostWriting(desk, composer, delivery) if delivery.kind == "post" else RecordWriting(desk, composer, delivery)


@dataclass
class RecordWriting:
    """Keyed records in one all-or-none composite: what a turn says, or the call's Task."""

    desk: Desk
    composer: Composer
    delivery: Delivery
    written: dict[str, Part] = field(default_factory=dict)
    """referenceId → the part as it was sent last."""
    kept: tuple[str, ...] = ()
    """Fields that were left alone because the org had a value there."""
    asks: bool = False
    """Whether it took its first places without anybody knowing who the caller is."""
    held: tuple[str, ...] | None = None
    """The places that it has asked for."""

    def seen(self, record: str) -> str | None:
        """A record's id, where the ledger knows it."""
        ledger = self.desk.ledger
        return ledger.readings.ids.get(ledger.pseudonym(record))

    def parts(self) -> tuple[Part, ...]:
        """The parts as the ledger's knowledge of today makes them."""
        if self.delivery.kind == "task":
            standing = self.desk.ledger.readings.standings.get(self.delivery.key)
            doubtful = standing is not None and standing.perhaps
            return (task_part(self.composer, self.delivery, self.seen, doubtful),)
        return self.composer.parts(self.delivery, self.seen)

    def places(self) -> tuple[str, ...]:
        """Every name of every record, and the call where it is critical; the caller's number while nobody asked."""
        if self.held is None:
            self.asks = strange(self.desk, self.composer, self.delivery)
            self.held = self._places(self._found_before())
        return self.held

    def _found_before(self) -> Delivery:
        """The delivery for the person whom an earlier life found: it goes on in line with all who write that person.

        Whoever was found to be nobody stands in line for the number; a replay asks anew, for much may have happened.
        """
        readings = self.desk.ledger.readings
        found, standing = readings.identities.get(self.delivery.call.id), readings.standings.get(self.delivery.key)
        if found is None or not found.somebody or standing is None or standing.status == "dead":
            return self.delivery
        person = settled_person(self.desk, self.composer, self.delivery)
        return person if isinstance(person, Delivery) else self.delivery

    def _places(self, delivery: Delivery) -> tuple[str, ...]:
        """All names of what is written; for a person's record also the number, for an id may not be known to all yet.

        Who has to ask holds no place by id yet: so nobody whom it will have to wait for can be waiting for it.
        """
        number = delivery.call.caller.phone
        if strange(self.desk, self.composer, delivery):
            return places_of(delivery, (*self.composer.places(delivery), caller_place(number or "")))
        places = self.composer.places(delivery, self.seen)
        if number and any(place.partition("/")[0] in PEOPLE for place in places):
            places = (*places, caller_place(number))
        return places_of(delivery, places)

    def records(self, verdict: Verdict) -> dict[str, Json]:
        """Pseudonym → id of what was written; and which fields were left alone."""
        pseudonym = self.desk.ledger.pseudonym
        ids = {
            pseudonym(self.written[reference].record): record_id
            for reference, record_id in verdict.ids.items()
            if reference in self.written
        }
        return {"records": ids, "kept": list(self.kept)} if self.kept else {"records": ids}

    def attempt(self) -> Flow[Verdict]:
        """Know who it is, read what must be read, send, and read back where another's silence makes it doubtful."""
        refusal = yield from self._recognised()
        if refusal is not None:
            return refusal
        parts = self.parts()
        if any(part.guarded for part in parts):
            spared = yield from self._spared(parts)
            if isinstance(spared, Verdict):
                return spared
            parts = spared
        self.written = {part.reference: part for part in parts}
        if not parts:
            return Verdict(Action.DONE)
        verdict = yield from self._send(parts)
        if verdict.action is Action.DONE and (yield from self._doubtful(parts)):
            verdict = yield from self._made_sure(parts, verdict)
        return verdict

    def _recognised(self) -> Flow[Verdict | None]:
        """Write for the person that the call's caller is found to be, in turn with all who write that person."""
        asks = unidentified(self.desk, self.composer, self.delivery)
        recognise = recognised(self.desk, self.composer, self.delivery) if asks else None
        found = (yield from recognise) if recognise else settled_person(self.desk, self.composer, self.delivery)
        if isinstance(found, Verdict):
            return found
        self.delivery = found
        held = self.places()
        more = tuple(place for place in self._places(found) if place not in held)
        if (asks or self.asks) and more:
            self.held = (*held, *more)
            yield TakePlace(more, ahead=True, on_behalf=self.delivery.key)
        return None

    def _send(self, parts: tuple[Part, ...]) -> Flow[Verdict]:
        number = self.delivery.call.caller.phone
        if number is None or not any(part.sobject in PEOPLE and part.key_field for part in parts):
            return (yield from self._sent(parts))
        self.desk.callers.forget(number)
        verdict = yield from self._sent(parts)
        self.desk.callers.forget(number)  # once more: whoever asked in between may have been told either
        return verdict

    def _sent(self, parts: tuple[Part, ...]) -> Flow[Verdict]:
        reply = yield from self._ask(self.composer.request(parts), renewable=True)
        if isinstance(reply, Verdict):
            return reply
        own_keys = [part.key_field for part in parts if part.key_field]
        once = [name for part in parts for name in part.guarded & self.composer.shape(part.sobject).once]
        return settled(judge(reply, own_keys, composite=True, once=once))

    def _ask(self, request: Request, renewable: bool = False) -> Flow[Reply | Verdict]:
        desk, delivery = self.desk, self.delivery
        noted = delivery.key if renewable else None
        return (yield from authorised(desk.session, request, desk.attempt_timeout_s, delivery.lane, noted))

    def _spared(self, parts: tuple[Part, ...]) -> Flow[tuple[Part, ...] | Verdict]:
        """The parts without what the org has a value for already. Nothing was sent yet if this fails.

        Between this read and the write somebody else may fill the field: the org offers no condition on a write that
        would close that gap for all objects.
        """
        guarded = [part for part in parts if part.guarded]
        found = yield from self._found(guarded, lambda part: part.guarded)
        if isinstance(found, Verdict):
            return replace(found, perhaps=False)
        taken = {
            reference: frozenset(name for name, value in record.items() if value is not None)
            for reference, record in found.items()
        }
        spared = [part.without(part.guarded & taken.get(part.reference, frozenset())) for part in parts]
        left_alone = [part.guarded & taken.get(part.reference, frozenset()) for part in parts]
        self.kept = tuple(
            sorted(f"{part.sobject}.{name}" for part, names in zip(parts, left_alone, strict=True) for name in names)
        )
        return tuple(part for part in spared if part.body or part.key_field)

    def _found(self, parts: Iterable[Part], fields: Any) -> Flow[dict[str, dict[str, Any]] | Verdict]:
        """referenceId → the record as the org has it, {} where it has none; or why that cannot be known."""
        reply = yield from self._ask(self.composer.reading(parts, fields))
        if isinstance(reply, Verdict):
            return reply
        if not isinstance(reply, Answer) or not reply.ok or not well_formed(reply.body):
            return settled(judge(reply, composite=True))
        found = {}
        for part in reply.body["compositeResponse"]:
            if part["httpStatusCode"] not in {200, 404}:
                return settled(judge(Answer(part["httpStatusCode"], part.get("body"))))
            body = part.get("body")
            found[part["referenceId"]] = body if part["httpStatusCode"] == 200 and isinstance(body, dict) else {}
        return found

    def _doubtful(self, parts: tuple[Part, ...]) -> Flow[bool]:
        """Whether a request of another delivery, given up in silence, may yet land on one of these records."""
        ledger = self.desk.ledger
        records = {ledger.pseudonym(place) for part in parts for place in part.places}
        silences = [ledger.readings.silences.get(record) for record in records]
        others = [silence[0] for silence in silences if silence and silence[1] != self.delivery.key]
        if not others:
            return False
        instant = yield from now()
        return max(others) + GHOST_WALKS > instant

    def _made_sure(self, parts: tuple[Part, ...], done: Verdict) -> Flow[Verdict]:
        """Read back what was written; where something else stands there, it was overtaken, and is written once more."""
        checked = [part for part in parts if part.body]
        found = yield from self._found(checked, lambda part: part.body)
        if isinstance(found, Verdict) or not _overtaken(checked, found):
            return done
        yield from note("reapplied", self.delivery.key)
        return (yield from self._send(parts))


def _overtaken(parts: Iterable[Part], found: dict[str, dict[str, Any]]) -> bool:
    return any(
        not alike(value, found.get(part.reference, {}).get(name))
        for part in parts
        for name, value in part.body.items()
        if not (isinstance(value, str) and value.startswith("@{"))
    )


def settled(verdict: Verdict) -> Verdict:
    """A verdict after the second try: a session that a new token did not cure is hopeless."""
    return replace(verdict, action=Action.REJECT) if verdict.action is Action.RENEW else verdict


@dataclass
class PostWriting:
    """A Chatter post: without an external ID, so that after any failure the record's feed is read first."""

    desk: Desk
    composer: Composer
    delivery: Delivery

    def seen(self, record: str) -> str | None:
        """A record's id, where the ledger knows it."""
        ledger = self.desk.ledger
        return ledger.readings.ids.get(ledger.pseudonym(record))

    def places(self) -> tuple[str, ...]:
        """Posts of one call keep their order."""
        return (f"Post/{self.delivery.call.id}",)

    def records(self, verdict: Verdict) -> dict[str, Json]:
        """The post's own id, where the org named it."""
        return {"post": verdict.ids.get("one")}

    def attempt(self) -> Flow[Verdict]:
        """Post, unless a post of an attempt that failed is found to be there."""
        person = settled_person(self.desk, self.composer, self.delivery)
        self.delivery = person if isinstance(person, Delivery) else self.delivery
        parent = post_parent(self.composer, self.delivery, self.seen)
        if parent is None:
            said = "the call has no record to post on: its critical delivery is not in the org"
            return Verdict(Action.REJECT, "reference", "no parent", said)
        if self.desk.standing(self.delivery.key).failures:
            # Even after an error that names its code: an answer can be wrong about a commit, and a look is cheap.
            found = yield from self._found(post_places(self.composer, self.delivery, self.seen))
            if found is not None:
                return found
        request = post_request(self.composer, parent, post_text(self.composer, self.delivery))
        reply = yield from self._ask(request, self.delivery.key)
        return reply if isinstance(reply, Verdict) else settled(judge(reply))

    def _ask(self, request: Request, noted: str | None) -> Flow[Reply | Verdict]:
        desk = self.desk
        return (yield from authorised(desk.session, request, desk.attempt_timeout_s, self.delivery.lane, noted))

    def _found(self, parents: tuple[str, ...]) -> Flow[Verdict | None]:
        """DONE where the post is there, None where it is missing, else why that cannot be known."""
        where = f"= '{parents[0]}'" if len(parents) == 1 else f"IN ({', '.join(map(repr, parents))})"
        soql = f"SELECT Id, Body FROM FeedItem WHERE ParentId {where} ORDER BY CreatedDate DESC LIMIT 200"
        reply = yield from self._ask(Request("GET", f"{self.composer.root}/query?q={quote(soql)}"), None)
        if isinstance(reply, Verdict):
            return replace(reply, perhaps=False)
        verdict = judge(reply)
        if verdict.action is not Action.DONE or not isinstance(reply, Answer):
            return replace(settled(verdict), perhaps=False)
        mark = reference_of(self.delivery)
        rows = reply.body.get("records") if isinstance(reply.body, dict) else None
        if not isinstance(rows, list):
            return Verdict(Action.RETRY, "outage", "no data")
        ids = [row.get("Id") for row in rows if isinstance(row, dict) and mark in str(row.get("Body"))]
        return Verdict(Action.DONE, ids={"one": str(ids[0])}) if ids else None
