"""The JSON Schema of a configuration file, for editors."""

from typing import Any

from connector.config.fields import TARGET
from connector.config.model import ConnectorConfig


def json_schema() -> dict[str, Any]:
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
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": full.pop("title"),
        "anyOf": [full, seed],
        "$defs": definitions,
    }
