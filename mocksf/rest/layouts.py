"""Page layouts and compact layouts in their smallest honest shape: one section with every field of the object."""

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Any

from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.ids import make_id
from mocksf.messages import Response
from mocksf.rest.routing import Route
from mocksf.rest.session import Call, Session
from mocksf.schema import Field, SObject, describe_sobject
from mocksf.schema.describe import describe_field

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("Every object has one layout with one section of all its fields, two to a row", Evidence.ASSUMED),
    ("The compact layout of an object is the system's own: its name field", Evidence.ASSUMED),
    ("The layout of one record type is answered as the layout alone", Evidence.DOCUMENTED),
    ("A picklist that a record type does not mention offers all its values", Evidence.ASSUMED),
    ("There are no approval layouts and no list views", Evidence.ASSUMED),
)  # fmt: skip
"""What this room believes, for the fidelity ledger."""

_PICKLISTS = frozenset({"picklist", "multipicklist", "combobox"})
Json = dict[str, Any]


def layouts(session: Session, call: Call, sobject: str) -> Response:
    """All layouts of an object, and which record type has which."""
    kind = _layoutable(session, sobject)
    mappings = _mappings(session, call, kind)
    selectable = [each for each in kind.record_types if each.active]
    body = {
        "layouts": [_layout(kind)],
        "recordTypeMappings": mappings,
        "recordTypeSelectorRequired": [len(selectable) > 1],
    }
    return Response(200, body)


def layout_of_record_type(session: Session, call: Call, sobject: str, record_type_id: str) -> Response:
    """The layout of one record type, by its id of 15 or 18 characters."""
    kind = _layoutable(session, sobject)
    known = {each["recordTypeId"][:15] for each in _mappings(session, call, kind)}
    if record_type_id[:15] not in known or len(record_type_id) not in {15, 18}:
        raise Refuse.NO_SUCH_RESOURCE()
    return Response(200, _layout(kind))


def compact_layouts(session: Session, call: Call, sobject: str) -> Response:
    """The compact layouts of an object: the one that every object has."""
    kind = _layoutable(session, sobject)
    root = f"/services/data/v{call.version}/sobjects/{kind.name}/describe/compactLayouts"
    named = [each for each in kind.fields if each.name_field]
    mappings = [
        {
            "available": each["available"],
            "compactLayoutId": None,
            "compactLayoutName": "SYSTEM",
            "recordTypeId": each["recordTypeId"],
            "recordTypeName": each["name"],
            "urls": {"compactLayout": f"{root}/{each['recordTypeId']}"},
        }
        for each in _record_types(session, call, kind)
    ]
    system = {
        "actions": [],
        "fieldItems": [_item(each, editable=False) for each in named],
        "id": None,
        "imageItems": [],
        "label": "System Default",
        "name": "SYSTEM",
        "objectType": kind.name,
    }
    body = {
        "compactLayouts": [system],
        "defaultCompactLayoutId": None,
        "recordTypeCompactLayoutMappings": mappings,
        "urls": {"primary": f"{root}/primary"},
    }
    return Response(200, body)


def approval_layouts(session: Session, _: Call, sobject: str) -> Response:
    """The approval layouts of an object: none."""
    _layoutable(session, sobject)
    return Response(200, {"approvalLayouts": []})


def list_views(session: Session, _: Call, sobject: str) -> Response:
    """The list views of an object: none."""
    kind = _layoutable(session, sobject)
    return Response(200, {"done": True, "listviews": [], "nextRecordsUrl": None, "size": 0, "sobjectType": kind.name})


def _layoutable(session: Session, name: str) -> SObject:
    """An object that has layouts. Raises NO_SUCH_RESOURCE for any other."""
    kind = session.sobject(name)
    if not kind.flags.get("layoutable"):
        raise Refuse.NO_SUCH_RESOURCE()
    return kind


def _record_types(session: Session, call: Call, kind: SObject) -> list[Json]:
    infos: list[Json] = describe_sobject(session.org.schema, kind, call.version)["recordTypeInfos"]
    return infos


def _mappings(session: Session, call: Call, kind: SObject) -> list[Json]:
    """Which record type has which layout, and which values it offers."""
    offered = {each.record_type_id: each.picklists for each in kind.record_types}
    return [
        {
            **{name: info[name] for name in ("active", "available", "defaultRecordTypeMapping", "developerName")},
            "layoutId": _layout_id(kind),
            "master": info["master"],
            "name": info["name"],
            "picklistsForRecordType": list(_picklists(kind, offered.get(info["recordTypeId"], {}))),
            "recordTypeId": info["recordTypeId"],
            "urls": info["urls"],
        }
        for info in _record_types(session, call, kind)
    ]


def _picklists(kind: SObject, offered: Any) -> Iterator[Json]:
    for field in kind.fields:
        if field.type not in _PICKLISTS:
            continue
        values = describe_field(field)["picklistValues"]
        chosen = set(offered.get(field.name, ())) or {each["value"] for each in values}
        yield {
            "picklistName": field.name,
            "picklistValues": [each for each in values if each["active"] and each["value"] in chosen],
        }


def _layout_id(kind: SObject) -> str:
    """The id of an object's layout: it follows from the key prefix, so that it is the same in every run."""
    return make_id("00h", _number(kind))


def _number(kind: SObject) -> int:
    return int.from_bytes((kind.key_prefix or kind.name).encode()[-4:], "big")


def _layout(kind: SObject) -> Json:
    shown = [each for each in kind.fields if each.compound_field_name is None and each.name not in {"Id", "IsDeleted"}]
    section = _section(kind, shown)
    return {
        "buttonLayoutSection": {"detailButtons": []},
        "detailLayoutSections": [section],
        "editLayoutSections": [_section(kind, [each for each in shown if each.createable or each.updateable])],
        "feedView": None,
        "highlightsPanelLayoutSection": None,
        "id": _layout_id(kind),
        "multirowEditLayoutSections": [],
        "offlineLinks": [],
        "quickActionList": {"quickActionListItems": []},
        "relatedContent": None,
        "relatedLists": [],
        "saveOptions": [],
    }


def _section(kind: SObject, fields: list[Field]) -> Json:
    rows = list(_rows(fields))
    return {
        "collapsed": False,
        "columns": 2,
        "heading": f"{kind.label} Information",
        "layoutRows": rows,
        "layoutSectionId": make_id("01B", _number(kind)),
        "parentLayoutId": _layout_id(kind),
        "rows": len(rows),
        "tabOrder": "LeftToRight",
        "useCollapsibleSection": False,
        "useHeading": True,
    }


def _rows(fields: Iterable[Field]) -> Iterator[Json]:
    pairs = iter(fields)
    for pair in zip_longest(pairs, pairs):
        items = [_item(each, editable=True) for each in pair if each is not None]
        yield {"layoutItems": items, "numItems": len(items)}


def _item(field: Field, editable: bool) -> Json:
    component = {
        "details": describe_field(field),
        "displayLines": 1,
        "tabOrder": 1,
        "type": "Field",
        "value": field.name,
    }
    return {
        "editableForNew": editable and field.createable,
        "editableForUpdate": editable and field.updateable,
        "label": field.label,
        "layoutComponents": [component],
        "placeholder": False,
        "required": editable and field.required,
    }


ROUTES = (
    Route("GET", "/sobjects/{sobject}/describe/layouts", layouts, composable=True),
    Route("GET", "/sobjects/{sobject}/describe/layouts/{record_type_id}", layout_of_record_type, composable=True),
    Route("GET", "/sobjects/{sobject}/describe/compactLayouts", compact_layouts, composable=True),
    Route("GET", "/sobjects/{sobject}/describe/approvalLayouts", approval_layouts, composable=True),
    Route("GET", "/sobjects/{sobject}/listviews", list_views, composable=True),
)
