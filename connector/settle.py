"""Mappings settled by the org's describe: what the short form leaves open is filled in once, before the first call."""

from collections.abc import Mapping
from dataclasses import replace

from connector.config.mapping import FieldMapping, field_mappings
from connector.config.model import ConnectorConfig
from connector.config.words import Hint
from connector.describe import FieldDescribe, OrgDescribe

HINT_OF_TYPE: Mapping[str, Hint] = {
    "string": "text",
    "textarea": "text",
    "combobox": "text",
    "encryptedstring": "text",
    "picklist": "picklist",
    "multipicklist": "multipicklist",
    "boolean": "checkbox",
    "int": "integer",
    "double": "number",
    "currency": "currency",
    "percent": "percent",
    "date": "date",
    "datetime": "datetime",
    "time": "time",
    "phone": "phone",
    "email": "email",
    "url": "url",
    "reference": "reference",
    "id": "reference",
}
"""A describe's field type → the kind of value an intent carries; types that are not here cannot be written."""

NUMBERS = frozenset({"int", "double", "currency", "percent"})


def settled_mappings(config: ConnectorConfig, org: OrgDescribe) -> dict[str, FieldMapping]:
    """Intent → mapping, with hint, length and digits from the org wherever the file left them out.

    A target that the org does not have stays as the file has it (validation says so). Raises DescribeError.
    """
    return {intent: _settled(mapping, org) for intent, mapping in field_mappings(config).items()}


def _settled(mapping: FieldMapping, org: OrgDescribe) -> FieldMapping:
    sobject = org.get(mapping.sobject)
    field = sobject.get(mapping.field) if sobject else None
    if field is None:
        return mapping
    hint = HINT_OF_TYPE.get(field.type, mapping.hint) if mapping.hint_guessed else mapping.hint
    return replace(
        mapping,
        field=field.name,
        hint=hint,
        hint_guessed=mapping.hint_guessed and field.type not in HINT_OF_TYPE,
        max_length=_length(mapping, field),
        whole_digits=field.whole_digits if field.type in NUMBERS else None,
    )


def _length(mapping: FieldMapping, field: FieldDescribe) -> int | None:
    return min(filter(None, (mapping.max_length, field.length)), default=None)
