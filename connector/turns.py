"""A turn's intents sorted into deliveries: what belongs together, who the caller is, and what cannot be written."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import cast

from connector.composite import PARTS_MAX, Composer
from connector.config import FieldMapping
from connector.config.records import CHATTER
from connector.intents import Call, Delivery, Finding, Intent, Kind, Person, Turn, Unfit
from connector.names import nearest
from connector.readings import Readings
from connector.values import Misfit

BESIDE = frozenset({"Task"}) | CHATTER
"""Objects that say nothing about who the caller is."""

NO_OPEN_LEAD = (
    "writes to a Lead, but the caller is a contact without an open lead; nobody is made a second person. "
    "Map the intent to Contact or Opportunity, or give the caller's open lead_id"
)
NO_CONTACT = (
    "writes to a Contact, but the caller is a lead; nobody is made a second person. "
    "Map the intent to Lead, or convert the lead first"
)


def mapped(composer: Composer, intents: Sequence[Intent]) -> dict[str, FieldMapping]:
    """Intent → its mapping. Raises Unfit for names that are unknown, doubled, or only read."""
    names = [intent.name for intent in intents]
    problems = [Finding(name, _unknown(composer, name)) for name in names if name not in composer.mappings]
    problems += [Finding(name, "stands twice in one turn") for name in dict.fromkeys(names) if names.count(name) > 1]
    known = {name: composer.mappings[name] for name in names if name in composer.mappings}
    problems += [Finding(name, "is only read from Salesforce") for name, each in known.items() if not each.writes]
    if problems:
        raise Unfit(tuple(problems))
    return known


def _unknown(composer: Composer, name: str) -> str:
    meant = nearest(name, composer.mappings)
    return "is not an intent of the configuration" + (f"; did you mean {meant!r}?" if meant else "")


def person_of(call: Call, wanted: Iterable[str], readings: Readings) -> Person:
    """Whether this caller is a contact or a lead; what the call wrote before decides over what it wants now."""
    found = readings.identities.get(call.id)
    if found is not None and (found.contact_id or found.lead_id):
        return "contact" if found.contact_id else "lead"
    written = {sobject for standing in readings.of_call(call.id) for sobject in standing.objects}
    if call.caller.contact_id or "Contact" in written:
        return "contact"
    if call.caller.lead_id or "Lead" in written:
        return "lead"
    return "lead" if set(wanted) - BESIDE == {"Lead"} else "contact"


def misplaced(call: Call, person: Person, mapping: FieldMapping) -> str | None:
    """Why an intent cannot be written for this caller, or None."""
    if person == "contact" and mapping.sobject == "Lead" and not call.caller.lead_id:
        return NO_OPEN_LEAD
    if person == "lead" and mapping.sobject == "Contact":
        return NO_CONTACT
    return None


def deliveries_of(
    composer: Composer, call: Call, turn: Turn, intents: Sequence[Intent], at: datetime, readings: Readings
) -> tuple[list[Delivery], list[Finding]]:
    """The deliveries that a turn becomes, critical ones first, and the intents that it cannot become."""
    mappings = mapped(composer, intents)
    wanted = [mapping.sobject for mapping in mappings.values()]
    person = person_of(call, wanted, readings)
    groups: dict[tuple[str, ...], list[Intent]] = {}
    findings = []
    for intent in intents:
        mapping = mappings[intent.name]
        reason = misplaced(call, person, mapping)
        if reason:
            findings.append(Finding(intent.name, reason))
        else:
            groups.setdefault(_group(mapping), []).append(intent)
    deliveries = [
        Delivery(
            key=f"{call.id}/{turn}/{'+'.join(intent.name for intent in group)}",
            call=call,
            turn=turn,
            kind=cast(Kind, kind),
            at=at,
            intents=tuple(group),
            person=person,
            lane="critical" if lane == "critical" else "async",
        )
        for (lane, kind, *_), group in sorted(groups.items(), key=lambda item: item[0][0] != "critical")
    ]
    return deliveries, findings


def _group(mapping: FieldMapping) -> tuple[str, ...]:
    """What is written together: all records of one lane; the Task; each post by itself."""
    if mapping.sobject in CHATTER:
        return ("async", "post", mapping.intent)
    return (mapping.lane, "task" if mapping.sobject == "Task" else "composite")


def unfit_values(composer: Composer, deliveries: Iterable[Delivery]) -> list[Finding]:
    """The intents whose value does not fit their field, each with the reason; and what no single request can hold."""
    findings = []
    for delivery in deliveries:
        parts = len(composer.objects(delivery))
        if parts > PARTS_MAX:
            reason = f"needs {parts} records in one request, which takes {PARTS_MAX}; say less in one turn"
            findings.append(Finding(delivery.key, reason))
        for intent in delivery.intents:
            try:
                composer.fitted(replace(delivery, intents=(intent,)))
            except Misfit as problem:
                findings.append(Finding(intent.name, str(problem)))
    return findings
