"""The schema of an org over HTTP: what it is, and a change of it while the org runs."""

from typing import Any

from mocksf.doors.control.asking import Chosen, Json, Problem, Row
from mocksf.formula import FormulaError
from mocksf.permissions import EditionError
from mocksf.schema import Schema, SchemaError, changed_schema
from mocksf.schema.export import schema_tree


async def schema(tenant: Chosen) -> Json:
    """Everything that the org has beside the standard objects, as a YAML source says it."""
    return dict(schema_tree(tenant.wire.org.schema))


async def change(body: dict[str, Any], tenant: Chosen) -> Json:
    """Deploy a change, as a YAML source says it: all of it from the next request on, or nothing of it.

    A custom field that is given with its type is defined anew; `deleted` names custom objects and fields that go.
    """
    org = tenant.wire.org
    before = org.schema
    try:
        org.change_schema(changed_schema(before, body))
    except (SchemaError, FormulaError, EditionError) as error:
        raise Problem(422, "change", str(error)) from None
    return {"changed": list(_changed(before, org.schema))}


def _changed(before: Schema, after: Schema) -> list[str]:
    """The names of the objects that are not what they were."""
    names = {each.name for each in (*before, *after)}
    return sorted(name for name in names if before.get(name) is not after.get(name))


ROWS = (
    Row("GET", "/schema", schema),
    Row("PATCH", "/schema", change),
)
