"""Who a call's caller is, found out by its own delivery where nobody asked before: never a second person."""

from dataclasses import replace
from datetime import datetime

from connector.commands import Flow, GivePlace, TakePlace, note, now
from connector.composite import Composer
from connector.delivery import Desk
from connector.intents import Call, Delivery, Identity
from connector.lanes import identity_place
from connector.lookup import Lookup, looked_up
from connector.phones import e164
from connector.turns import misplaced
from connector.verdicts import Action, Verdict

PEOPLE = frozenset({"Account", "Contact", "Lead"})
"""Objects of which a caller whom the org knows has one already."""
NO_WRITE = frozenset({"session", "login"})
"""Categories of a refused lookup under which a write would be refused as well."""


def asked(desk: Desk, composer: Composer, phone: str, timeout_s: float, lane: str = "lookup") -> Flow[Lookup]:
    """Who has this number, by the org; the answer is remembered for a while."""
    number = _number(composer, phone)
    age = desk.callers.age(number)
    found = yield from looked_up(composer, desk.session, phone, timeout_s, desk.callers.searchable, lane)
    desk.callers.searchable = found.searchable
    if found.answered and not _open(found.failure):
        instant = yield from now()
        desk.callers.remember(number, age, instant, found.caller)
    return found


def recalled(desk: Desk, composer: Composer, call: Call, at: datetime) -> Call:
    """A call with what is known of its caller: found by one of its deliveries, else heard lately by a lookup.

    What the call says itself comes first. That a lookup found nobody counts only in a delivery's turn: another call
    of the same number may be making somebody just now.
    """
    caller, readings = call.caller, desk.ledger.readings
    if caller.known or caller.account_id or caller.looked_up:
        return call
    found = readings.identities.get(call.id)
    if found is not None:
        return _as(call, found) if found.somebody else call
    heard = desk.callers.recall(_number(composer, caller.phone), at) if caller.phone else None
    if heard is None or heard[0] is None or readings.of_call(call.id):
        return call
    return _as(call, Identity(heard[0].contact_id, heard[0].account_id, heard[0].lead_id))


def unidentified(desk: Desk, composer: Composer, delivery: Delivery) -> bool:
    """Whether a delivery would write a person of whom it has not asked the org yet."""
    standing = desk.ledger.readings.standings.get(delivery.key)
    return strange(desk, composer, delivery) and not (standing is not None and standing.identified)


def strange(desk: Desk, composer: Composer, delivery: Delivery) -> bool:
    """Whether a delivery would make somebody of whom neither the call nor the ledger knows.

    That its call's caller was nobody a turn ago counts only once the call has made somebody of them: until then
    another call of the same number may have.
    """
    caller, readings = delivery.call.caller, desk.ledger.readings
    if delivery.kind != "composite" or not caller.phone:
        return False
    found = readings.identities.get(delivery.call.id, Identity())
    if caller.known or caller.account_id or caller.looked_up or found.somebody:
        return False
    people = PEOPLE & set(composer.objects(delivery))
    own = [composer.address(delivery.call, each)[0] for each in (people - {"Account"} or people)]
    return bool(own) and not all(desk.ledger.pseudonym(record) in readings.ids for record in own)


def recognised(desk: Desk, composer: Composer, delivery: Delivery) -> Flow[Delivery | Verdict]:
    """The delivery for whom its caller is found to be; or why it cannot be written for them, or they be found.

    The answer is in the ledger before it is used: whatever happens then, the same person is written.
    """
    place = (identity_place(delivery.call.id),)
    yield TakePlace(place, on_behalf=delivery.key)
    refusal = None
    if unidentified(desk, composer, delivery):
        refusal = yield from _identified(desk, composer, delivery)
    yield GivePlace(place)
    return refusal or settled(desk, composer, delivery)


def settled(desk: Desk, composer: Composer, delivery: Delivery) -> Delivery | Verdict:
    """The delivery for the person that its call's caller was found to be; or the rejection, where it cannot be that."""
    found = desk.ledger.readings.identities.get(delivery.call.id)
    return delivery if found is None else _placed(composer, delivery, found)


def _identified(desk: Desk, composer: Composer, delivery: Delivery) -> Flow[Verdict | None]:
    phone = delivery.call.caller.phone or ""
    instant = yield from now()
    heard = desk.callers.recall(_number(composer, phone), instant)
    refused = None
    if heard is None:
        answer = yield from asked(desk, composer, phone, desk.attempt_timeout_s, delivery.lane)
        if answer.failure and _open(answer.failure):
            return _as_failure(answer.failure)
        heard, refused = (answer.caller,), answer.failure
    caller = heard[0]
    found = Identity(caller.contact_id, caller.account_id, caller.lead_id) if caller else Identity()
    placed = _placed(composer, delivery, found)
    told = placed if isinstance(placed, Delivery) else delivery
    places = composer.places(told)
    yield from note(
        "identified",
        delivery.key,
        contact_id=found.contact_id,
        account_id=found.account_id,
        lead_id=found.lead_id,
        refused=refused.reason if refused else None,
        objects=list(composer.objects(told)),
        records=[desk.ledger.pseudonym(place) for place in places],
    )
    return None


def _placed(composer: Composer, delivery: Delivery, found: Identity) -> Delivery | Verdict:
    call = _as(delivery.call, found)
    if not found.somebody:
        own = delivery.call.caller
        return delivery if own.known or own.account_id else replace(delivery, call=call)
    person = "contact" if found.contact_id else "lead" if found.lead_id else delivery.person
    if delivery.kind == "composite" and not delivery.intents:
        person = "contact"  # the lead that nobody asked for is for callers of whom the org has nothing
    mappings = ((each.name, composer.mappings.get(each.name)) for each in delivery.intents)
    reasons = [(name, misplaced(call, person, mapping)) for name, mapping in mappings if mapping]
    said = "; ".join(f"{name} {reason}" for name, reason in reasons if reason)
    if said:
        return Verdict(Action.REJECT, "person", "the caller turned out to be somebody else than assumed", said)
    return replace(delivery, call=call, person=person)


def _as(call: Call, found: Identity) -> Call:
    ids = {"contact_id": found.contact_id, "account_id": found.account_id, "lead_id": found.lead_id}
    return replace(call, caller=replace(call.caller, **ids, looked_up=True))


def _number(composer: Composer, phone: str) -> str:
    return e164(phone, composer.config.org.numbers_region) or phone


def _open(failure: Verdict | None) -> bool:
    """Whether a failure leaves it open who calls: a refusal for good (an org without that field, say) does not.

    Whoever may not ask at all goes on writing by key: a write that is refused for want of a lookup would help nobody.
    """
    return failure is not None and (failure.action is not Action.REJECT or failure.category in NO_WRITE)


def _as_failure(failure: Verdict) -> Verdict:
    """A lookup's failure as an attempt's: nothing was written; a session that a new token did not cure is hopeless."""
    action = Action.REJECT if failure.action is Action.RENEW else failure.action
    return replace(failure, action=action, culprit=None, perhaps=False, reason=f"lookup: {failure.reason}")
