"""The connector as one object: what it is told, what it has promised, and the flows that keep the promises."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from random import Random

import orjson

from connector.alerts import Alerts
from connector.callers import Callers
from connector.chain import Draft, canonical
from connector.commands import Flow, note
from connector.composite import Composer
from connector.config import ConnectorConfig
from connector.delivery import Desk, lived, resumed, terms_of
from connector.describe import OrgDescribe
from connector.intents import (
    Accepted,
    Call,
    Caller,
    Conflict,
    Delivery,
    Ending,
    Finding,
    Intent,
    Outcome,
    Turn,
    Unfit,
    delivery_from,
    payload_of,
)
from connector.lanes import NO_RECORDS, caller_place, first_places
from connector.ledger import Ledger
from connector.login import Credentials, Session
from connector.lookup import Lookup
from connector.messages import Json
from connector.readings import Standing
from connector.recognition import asked, recalled
from connector.replay import Order, Selection, discarded, edited, paced, replayed
from connector.turns import deliveries_of, unfit_values
from connector.writing import writing_of

END = "end"
"""The turn of what is written when a call has ended."""
CALL_ID_MAX = 80
"""What the key fields of Opportunity and Lead hold."""


class Connector:
    """Pure: no clock, socket or disk of its own. The ledger is its only state; token and alert queue are passing."""

    def __init__(
        self,
        config: ConnectorConfig,
        ledger: Ledger,
        dice: Random,
        credentials: Credentials | None = None,
        describe: OrgDescribe | None = None,
    ) -> None:
        held = credentials or Credentials()
        delivery = config.delivery
        self.config = config
        self.ledger = ledger
        self.composer = Composer(config, describe)
        self.desk = Desk(
            ledger=ledger,
            session=Session(held, delivery.attempt_timeout_s),
            alerts=Alerts(ledger, held.slack_webhook, delivery.dead_letter_queue, delivery.review_url),
            dice=dice,
            callers=Callers(self._named),
            **terms_of(delivery),
        )

    def know(self, config: ConnectorConfig, describe: OrgDescribe) -> None:
        """Take note of what the org says about its fields: the settled configuration, and the describe itself."""
        self.config = config
        self.composer = Composer(config, describe)

    def change(self, config: ConnectorConfig, credentials: Credentials, describe: OrgDescribe) -> None:
        """Go by another configuration from now on. What is under way ends by the old map, but with the new login."""
        self.desk = replace(self.desk, **terms_of(config.delivery))
        self.desk.session.change(credentials, config.delivery.attempt_timeout_s)
        self.desk.alerts.change(credentials.slack_webhook, self.desk.queue, config.delivery.review_url)
        self.know(config, describe)

    # -- during a call -------------------------------------------------------------------------------------------

    def accept(self, call: Call, turn: Turn, intents: Sequence[Intent], at: datetime) -> Accepted:
        """Promise to write a turn's intents said at `at`: in the ledger before this returns, one entry per delivery.

        Intents accepted before with the same value are known, not written again. Raises Unfit (nothing is accepted)
        where a name or value does not fit or nothing of the turn can be written, Conflict where a value differs.
        """
        _check_call(call)
        call = recalled(self.desk, self.composer, call, at)
        fresh, known = self._told_apart(call, turn, intents)
        readings = self.ledger.readings
        deliveries, findings = deliveries_of(self.composer, call, turn, fresh, at, readings)
        unfit = unfit_values(self.composer, deliveries)
        if unfit or (findings and not deliveries and not known):
            raise Unfit((*unfit, *findings))
        _check_storable(deliveries)
        for delivery in deliveries:
            self._append(delivery)
        return Accepted(tuple(deliveries), known, tuple(findings))

    def end_call(self, call: Call, ending: Ending, at: datetime) -> Accepted:
        """Promise to log a call that has ended: its Task, the team's post; and a lead where nobody knows the caller."""
        _check_call(call)
        call = recalled(self.desk, self.composer, call, at)
        wanted = [Delivery(f"{call.id}/{END}/call_log", call, END, "task", at, (), ending, lane="async")]
        if ending.post:
            wanted.append(Delivery(f"{call.id}/{END}/post", call, END, "post", at, (), ending, lane="async"))
        if self._nobody(call):
            wanted.insert(0, Delivery(f"{call.id}/{END}/lead", call, END, "composite", at, person="lead"))
        _check_storable(wanted)
        readings, fresh, known = self.ledger.readings, [], []
        for delivery in wanted:
            name = delivery.key.rpartition("/")[2]
            before = readings.intents.get((call.id, f"{END}/{name}"))
            if before is None:
                fresh.append(delivery)
            elif name != "lead" and before[1] != self._digest(name, asdict(ending)):
                raise Conflict(call.id, END, name)
            else:
                known.append(before[0])
        for delivery in fresh:
            self._append(delivery)
        return Accepted(tuple(fresh), tuple(known))

    def lookup(self, phone: str) -> Flow[Caller | None]:
        """Who has this number: a contact, else a lead, else an account, or None."""
        found = yield from self.looked_up(phone)
        return found.caller

    def looked_up(self, phone: str) -> Flow[Lookup]:
        """The same, saying also whether the org answered at all."""
        return asked(self.desk, self.composer, phone, self.config.delivery.lookup_timeout_s)

    def deliver(self, delivery: Delivery) -> Flow[Outcome]:
        """Keep one promise: the flow of a delivery that was just accepted."""
        return lived(self.desk, delivery, writing_of(self.desk, self.composer, delivery))

    # -- after a crash -------------------------------------------------------------------------------------------

    def recover(self, only: Collection[str] | None = None) -> list[Flow[Outcome]]:
        """After a start: the flows of all that was promised and not kept, in order, and of all deaths not yet told.

        Of `only` these deliveries, where others work on the rest.
        """
        readings = self.ledger.readings
        flows = [self._resumed(each) for each in readings.unfinished() if only is None or each.delivery in only]
        return flows + [self._told(each) for each in readings.untold() if only is None or each.delivery in only]

    def _resumed(self, standing: Standing) -> Flow[Outcome]:
        delivery = self.delivery(standing.delivery)
        if delivery is None:
            return self._lost(standing)
        return resumed(self.desk, delivery, writing_of(self.desk, self.composer, delivery))

    def _lost(self, standing: Standing) -> Flow[Outcome]:
        """The payload was erased or damaged before it was delivered: there is nothing left to write."""
        reason = "payload erased or damaged"
        detail = {"attempts": standing.attempt, "category": "erased", "culprit": None, "perhaps": standing.perhaps}
        yield from note("dead", standing.delivery, reason=reason, queue=self.desk.queue, **detail)
        yield from self.desk.alerts.tell(standing.delivery)
        return Outcome(standing.delivery, "dead", standing.attempt, reason, standing.perhaps)

    def _told(self, standing: Standing) -> Flow[Outcome]:
        yield from self.desk.alerts.tell(standing.delivery)
        return Outcome(standing.delivery, "dead", standing.attempt, standing.reason, standing.perhaps)

    # -- dead letters --------------------------------------------------------------------------------------------

    def replay(
        self,
        selection: Selection,
        actor: str,
        reason: str,
        edits: Mapping[str, Json] | None = None,
        rate_per_s: float | None = None,
    ) -> list[Flow[Outcome]]:
        """Bring dead letters back, in order and at a set rate; `edits` (intent → value) is for a single one.

        Raises Unfit where an edit does not fit. A letter that is no longer dead when its turn comes is left alone.
        """
        letters = [each for each in selection.of(self.ledger.readings) if self.delivery(each.delivery)]
        orders = [Order(actor, reason, bool(edits), after_s) for after_s in paced(len(letters), rate_per_s)]
        return [self._replayed(letter, order, edits or {}) for letter, order in zip(letters, orders, strict=True)]

    def _replayed(self, letter: Standing, order: Order, edits: Mapping[str, Json]) -> Flow[Outcome]:
        delivery = self.delivery(letter.delivery)
        assert delivery is not None, "a replay without a payload was let through"
        if edits:
            delivery = self._edited(delivery, edits)
        return replayed(self.desk, delivery, writing_of(self.desk, self.composer, delivery), order)

    def _edited(self, delivery: Delivery, edits: Mapping[str, Json]) -> Delivery:
        try:
            changed = edited(delivery, edits)
        except KeyError as missing:
            name = str(missing.args[0])
            raise Unfit((Finding(name, f"is no intent of {delivery.key}"),)) from None
        for intent in changed.intents:
            _check_json(intent)
        unfit = unfit_values(self.composer, [changed])
        if unfit:
            raise Unfit(tuple(unfit))
        return changed

    def discard(self, selection: Selection, actor: str, reason: str) -> list[Flow[Outcome]]:
        """Give dead letters up, for a reason that the ledger keeps."""
        order = Order(actor, reason)
        return [discarded(self.desk, each.delivery, order) for each in selection.of(self.ledger.readings)]

    # -- the ledger ----------------------------------------------------------------------------------------------

    def delivery(self, key: str) -> Delivery | None:
        """A delivery as it was accepted, or last edited; None where its payload was erased."""
        payload = self.ledger.payload(self.ledger.readings.standings[key].payload_sha256)
        return None if payload is None else delivery_from(payload)

    def _append(self, delivery: Delivery) -> None:
        writing = writing_of(self.desk, self.composer, delivery)
        records = [place for place in writing.places() if not place.startswith(NO_RECORDS)]
        detail: dict[str, Json] = {
            "call": delivery.call.id,
            "turn": delivery.turn,
            "kind": delivery.kind,
            "lane": delivery.lane,
            "intents": self._digests(delivery),
            "objects": list(self.composer.objects(delivery)),
            "records": [self.ledger.pseudonym(record) for record in records],
            "truncated": [name for name, fit in self.composer.fitted(delivery).items() if fit.truncated],
            "caller": self._named(delivery.call.caller.phone),
        }
        places = first_places(delivery, writing.places())
        self.ledger.append(Draft("accepted", delivery.key, delivery.at, detail, payload_of(delivery), places))

    def _named(self, number: str | None) -> str | None:
        """What the ledger calls a caller's number."""
        return self.ledger.pseudonym(caller_place(number)) if number else None

    def _digests(self, delivery: Delivery) -> dict[str, str]:
        if delivery.ending is None and delivery.intents:
            return {intent.name: self._digest(intent.name, intent.value) for intent in delivery.intents}
        name = delivery.key.rpartition("/")[2]
        return {name: self._digest(name, asdict(delivery.ending) if delivery.ending else None)}

    def _digest(self, name: str, value: Json) -> str:
        """What tells one value from another without giving it away."""
        return self.ledger.pseudonym(f"{name}={canonical(value).decode()}")

    def _told_apart(self, call: Call, turn: Turn, intents: Iterable[Intent]) -> tuple[list[Intent], tuple[str, ...]]:
        """What is new in a turn, and the deliveries of what is not. Raises Conflict, and Unfit where JSON gives up."""
        fresh, known = [], []
        for intent in intents:
            before = self.ledger.readings.intents.get((call.id, f"{turn}/{intent.name}"))
            _check_json(intent)
            digest = self._digest(intent.name, intent.value)
            if before is None:
                fresh.append(intent)
            elif before[1] != digest:
                raise Conflict(call.id, turn, intent.name)
            else:
                known.append(before[0])
        return fresh, tuple(dict.fromkeys(known))

    def _nobody(self, call: Call) -> bool:
        caller = call.caller
        wrote = {sobject for standing in self.ledger.readings.of_call(call.id) for sobject in standing.objects}
        again = f"{call.id}/{END}/lead" in self.ledger.readings.standings
        return again or not (caller.known or caller.account_id or wrote & {"Contact", "Lead"})


def _check_call(call: Call) -> None:
    if not 1 <= len(call.id) <= CALL_ID_MAX or not call.id.isprintable() or call.id != call.id.strip():
        reason = f"its id must be 1 to {CALL_ID_MAX} printable characters without spaces at its ends"
        raise Unfit((Finding("call", reason),))


def _check_json(intent: Intent) -> None:
    """Raise Unfit for a value that JSON cannot carry there and back: half a surrogate pair, an endless number."""
    try:
        if orjson.loads(canonical(intent.value)) == intent.value:
            return
        problem: Exception = ValueError("it is not the same after it was written as JSON")
    except (TypeError, ValueError) as refusal:
        problem = refusal
    raise Unfit((Finding(intent.name, f"has a value that cannot be kept: {problem}"),))


def _check_storable(deliveries: Iterable[Delivery]) -> None:
    """Raise Unfit for what JSON cannot carry (half a surrogate pair, too large a number) before it is promised."""
    for delivery in deliveries:
        try:
            canonical(payload_of(delivery))
        except (TypeError, ValueError) as problem:
            raise Unfit((Finding(delivery.key, f"cannot be kept: {problem}"),)) from None
