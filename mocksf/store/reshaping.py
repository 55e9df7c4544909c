"""From the tables of one schema to those of another, with the rows that both have: what a deploy does to a database."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mocksf.schema.model import Field, Schema, SObject
from mocksf.schema.names import SchemaError
from mocksf.store.engine import Run
from mocksf.tables import column, columns_of, ddl, dialled, digits_of, has_digits, indexes_of, shadow, table

Refill = tuple[SObject, Field, Field]
"""An object of the new schema and one of its fields, as it is to be and as it was."""


def statements(old: Schema, new: Schema) -> Iterator[str]:
    """The statements that turn the tables of a schema into those of another, in order.

    What both have is kept, what only the old one has goes with its rows. Raises SchemaError for a field whose values
    would have to be of another type.
    """
    for sobject in old:
        if new.get(sobject.name) is None:
            yield f"DROP TABLE {table(sobject)}"
    for sobject in new:
        before = old.get(sobject.name)
        if before is None:
            yield from ddl(sobject)
        elif before is not sobject:
            yield from _altered(before, sobject)


def _altered(before: SObject, after: SObject) -> Iterator[str]:
    _check(before, after)
    had, has = indexes_of(before), indexes_of(after)
    columns, wanted = columns_of(before), columns_of(after)
    yield from (f"DROP INDEX {name}" for name, made in had.items() if has.get(name) != made)
    yield from (f"ALTER TABLE {table(after)} DROP COLUMN {name}" for name in columns if name not in wanted)
    added = (f"{name} {kind}" for name, kind in wanted.items() if name not in columns)
    yield from (f"ALTER TABLE {table(after)} ADD COLUMN {each}" for each in added)
    yield from (made for name, made in has.items() if had.get(name) != made)


def _check(before: SObject, after: SObject) -> None:
    """Raise where a column would have to hold values of another kind."""
    for field in after.columns:
        was = before.get(field.name)
        if was is not None and was.has_column and not _holds(was, field):
            message = (
                f"{after.name}.{field.name}: a {was.type} cannot become a {field.type} while the org runs; "
                "delete the field first, and add it in a change of its own"
            )
            raise SchemaError(message)


def _holds(was: Field, field: Field) -> bool:
    """Whether the stored values of a field can be read as those of another, at most at another scale."""
    return was.type == field.type or _FAMILIES.get(was.type, was.type) == _FAMILIES.get(field.type, field.type)


_TEXTS = ("string", "textarea", "phone", "email", "url", "picklist", "multipicklist", "combobox", "encryptedstring")
_FAMILIES: Mapping[str, str] = dict.fromkeys(_TEXTS, "text") | dict.fromkeys(
    ("int", "double", "currency", "percent"), "number"
)
"""Types whose stored values are of one kind: text, or a whole number scaled by the field's decimals."""


def refills(old: Schema, new: Schema) -> Iterator[Refill]:
    """The fields whose rows must be written again: those at another scale, and those with a new shadow beside them."""
    for sobject in new:
        before = old.get(sobject.name)
        if before is None or before is sobject:
            continue
        for field in sobject.columns:
            was = before.get(field.name)
            if was is not None and was is not field and was.has_column and _differs(was, field):
                yield sobject, field, was


def _differs(was: Field, field: Field) -> bool:
    shadows = (field.folded and not was.folded) or (has_digits(field) and not has_digits(was))
    return shadows or was.scale != field.scale


def refill(run: Run, refilled: Refill) -> None:
    """Write the values of one field again, in all rows that have one."""
    sobject, field, was = refilled
    rescaled = _rescaled(was.scale, field.scale)
    settings = [f"{column(field)} = ?"]
    shades: list[Callable[[Any], Any]] = [rescaled]
    if field.folded:
        settings.append(f"{shadow(field)} = ?")
        shades.append(lambda value: value.casefold())
    if has_digits(field):
        settings.append(f"{dialled(field)} = ?")
        shades.append(digits_of)
    change = f'UPDATE {table(sobject)} SET {", ".join(settings)} WHERE "Id" = ?'
    held = f'SELECT "Id", {column(field)} FROM {table(sobject)} WHERE {column(field)} IS NOT NULL'
    for record_id, value in run(held).fetchall():
        run(change, [*(shade(value) for shade in shades), record_id])


def _rescaled(was: int, scale: int) -> Callable[[Any], Any]:
    """A stored number at another scale, rounded half up where it loses decimals (assumed)."""
    if was == scale:
        return lambda value: value
    if was < scale:
        return lambda value: value * 10 ** (scale - was)
    unit: int = 10 ** (was - scale)
    return lambda value: (abs(value) + unit // 2) // unit * (1 if value >= 0 else -1)
