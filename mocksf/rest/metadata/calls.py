"""Metadata API calls that answer at once: describe, list, read, and components created, changed and deleted."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from xml.etree.ElementTree import Element as Asked

from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.metadata.changing import Change, Outcome, changed
from mocksf.moments import datetime_text, milliseconds
from mocksf.permissions import EditionError
from mocksf.rest.soap.calls import Turn
from mocksf.rest.soap_xml import TYPE, element, elements, local, text
from mocksf.schema.components import (
    BY_NAME,
    DORMANT,
    KINDS,
    OBJECT,
    Component,
    Key,
    Kind,
    components,
    kind_of,
    parts_of,
    whole,
)
from mocksf.schema.names import SchemaError
from mocksf.schema.sfdx.elements import Element
from mocksf.schema.tooling import PREFIXES, component_id

CRUD_MAX, QUERIES_MAX = 10, 3
"""How many components one call takes, and how many queries a list (documented)."""

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("Every component was made by the administrator on the day of the org's founding", Evidence.ASSUMED),
    ("A component that is not there is read as nil", Evidence.ASSUMED),
    ("Components of one call are saved one by one", Evidence.DOCUMENTED),
)
"""What this room believes, for the fidelity ledger."""


# -- what there is -----------------------------------------------------------------------------------------------------


def _describe(_: Turn) -> str:
    children = [each.name for each in (*KINDS, *DORMANT) if each.in_object]
    listed = [
        {
            "childXmlNames": children if each is OBJECT else None,
            "directoryName": each.folder,
            "inFolder": False,
            "metaFile": False,
            "suffix": each.suffix,
            "xmlName": each.name,
        }
        for each in (*KINDS, *DORMANT)
        if not each.in_object
    ]
    body = {"metadataObjects": listed, "organizationNamespace": "", "partialSaveAllowed": True, "testRequired": False}
    return f"<result>{elements(body.items())}</result>"


def _list(turn: Turn) -> str:
    asked = [next((text(part) for part in each if local(part) == "type"), "") for each in turn.ask.all("queries")]
    if len(asked) > QUERIES_MAX:
        raise Refuse.TOO_MANY_RECORDS(maximum=QUERIES_MAX)
    return "".join(f"<result>{elements(each.items())}</result>" for kind in asked for each in listed(turn, kind))


def listed(turn: Turn, kind: str) -> Iterable[dict[str, Any]]:
    """The FileProperties of all components of a type. Raises NO_SUCH_METADATA."""
    if kind not in BY_NAME:
        raise Refuse.NO_SUCH_METADATA(name=kind)
    known = [each for each in components(turn.session.org.store.schema).values() if each.kind.name == kind]
    for each in known:
        yield properties(turn, each.file_name, kind, each.full_name)
    for path in turn.session.org.metadata.kept:
        found, stem = kind_of(path)
        if found is not None and found.name == kind:
            yield properties(turn, path, kind, stem)


def properties(turn: Turn, path: str, kind: str, full_name: str) -> dict[str, Any]:
    """The FileProperties of a component, in the order of the WSDL."""
    org = turn.session.org
    admin, day = org.admin_id, datetime_text(milliseconds(org.founded)).replace("+0000", "Z")
    return {
        "createdById": admin,
        "createdByName": "Admin User",
        "createdDate": day,
        "fileName": path,
        "fullName": full_name,
        "id": component_id(kind, full_name) if kind in PREFIXES else "",
        "lastModifiedById": admin,
        "lastModifiedByName": "Admin User",
        "lastModifiedDate": day,
        "manageableState": "unmanaged",
        "type": kind,
    }


def _read(turn: Turn) -> str:
    kind, names = turn.ask.text("type"), turn.ask.texts("fullNames")
    if kind not in BY_NAME:
        raise Refuse.NO_SUCH_METADATA(name=kind)
    _limit(names)
    return f"<result>{''.join(_record(turn, (kind, each)) for each in names)}</result>"


def _record(turn: Turn, key: Key) -> str:
    known = components(turn.session.org.store.schema)
    found = known.get(key)
    if found is None:
        return element("records", None)
    inner = (whole(known, found.full_name) if found.kind is OBJECT else found).inner()
    return f'<records xsi:type="{key[0]}">{element("fullName", key[1])}{inner}</records>'


def _limit(asked: Iterable[Any]) -> None:
    if len(list(asked)) > CRUD_MAX:
        raise Refuse.TOO_MANY_RECORDS(maximum=CRUD_MAX)


# -- changes -----------------------------------------------------------------------------------------------------------


def _save(turn: Turn) -> str:
    wishes = turn.ask.all("metadata")
    _limit(wishes)
    return "".join(_saved(turn, each) for each in wishes)


def _saved(turn: Turn, wish: Asked) -> str:
    """One component created, updated or upserted, with its parts."""
    kind = BY_NAME.get(wish.get(TYPE, "").rpartition(":")[2])
    name = next((text(each) for each in wish if local(each) == "fullName"), "")
    there = kind is not None and (kind.name, name) in components(turn.session.org.store.schema)
    created = element("created", not there) if turn.ask.name == "upsertMetadata" else ""
    problem = _unfit(turn, kind, name, there=there)
    if problem is None and kind is not None:
        own = Component(kind, name, _element(wish, f"{kind.name}-meta.xml", ()))
        problem = _tried(turn, Change(tuple(parts_of(own))))
    return _result(name, problem, created)


def _unfit(turn: Turn, kind: Kind | None, name: str, *, there: bool) -> tuple[str, str] | None:
    """What is against a wish before it is looked into: code and message."""
    if kind is None or kind not in KINDS:
        return "INVALID_TYPE", "the type of the metadata (xsi:type) is not one that this org can change"
    if not name or (kind.in_object and "." not in name):
        wish = "Object.Name" if kind.in_object else "its API name"
        return "REQUIRED_FIELD_MISSING", f"a {kind.name} needs a fullName: {wish}"
    if turn.ask.name == "createMetadata" and there:
        return "DUPLICATE_DEVELOPER_NAME", f"There is already a {kind.name} named {name}."
    if turn.ask.name == "updateMetadata" and not there:
        return "INVALID_CROSS_REFERENCE_KEY", f"no {kind.name} named {name} found"
    return None


def _tried(turn: Turn, change: Change) -> tuple[str, str] | None:
    """Make a change of the schema, whole or not at all; what was against it, or None."""
    org = turn.session.org
    after, outcomes = changed(org.store.schema, change)
    failed = [each for each in outcomes if each.failed]
    if failed:
        return code_of(failed[0]), failed[0].problem
    try:
        org.change_schema(after)
    except (SchemaError, EditionError) as error:
        return "FIELD_INTEGRITY_EXCEPTION", str(error)
    return None


def code_of(outcome: Outcome) -> str:
    """The status code of a failed component."""
    return "INVALID_CROSS_REFERENCE_KEY" if outcome.problem.startswith("no ") else "FIELD_INTEGRITY_EXCEPTION"


def _element(asked: Asked, file: str, path: tuple[str, ...]) -> Element:
    """What was asked, as files are read."""
    own = (*path, local(asked))
    below = [_element(each, file, own) for each in asked]
    return Element(file, local(asked), own, "" if below else asked.text or "", below)


def _delete(turn: Turn) -> str:
    kind, names = turn.ask.text("type"), turn.ask.texts("fullNames")
    if kind not in BY_NAME:
        raise Refuse.NO_SUCH_METADATA(name=kind)
    _limit(names)
    return "".join(_result(each, _tried(turn, Change(going=((kind, each),)))) for each in names)


def _rename(turn: Turn) -> str:
    reason = "components are not renamed here: create the new one, move its data, and delete the old one"
    return _result(turn.ask.text("oldFullName"), ("INVALID_OPERATION", reason))


def _result(name: str, problem: tuple[str, str] | None, created: str = "") -> str:
    errors = ""
    if problem is not None:
        errors = f"<errors>{element('message', problem[1])}{element('statusCode', problem[0])}</errors>"
    return f"<result>{created}{errors}{element('fullName', name)}{element('success', problem is None)}</result>"


CALLS: Mapping[str, Callable[[Turn], str]] = {
    "describeMetadata": _describe,
    "listMetadata": _list,
    "readMetadata": _read,
    "createMetadata": _save,
    "updateMetadata": _save,
    "upsertMetadata": _save,
    "deleteMetadata": _delete,
    "renameMetadata": _rename,
}
"""The calls that are answered at once."""
