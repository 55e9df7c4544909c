"""The sample org's describes, as a plain org or with something changed, for the tests of whoever reads describes."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from connector.describe import KnownDescribe, ObjectDescribe
from mocksf.schema import describe_sobject, load_schema

Changes = Mapping[str, Mapping[str, Any] | None]
"""`Object` or `Object.Field` → describe keys to change; None takes it away; a field that is not there is added."""


@cache
def _written() -> str:
    schema = load_schema(["sample"])
    described = {each.name: describe_sobject(schema, each, 66.0) for each in schema}
    return json.dumps(described)


def sample_describes() -> dict[str, dict[str, Any]]:
    """Object name → describe, fresh for whoever wants to change it."""
    described: dict[str, dict[str, Any]] = json.loads(_written())
    return described


def sample_org(changes: Changes | None = None) -> KnownDescribe:
    """The sample org as the connector reads it, with the changes made."""
    described = sample_describes()
    for place, change in (changes or {}).items():
        sobject, _, field = place.partition(".")
        if field:
            _change_field(described[sobject]["fields"], field, change)
        elif change is None:
            del described[sobject]
        else:
            described[sobject].update(change)
    return KnownDescribe(ObjectDescribe.read(each) for each in described.values())


def _change_field(fields: list[dict[str, Any]], name: str, change: Mapping[str, Any] | None) -> None:
    index = next((i for i, each in enumerate(fields) if each["name"] == name), None)
    if change is None:
        assert index is not None, f"{name} is not there to be taken away"
        del fields[index]
    elif index is None:
        fields.append({"name": name, "label": name, **change})
    else:
        fields[index].update(change)
