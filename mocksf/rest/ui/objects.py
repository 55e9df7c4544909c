"""Objects of the UI API: their fields, their picklists by record type, and what a form for a record begins with."""

from collections.abc import Iterator
from typing import Any

from mocksf.errors import Refuse
from mocksf.messages import Json, Response
from mocksf.rest.routing import Route
from mocksf.rest.session import Call, Session
from mocksf.rest.ui import shapes as ui_shapes
from mocksf.rest.ui.records import everything, named
from mocksf.schema import Field, SObject, describe_sobject
from mocksf.schema.dependence import bits, controlling_values
from mocksf.schema.describe import MASTER_RECORD_TYPE

_PICKLISTS = frozenset({"picklist", "multipicklist"})
_TYPES = {
    "id": "Reference", "string": "String", "textarea": "TextArea", "boolean": "Boolean", "int": "Int",
    "double": "Double", "currency": "Currency", "percent": "Percent", "date": "Date", "datetime": "DateTime",
    "time": "Time", "picklist": "Picklist", "multipicklist": "MultiPicklist", "combobox": "ComboBox",
    "reference": "Reference", "phone": "Phone", "email": "Email", "url": "Url", "base64": "Base64",
    "encryptedstring": "EncryptedString", "address": "Address", "location": "Location", "anyType": "AnyType",
}  # fmt: skip
"""The data types of the UI API by those of a describe."""


def infos(session: Session, call: Call) -> Response:
    """All objects that have pages, in short."""
    root = f"/services/data/v{call.version}/ui-api/object-info"
    objects = {
        kind.name: {
            "apiName": kind.name,
            "keyPrefix": kind.key_prefix,
            "label": kind.label,
            "labelPlural": kind.label_plural,
            "nameFields": _name_fields(kind),
            "objectInfoUrl": f"{root}/{kind.name}",
            "themeInfo": _theme(session, kind),
        }
        for kind in session.org.schema
        if kind.flags.get("layoutable")
    }
    return Response(200, {"eTag": ui_shapes.etag(objects), "objects": objects})


def info(session: Session, call: Call, sobject: str) -> Response:
    """One object with its fields, its children and its record types."""
    return Response(200, described(session, call, session.sobject(sobject)))


def described(session: Session, call: Call, kind: SObject) -> dict[str, Any]:
    """An object as the UI API shows it."""
    types = _record_types(session, call, kind)
    flags = {
        name: bool(kind.flags.get(name))
        for name in ("createable", "deletable", "feedEnabled", "layoutable", "mruEnabled", "queryable", "searchable")
    }
    body: dict[str, Any] = {
        **flags,
        "apiName": kind.name,
        "associateEntityType": None,
        "associateParentEntity": None,
        "childRelationships": list(_children(kind)),
        "compactLayoutable": flags["layoutable"],
        "custom": kind.custom,
        "defaultRecordTypeId": next(each["recordTypeId"] for each in types if each["defaultRecordTypeMapping"]),
        "dependentFields": _dependent(kind),
        "fields": {each.name: _field(session, each) for each in sorted(kind.fields, key=lambda each: each.name)},
        "keyPrefix": kind.key_prefix,
        "label": kind.label,
        "labelPlural": kind.label_plural,
        "nameFields": _name_fields(kind),
        "recordTypeInfos": {each["recordTypeId"]: each for each in types},
        "searchLayoutable": flags["layoutable"],
        "themeInfo": _theme(session, kind),
        "updateable": bool(kind.flags.get("updateable")),
    }
    return dict(sorted({**body, "eTag": ui_shapes.etag(body)}.items()))


def _record_types(session: Session, call: Call, kind: SObject) -> list[dict[str, Any]]:
    names = ("available", "defaultRecordTypeMapping", "master", "name", "recordTypeId")
    known = describe_sobject(session.org.schema, kind, call.version)["recordTypeInfos"]
    return [{name: each[name] for name in names} for each in known]


def _children(kind: SObject) -> Iterator[dict[str, Any]]:
    for each in kind.children:
        if each.relationship_name:
            yield {
                "childObjectApiName": each.child_sobject,
                "fieldName": each.field,
                "junctionIdListNames": [],
                "junctionReferenceTo": [],
                "relationshipName": each.relationship_name,
            }


def _dependent(kind: SObject) -> dict[str, Any]:
    """Controlling fields, each with those that depend on it."""
    table: dict[str, Any] = {}
    for field, controller in kind.dependent:
        table.setdefault(controller.name, {})[field.name] = {}
    return table


def _name_fields(kind: SObject) -> list[str]:
    return [kind.name_field.name] if kind.name_field is not None else []


def _theme(session: Session, kind: SObject) -> dict[str, str]:
    name = "custom" if kind.custom else kind.name.lower()
    return {"color": "65CAE4", "iconUrl": f"{session.base_url}/img/icon/{name}120.png"}


def _field(session: Session, field: Field) -> dict[str, Any]:
    targets = [each for each in (session.org.schema.get(name) for name in field.reference_to) if each is not None]
    return {
        "apiName": field.name,
        "calculated": field.calculated,
        "compound": not field.has_column,
        "compoundComponentName": None,
        "compoundFieldName": field.compound_field_name,
        "controllerName": field.controller,
        "controllingFields": [field.controller] if field.controller else [],
        "createable": field.createable,
        "custom": field.custom,
        "dataType": _TYPES.get(field.type, "String"),
        "externalId": field.external_id,
        "extraTypeInfo": None,
        "filterable": field.filterable,
        "filteredLookupInfo": None,
        "highScaleNumber": False,
        "htmlFormatted": False,
        "inlineHelpText": field.extra.get("inlineHelpText"),
        "label": field.label,
        "length": field.length,
        "maskType": None,
        "nameField": field.name_field,
        "polymorphicForeignKey": field.polymorphic,
        "precision": field.precision,
        "reference": bool(field.reference_to),
        "referenceTargetField": None,
        "referenceToInfos": [{"apiName": each.name, "nameFields": _name_fields(each)} for each in targets],
        "relationshipName": field.relationship_name,
        "required": field.required,
        "scale": field.scale,
        "searchPrefilterable": False,
        "sortable": field.sortable,
        "unique": field.unique,
        "updateable": field.updateable,
    }


# -- picklists ---------------------------------------------------------------------------------------------------------


def picklists(session: Session, call: Call, sobject: str, record_type_id: str) -> Response:
    """The values that a record type offers, of all picklists of an object."""
    kind = session.sobject(sobject)
    offered = _offered(session, call, kind, record_type_id)
    root = f"/services/data/v{call.version}/ui-api/object-info/{kind.name}/picklist-values/{record_type_id}"
    values = {each.name: _values(kind, each, offered, root) for each in kind.fields if each.type in _PICKLISTS}
    return Response(200, {"eTag": ui_shapes.etag(values), "picklistFieldValues": values})


def picklist(session: Session, call: Call, sobject: str, record_type_id: str, field: str) -> Response:
    """The values that a record type offers of one picklist."""
    kind = session.sobject(sobject)
    found = kind.get(field)
    if found is None or found.type not in _PICKLISTS:
        raise Refuse.NO_SUCH_RESOURCE()
    root = f"/services/data/v{call.version}/ui-api/object-info/{kind.name}/picklist-values/{record_type_id}"
    return Response(200, _values(kind, found, _offered(session, call, kind, record_type_id), root))


def _offered(session: Session, call: Call, kind: SObject, record_type_id: str) -> dict[str, tuple[str, ...]]:
    """Which values a record type offers by field; a field that it does not mention offers all."""
    known = {each["recordTypeId"][:15] for each in _record_types(session, call, kind)}
    if record_type_id[:15] not in known or len(record_type_id) not in {15, 18}:
        raise Refuse.NO_SUCH_RESOURCE()
    found = [each for each in kind.record_types if each.record_type_id[:15] == record_type_id[:15]]
    return dict(found[0].picklists) if found else {}


def _values(kind: SObject, field: Field, offered: dict[str, tuple[str, ...]], root: str) -> dict[str, Any]:
    controller = kind.get(field.controller) if field.controller else None
    chosen = offered.get(field.name) or tuple(each.value for each in field.picklist_values)
    values = [
        {
            "attributes": None,
            "label": each.label,
            "validFor": sorted(bits(each.valid_for)) if controller is not None and each.valid_for else [],
            "value": each.value,
        }
        for each in field.picklist_values
        if each.active and each.value in chosen
    ]
    usual = next((each.value for each in field.picklist_values if each.default), None)
    body: dict[str, Any] = {
        "controllerValues": {name: at for at, name in enumerate(controlling_values(controller))} if controller else {},
        "defaultValue": next((each for each in values if each["value"] == usual), None),
        "url": f"{root}/{field.name}",
        "values": values,
    }
    return dict(sorted({**body, "eTag": ui_shapes.etag(body)}.items()))


# -- pages -------------------------------------------------------------------------------------------------------------


def record_ui(session: Session, call: Call, ids: str) -> Response:
    """Records and their objects, without layouts."""
    found = [named(session, each.strip()) for each in ids.split(",") if each.strip()]
    body: dict[str, Json] = {
        "layoutUserStates": {},
        "layouts": {},
        "objectInfos": {kind.name: described(session, call, kind) for kind, _ in found},
        "records": {each: ui_shapes.record(session, kind, each, {}, everything(kind)) for kind, each in found},
    }
    return Response(200, {"eTag": ui_shapes.etag(body), **body})


def create_defaults(session: Session, call: Call, sobject: str) -> Response:
    """What a form for a new record begins with: the fields that can be filled in, with their defaults."""
    kind = session.sobject(sobject)
    if not kind.flags.get("createable"):
        raise Refuse.NO_SUCH_RESOURCE()
    fields = {each.name: {"displayValue": None, "value": _default(each)} for each in kind.fields if each.createable}
    record = {"apiName": kind.name, "childRelationships": {}, "fields": dict(sorted(fields.items())), "id": None,
              "recordTypeId": MASTER_RECORD_TYPE, "recordTypeInfo": None}  # fmt: skip
    body = {"layout": None, "objectInfos": {kind.name: described(session, call, kind)}, "record": record}
    return Response(200, {"eTag": ui_shapes.etag(body), **body})


def _default(field: Field) -> Json:
    if field.picklist_values:
        return next((each.value for each in field.picklist_values if each.default), None)
    return False if field.type == "boolean" and field.default_value is None else field.default_value


_INFO = "/ui-api/object-info"
ROUTES = (
    Route("GET", _INFO, infos, since=41),
    Route("GET", f"{_INFO}/{{sobject}}", info, since=41),
    Route("GET", f"{_INFO}/{{sobject}}/picklist-values/{{record_type_id}}", picklists, since=41),
    Route("GET", f"{_INFO}/{{sobject}}/picklist-values/{{record_type_id}}/{{field}}", picklist, since=41),
    Route("GET", "/ui-api/record-ui/{ids}", record_ui, since=41),
    Route("GET", "/ui-api/record-defaults/create/{sobject}", create_defaults, since=41),
)
