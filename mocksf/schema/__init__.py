"""What an org knows about its objects: the standard ones, those of the customer, and how they are described."""

from mocksf.schema.describe import describe_body, describe_global, describe_sobject
from mocksf.schema.model import ChildRelationship, Field, PicklistValue, Schema, SObject
from mocksf.schema.names import SchemaError
from mocksf.schema.seeds import AssignmentRule, RuleEntry, Seeds, Stage, Status, UserSeed
from mocksf.schema.sources import changed_schema, load_schema
from mocksf.schema.standard import default_schema

__all__ = [
    "AssignmentRule",
    "ChildRelationship",
    "Field",
    "PicklistValue",
    "RuleEntry",
    "SObject",
    "Schema",
    "SchemaError",
    "Seeds",
    "Stage",
    "Status",
    "UserSeed",
    "changed_schema",
    "default_schema",
    "describe_body",
    "describe_global",
    "describe_sobject",
    "load_schema",
]
