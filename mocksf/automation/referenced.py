"""What a change of schema must not take away: whatever a formula or rule that is worked out refers to."""

from mocksf.automation.plans import outside
from mocksf.schema.model import Schema, SObject
from mocksf.schema.names import SchemaError


def check(before: Schema, after: Schema) -> None:
    """Raise SchemaError where a formula that was worked out could not be so any more: it names what is gone.

    FormulaError is what a formula says that is none at all.
    """
    known = {each.what for each in outside(before)}
    for each in outside(after):
        owner, _, name = each.what.partition(".")
        sobject = before.get(owner)
        if each.what not in known and sobject is not None and _knew(sobject, name):
            message = f"{each.what} is referenced elsewhere: {each.why}"
            raise SchemaError(message)


def _knew(sobject: SObject, name: str) -> bool:
    return sobject.get(name) is not None or name in {each.name for each in sobject.validation_rules}
