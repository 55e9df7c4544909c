"""A schema as a text that lies with the rows of its org, so that a database knows what it has become."""

import json

from mocksf.schema.export import schema_tree
from mocksf.schema.model import Schema
from mocksf.schema.sources import changed_schema
from mocksf.schema.standard import default_schema


def written_schema(schema: Schema) -> str:
    """What a schema has beside the standard objects."""
    return json.dumps(schema_tree(schema))


def read_schema(text: str) -> Schema:
    """The schema of a text that `written_schema` gave. Raises SchemaError."""
    return changed_schema(default_schema(), json.loads(text), "the schema in the database")
