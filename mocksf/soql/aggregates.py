"""How sorting, grouping and aggregating are written in SQL; picklists go by the order of their values."""

from collections.abc import Callable, Iterable
from typing import Any

from mocksf.soql.bound import Aggregate, BoundOrder, Column, Operand, Slot
from mocksf.soql.grouping import result_field
from mocksf.soql.sql import ConditionWriter, comparable, raw
from mocksf.values import writer

_MARK = "\x01"
"""Between what a text is compared by and the text itself."""
_SIMPLE = {
    "COUNT": "COUNT({raw})",
    "COUNT_DISTINCT": "COUNT(DISTINCT {comparable})",
    # As a real number: exact up to 2**53, and sums of 18-digit amounts never overflow.
    "SUM": "SUM(CAST({raw} AS REAL))",
    "AVG": "AVG({raw})",
}


class AggregateWriter(ConditionWriter):
    """Writes conditions, sort keys and aggregates."""

    def operand(self, operand: Operand) -> str:
        """What a comparison or a sort looks at."""
        if isinstance(operand, Column):
            return comparable(operand)
        column = operand.column
        if operand.function in _SIMPLE:
            return _SIMPLE[operand.function].format(raw=raw(column), comparable=comparable(column))
        return f"{operand.function}({comparable(column)})"

    def key(self, column: Column) -> str:
        """What a group is told apart by: texts without regard to case (assumed, as comparisons are)."""
        return comparable(column)

    def sorting(self, order: Iterable[BoundOrder]) -> list[str]:
        """The items of ORDER BY."""
        items = []
        for each in order:
            direction = f"{'DESC' if each.descending else 'ASC'} NULLS {each.nulls}"
            items += [f"{expression} {direction}" for expression in self._sort_keys(each.operand)]
        return items

    def _sort_keys(self, operand: Operand) -> list[str]:
        column = operand if isinstance(operand, Column) else operand.column
        if column.field.type != "picklist" or not column.field.picklist_values:
            return [self.operand(operand)]
        if isinstance(operand, Column):
            return [self._rank(column), comparable(column)]
        if operand.function in {"MIN", "MAX"}:
            return [f"{operand.function}({self._rank(column)})"]
        return [self.operand(operand)]

    def _rank(self, column: Column) -> str:
        """The place of a picklist value among those the picklist defines; unknown values come behind."""
        written = comparable(column)
        cases = []
        for place, value in enumerate(column.field.picklist_values):
            self._slots.append(_constant(value.value.casefold()))
            cases.append(f"WHEN ? THEN '{place:04d}'")
        return f"CASE WHEN {written} IS NULL THEN NULL ELSE CASE {written} {' '.join(cases)} ELSE '9999' END END"

    def selected(self, operand: Operand) -> tuple[str, Callable[[Any], Any] | None]:
        """What an aggregate query selects, and how the answer becomes JSON."""
        if isinstance(operand, Column):
            # Texts are grouped without regard to case, so one of their spellings has to be picked.
            written = f"MIN({raw(operand)})" if operand.field.is_text else raw(operand)
            return written, writer(operand.field)
        if operand.function in {"MIN", "MAX"}:
            return self._extreme(operand)
        field = result_field(operand)
        if operand.function.startswith("COUNT"):
            return self.operand(operand), None
        if operand.function == "SUM" and field.type == "int":
            return self.operand(operand), int
        return self.operand(operand), writer(field)

    def _extreme(self, operand: Aggregate) -> tuple[str, Callable[[Any], Any] | None]:
        """MIN and MAX; of texts, the text that is first or last by what it is compared by."""
        column = operand.column
        if not column.field.is_text:
            return f"{operand.function}({raw(column)})", writer(column.field)
        ranked = column.field.type == "picklist" and column.field.picklist_values
        by = self._rank(column) if ranked else comparable(column)
        return f"{operand.function}({by} || char(1) || {raw(column)})", _behind_mark


def _behind_mark(text: str) -> str:
    return text.partition(_MARK)[2]


def _constant(value: str) -> Slot:
    return Slot(value, lambda text, _: text)
