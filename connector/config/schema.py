"""The JSON Schema of a configuration file, for editors."""

from typing import Any

from connector.config.fields import TARGET
from connector.config.model import ConnectorConfig


def json_schema() -> Any:
    """Draft 2020-12: the full form, or the seed's bare object of intent → target."""
    full = ConnectorConfig.model_json_schema()
    definitions = full.pop("$defs")
    seed = {
        "title": "Seed form",
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"not": {"enum": sorted(ConnectorConfig.model_fields)}},
        "additionalProperties": {"type": "string", "pattern": TARGET},
    }
    return _closed(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": full.pop("title"),
            "anyOf": [full, seed],
            "$defs": definitions,
        }
    )


def _closed(schema: Any) -> Any:
    """The same schema, where keys of a pattern are the only keys: Pydantic leaves such objects open."""
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(value) for key, value in schema.items()}
    return {**closed, "additionalProperties": False} if "patternProperties" in closed else closed
