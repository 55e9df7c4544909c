"""How sorting, grouping and aggregating are written in SQL; picklists go by the order of their values."""

from collections.abc import Callable, Iterable
from typing import Any

from mocksf.schema.model import Field
from mocksf.soql.bound import Aggregate, BoundOrder, Column, Group, Key, Operand, Slot, Subtotal, key_of
from mocksf.soql.expressions import ExpressionWriter, constant
from mocksf.soql.functions import value_field
from mocksf.soql.grouping import result_field
from mocksf.soql.sql import OWN_ID, comparable, raw
from mocksf.values import writer

_MARK = "\x01"
"""Between what a text is compared by and the text itself."""
_SIMPLE = {
    "COUNT": "COUNT({raw})",
    "COUNT_DISTINCT": "COUNT(DISTINCT {comparable})",
    # As a real number: exact up to 2**53, and sums of 18-digit amounts never overflow.
    "SUM": "SUM(CAST({raw} AS DOUBLE PRECISION))",
    "AVG": "AVG({raw})",
}

Converter = Callable[[Any], Any] | None


class AggregateWriter(ExpressionWriter):
    """Writes conditions, sort keys and aggregates.

    `grouped`: for what comes behind GROUP BY. `rolled`: the keys of the groups that the present rows sum up over.
    """

    def __init__(self, slots: list[Slot], grouped: bool = False, rolled: frozenset[Key] = frozenset()) -> None:
        super().__init__(slots)
        self._grouped = grouped
        self._rolled = rolled

    def operand(self, operand: Operand) -> str:
        """What a comparison or a sort looks at."""
        if isinstance(operand, Aggregate):
            return self._aggregate(operand)
        if isinstance(operand, Subtotal):
            return "1" if key_of(operand.of) in self._rolled else "0"
        if self._is_rolled(operand):
            return "NULL"
        written = self.plain(operand)
        # Within a group all are alike; databases want to be told so of what is not literally its key.
        return written if isinstance(operand, Column) or not self._grouped else f"MIN({written})"

    def _aggregate(self, operand: Aggregate) -> str:
        stored = raw(operand.of) if isinstance(operand.of, Column) else ""
        pattern = _SIMPLE.get(operand.function, f"{operand.function}({{comparable}})")
        written = "" if stored and "{comparable}" not in pattern else self.plain(operand.of)
        return pattern.format(raw=stored or written, comparable=written)

    def key(self, group: Group) -> str:
        """What a group is told apart by: texts without regard to case (assumed, as comparisons are)."""
        return self.plain(group)

    def sorting(self, order: Iterable[BoundOrder]) -> list[str]:
        """The items of ORDER BY, up to the record's own id, which tells all of them apart."""
        items: list[str] = []
        for each in order:
            keys = self.sort_keys(each.operand)
            if keys == [OWN_ID]:  # never null: PostgreSQL has no index for where its nulls would go
                return [*items, f"{OWN_ID} {'DESC' if each.descending else 'ASC'}"]
            items += [f"{expression} {direction_of(each)}" for expression in keys]
        return items

    def sort_keys(self, operand: Operand) -> list[str]:
        """What an operand is sorted by, the most important first."""
        ranked = _ranked(operand)
        if self._is_rolled(operand):
            return ["NULL"] * (1 if ranked is None else 2)
        if ranked is None:
            return [_raised(result_field(operand), self.operand(operand))]
        if isinstance(operand, Aggregate):
            return [f"{operand.function}({self._rank(ranked)})"]
        return [self._rank(ranked), comparable(ranked)]

    def _is_rolled(self, operand: Operand) -> bool:
        return bool(self._rolled) and key_of(operand) in self._rolled

    def _rank(self, column: Column) -> str:
        """The place of a picklist value among those the picklist defines; unknown values come behind."""
        written = comparable(column)
        cases = []
        for place, value in enumerate(column.field.picklist_values):
            self._slots.append(constant(value.value.casefold()))
            cases.append(f"WHEN ? THEN '{place:04d}'")
        return f"CASE WHEN {written} IS NULL THEN NULL ELSE CASE {written} {' '.join(cases)} ELSE '9999' END END"

    def selected(self, operand: Operand) -> tuple[str, Converter]:
        """What an aggregate query selects, and how the answer becomes JSON."""
        if isinstance(operand, Aggregate):
            return self._summed(operand)
        if isinstance(operand, Subtotal) or self._is_rolled(operand):
            return self.operand(operand), writer(result_field(operand))
        if isinstance(operand, Column) and not operand.field.is_text:
            return raw(operand), writer(operand.field)
        # Texts are grouped without regard to case, so one of their spellings has to be picked.
        written = raw(operand) if isinstance(operand, Column) else self.plain(operand)
        return f"MIN({written})", None

    def _summed(self, operand: Aggregate) -> tuple[str, Converter]:
        if operand.function in {"MIN", "MAX"}:
            return self._extreme(operand)
        field = result_field(operand)
        if operand.function.startswith("COUNT"):
            return self.operand(operand), None
        if field.type == "int":
            return self.operand(operand), int
        return self.operand(operand), writer(field)

    def _extreme(self, operand: Aggregate) -> tuple[str, Converter]:
        """MIN and MAX; of texts, the text that is first or last by what it is sorted by."""
        column = operand.of
        if not isinstance(column, Column) or not column.field.is_text:
            written = raw(column) if isinstance(column, Column) else self.plain(column)
            return f"{operand.function}({written})", writer(value_field(column))
        ranked = column.field.type == "picklist" and column.field.picklist_values
        by = self._rank(column) if ranked else _raised(column.field, comparable(column))
        self._slots.append(constant(_MARK))
        return f"{operand.function}({by} || ? || {raw(column)})", _behind_mark


def direction_of(order: BoundOrder) -> str:
    """Up or down, and where nothing goes."""
    return f"{'DESC' if order.descending else 'ASC'} NULLS {order.nulls}"


def _ranked(operand: Operand) -> Column | None:
    """The picklist whose defined order an operand is sorted by, or None."""
    if isinstance(operand, Aggregate):
        column = operand.of if operand.function in {"MIN", "MAX"} else None
    else:
        column = operand if isinstance(operand, Column) else None
    if not isinstance(column, Column) or column.field.type != "picklist" or not column.field.picklist_values:
        return None
    return column


def _raised(field: Field, written: str) -> str:
    """Texts are sorted by their capitals (SOQL reference: English locales, by upper-case UTF-8)."""
    return f"UPPER({written})" if field.is_text else written


def _behind_mark(text: str) -> str:
    return text.partition(_MARK)[2]
