"""SOAP calls that write records: each record succeeds or fails alone, unless AllOrNoneHeader says otherwise."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from mocksf.actor import Actor
from mocksf.conversion import Wish
from mocksf.errors import Refusal, Refuse
from mocksf.evidence import Evidence
from mocksf.ids import normalise_id
from mocksf.rest.mixing import Unmixed
from mocksf.rest.soap.calls import Turn
from mocksf.rest.soap_xml import element, fields_of, local, text, type_of
from mocksf.schema import SObject
from mocksf.values import NotReadable

IDS_MAX, LEADS_MAX = 200, 100
"""How many records one call takes (documented; of leads assumed)."""

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("Each record of a SOAP call succeeds or fails alone", Evidence.DOCUMENTED),
    ("With allOrNone of AllOrNoneHeader one failure takes all others back", Evidence.DOCUMENTED),
)
"""What this room believes, for the fidelity ledger."""

Result = list[tuple[str, Any]]
"""The elements of one result, in order."""


class Save(NamedTuple):
    """What the records of one call have in common."""

    turn: Turn
    actor: Actor
    unmixed: Unmixed


Step = Callable[[Save, Element], Result]


class Kind(NamedTuple):
    """A call: the element that stands for one record, how many there may be, and what is done with one."""

    element: str
    maximum: int
    step: Step
    created: bool = False
    """Whether a result says if its record is new."""


def write(turn: Turn) -> str:
    """The results of a call that writes, each as an element."""
    kind = CALLS[turn.ask.name]
    wishes = turn.ask.all(kind.element)
    if len(wishes) > kind.maximum:
        limit = Refuse.TOO_MANY_TO_CONVERT if turn.ask.name == "convertLead" else Refuse.TOO_MANY_RECORDS
        raise limit(maximum=kind.maximum)
    save = Save(turn, turn.session.actor(turn.rest("POST")), Unmixed())
    all_or_none = turn.ask.header("AllOrNoneHeader", "allOrNone") == "true"
    with turn.session.org.store.atomic() as undo:
        results = [_tried(save, each, kind.step) for each in wishes]
        if all_or_none and not all(_good(each) for each in results):
            undo()
            lost = _failed(Refuse.RECORD_ROLLED_BACK())
            results = [lost if _good(each) else each for each in results]
    return "".join(_written(each, kind) for each in results)


def _good(result: Result) -> bool:
    return ("success", True) in result


def _tried(save: Save, wish: Element, step: Step) -> Result:
    """What one record of a call came to; a refused one leaves no trace."""
    try:
        with save.turn.session.org.store.atomic():
            return [*step(save, wish), ("success", True)]
    except NotReadable as refusal:
        field = refusal.field
        return _failed(Refuse.WRONG_TYPE(fields=(field.name,), label=field.label, value=refusal.value))
    except Refusal as refusal:
        return _failed(refusal)


def _failed(refusal: Refusal) -> Result:
    errors = [("errors", _error(each)) for each in (refusal, *refusal.siblings)]
    return [*errors, ("id", None), ("success", False)]


def _error(refusal: Refusal) -> str:
    named = "".join(element("fields", each) for each in refusal.fields)
    return f"{named}{element('message', refusal.message)}{element('statusCode', refusal.code)}"


def _written(result: Result, kind: Kind) -> str:
    """One result; the elements of errors are written already."""
    if kind.created and not any(name == "created" for name, _ in result):
        result = [("created", False), *result]
    return f"<result>{''.join(map(_part, result))}</result>"


def _part(pair: tuple[str, Any]) -> str:
    return f"<errors>{pair[1]}</errors>" if pair[0] == "errors" else element(*pair)


# -- one record --------------------------------------------------------------------------------------------------------


def _create(save: Save, wish: Element) -> Result:
    session, kind = save.turn.session, _kind(save, wish)
    fields = fields_of(wish)
    fields.pop("Id", None)
    return [("id", session.org.records.create(save.actor, kind, fields, session.touch))]


def _update(save: Save, wish: Element) -> Result:
    session, kind = save.turn.session, _kind(save, wish)
    fields = fields_of(wish)
    record_id = _id(kind, fields.pop("Id", None))
    session.org.records.update(save.actor, kind, record_id, fields, session.touch)
    return [("id", record_id)]


def _upsert(save: Save, wish: Element) -> Result:
    session, kind = save.turn.session, _kind(save, wish)
    records, fields = session.org.records, fields_of(wish)
    key = records.key_field(kind, save.turn.ask.text("externalIDFieldName"))
    value = next((fields.pop(name) for name in list(fields) if name.lower() == key.name.lower()), None)
    if value is None and key.name == "Id":
        return [("created", True), ("id", records.create(save.actor, kind, fields, session.touch))]
    record_id, created = records.upsert(save.actor, kind, (key, value), fields, session.touch)
    return [("created", created), ("id", record_id)]


def _delete(save: Save, wish: Element) -> Result:
    session = save.turn.session
    kind, record_id = _addressed(save, text(wish))
    save.unmixed.admit(kind)
    session.org.records.delete(save.actor, kind, record_id, session.touch)
    return [("id", record_id)]


def _undelete(save: Save, wish: Element) -> Result:
    session = save.turn.session
    kind, record_id = _addressed(save, text(wish))
    session.org.records.undelete(save.actor, kind, record_id, session.touch)
    return [("id", record_id)]


def _empty(save: Save, wish: Element) -> Result:
    _, record_id = _addressed(save, text(wish))
    save.turn.session.org.records.empty_bin(record_id)
    return [("id", record_id)]


def _merge(save: Save, wish: Element) -> Result:
    session = save.turn.session
    master = next((each for each in wish if local(each) == "masterRecord"), None)
    fields = fields_of(master) if master is not None else {}
    kind, master_id = _addressed(save, fields.pop("Id", None))
    losers = [_addressed(save, text(each))[1] for each in wish if local(each) == "recordToMergeIds"]
    related = session.org.records.merge(save.actor, kind, (master_id, fields), losers, session.touch)
    merged = [("mergedRecordIds", each) for each in losers]
    return [("id", master_id), *merged, *(("updatedRelatedIds", each) for each in related)]


def _convert(save: Save, wish: Element) -> Result:
    said = {local(each): text(each) or None for each in wish}
    ids = {name: normalise_id(word) or word for name, word in said.items() if name.endswith("Id") and word}
    made = save.turn.session.org.records.convert(
        save.actor,
        Wish(
            lead_id=_addressed(save, said.get("leadId"))[1],
            converted_status=said.get("convertedStatus"),
            account_id=ids.get("accountId"),
            contact_id=ids.get("contactId"),
            opportunity_id=ids.get("opportunityId"),
            opportunity_name=said.get("opportunityName"),
            owner_id=ids.get("ownerId"),
            no_opportunity=said.get("doNotCreateOpportunity") == "true",
            overwrite_lead_source=said.get("overwriteLeadSource") == "true",
            records={kind: fields_of(each) for each in wish if (kind := _NEW.get(local(each)))},
        ),
        save.turn.session.touch,
    )
    results = {"accountId": made.account_id, "contactId": made.contact_id, "leadId": made.lead_id}
    return [*results.items(), ("opportunityId", made.opportunity_id)]


_NEW = {"accountRecord": "Account", "contactRecord": "Contact", "opportunityRecord": "Opportunity"}
"""The elements of a convertLead that say something of the records that come out."""


def _kind(save: Save, wish: Element) -> SObject:
    """The object of a record."""
    name = type_of(wish)
    kind = save.turn.session.org.schema.get(name)
    if kind is None:
        raise Refuse.NO_SUCH_ENTITY(name=name)
    save.unmixed.admit(kind)
    return kind


def _id(kind: SObject, value: Any) -> str:
    if not value:
        raise Refuse.NO_ID_TO_UPDATE()
    record_id = normalise_id(value.strip()) if isinstance(value, str) else None
    if record_id is None or record_id[:3] != kind.key_prefix:
        raise Refuse.MALFORMED_ID(fields=("Id",), label=f"{kind.label} ID", value=value)
    return record_id


def _addressed(save: Save, written: Any) -> tuple[SObject, str]:
    """The object and the id that a text means; elements in place of a text mean none. Raises MALFORMED_ID_ALONE."""
    named = written.strip() if isinstance(written, str) else ""
    record_id = normalise_id(named)
    kind = save.turn.session.org.schema.of_id(record_id) if record_id else None
    if record_id is None or kind is None:
        raise Refuse.MALFORMED_ID_ALONE(value=named)
    return kind, record_id


CALLS: Mapping[str, Kind] = {
    "create": Kind("sObjects", IDS_MAX, _create),
    "update": Kind("sObjects", IDS_MAX, _update),
    "upsert": Kind("sObjects", IDS_MAX, _upsert, created=True),
    "delete": Kind("ids", IDS_MAX, _delete),
    "undelete": Kind("ids", IDS_MAX, _undelete),
    "emptyRecycleBin": Kind("ids", IDS_MAX, _empty),
    "merge": Kind("request", IDS_MAX, _merge),
    "convertLead": Kind("leadConverts", LEADS_MAX, _convert),
}
"""The calls that write."""
