"""Groups and their subtotals in SQL: one SELECT where there are groups alone, one for each kind of total otherwise."""

from itertools import combinations

from mocksf.soql.aggregates import AggregateWriter, Converter, direction_of
from mocksf.soql.bound import BoundQuery, Group, Key, Operand, Slot, Value, key_of
from mocksf.soql.sql import source, where_clause


class Totals:
    """Writes an aggregate query; `converters` say how its columns become JSON."""

    def __init__(self, query: BoundQuery, slots: list[Slot]) -> None:
        self._query = query
        self._slots = slots
        self._parts: list[Operand] = [part.operand for part in query.record.parts.values() if isinstance(part, Value)]
        self.converters: list[Converter] = []

    def statement(self) -> str:
        """The statement without its LIMIT."""
        if not self._query.totals:
            return self._plain()
        selects = [self._select(rolled) for rolled in _rollings(self._query)]
        columns = ", ".join(f"c{at}" for at in range(len(self._parts)))
        return f"SELECT {columns} FROM ({' UNION ALL '.join(selects)}) AS totals{self._order()}"

    def _plain(self) -> str:
        """Groups alone; without GROUP BY exactly one row."""
        query, behind = self._query, AggregateWriter(self._slots, grouped=True)
        text = (
            f"SELECT {', '.join(self._selected(behind))} {source(query.places)}{self._conditions(behind, query.group)}"
        )
        order = [*behind.sorting(query.order), *(f"{behind.operand(group)} ASC NULLS FIRST" for group in query.group)]
        return f"{text} ORDER BY {', '.join(order)}" if order else text

    def _selected(self, behind: AggregateWriter) -> list[str]:
        selected = [behind.selected(operand) for operand in self._parts]
        self.converters = self.converters or [converter for _, converter in selected]
        return [expression for expression, _ in selected]

    def _conditions(self, behind: AggregateWriter, groups: tuple[Group, ...]) -> str:
        """WHERE, GROUP BY and HAVING, in the order in which they stand."""
        query, row = self._query, AggregateWriter(self._slots)
        text = where_clause(query.root, [row.write(query.where)] if query.where is not None else [])
        keys = [row.key(group) for group in groups]
        text += f" GROUP BY {', '.join(keys)}" if keys else ""
        return text + (f" HAVING {behind.write(query.having)}" if query.having is not None else "")

    def _select(self, rolled: frozenset[Key]) -> str:
        """The rows of one kind of total: what is summed up over is null, and what they are sorted by comes along."""
        query, behind = self._query, AggregateWriter(self._slots, grouped=True, rolled=rolled)
        columns = [f"{expression} AS c{at}" for at, expression in enumerate(self._selected(behind))]
        sorted_by = [key for each in query.order for key in behind.sort_keys(each.operand)]
        for group in query.group:
            sorted_by += ["1" if key_of(group) in rolled else "0", behind.operand(group)]
        columns += [f"{expression} AS s{at}" for at, expression in enumerate(sorted_by)]
        kept = tuple(group for group in query.group if key_of(group) not in rolled)
        text = f"SELECT {', '.join(columns)} {source(query.places)}{self._conditions(behind, kept)}"
        # A total over all is a row even where there are no records; like every total it is left out then (assumed).
        return text if kept or query.having is not None else f"{text} HAVING COUNT(*) > 0"

    def _order(self) -> str:
        """As ORDER BY says; then by groups, each subtotal behind its details (assumed)."""
        writer = AggregateWriter([], grouped=True)
        directions = [direction_of(each) for each in self._query.order for _ in writer.sort_keys(each.operand)]
        directions += ["ASC NULLS FIRST"] * 2 * len(self._query.group)
        return " ORDER BY " + ", ".join(f"s{at} {direction}" for at, direction in enumerate(directions))


def _rollings(query: BoundQuery) -> list[frozenset[Key]]:
    """For each kind of total, the keys of the groups it sums up over; the groups themselves come first."""
    keys = [key_of(group) for group in query.group]
    if query.totals == "ROLLUP":
        return [frozenset(keys[length:]) for length in range(len(keys), -1, -1)]
    return [frozenset(chosen) for size in range(len(keys) + 1) for chosen in combinations(keys, size)]
