"""A configuration settled by the org's describe: what the short form leaves open is filled in, once, at the start."""

from collections.abc import Mapping

from connector.config.fields import FieldConfig
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


def settle(config: ConnectorConfig, org: OrgDescribe) -> ConnectorConfig:
    """The same configuration in full form: type, length and digits from the org wherever the file left them out.

    A target that the org does not have stays as it is (validation says so). Raises DescribeError.
    """
    described = {intent: _described(mapping, org) for intent, mapping in field_mappings(config).items()}
    fields = {intent: _settled(given, described[intent]) for intent, given in config.fields.items()}
    return config.model_copy(update={"fields": fields})


def _described(mapping: FieldMapping, org: OrgDescribe) -> FieldDescribe | None:
    sobject = org.get(mapping.sobject)
    return sobject.get(mapping.field) if sobject else None


def _settled(given: FieldConfig, field: FieldDescribe | None) -> FieldConfig:
    if field is None:
        return given
    told = {
        "type": given.type or HINT_OF_TYPE.get(field.type),
        "max_length": min(filter(None, (given.max_length, field.length)), default=None),
        "max_digits": min(filter(None, (given.max_digits, field.whole_digits)), default=None),
    }
    return given.model_copy(update=told)
