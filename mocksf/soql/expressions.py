"""What is neither a field nor an aggregate, written in SQL: parts of dates, labels and distances."""

import re
from collections.abc import Callable
from typing import Any

from mocksf.soql.bound import Column, DatePart, Distance, Labelled, Plain, Slot
from mocksf.soql.dates import Moment
from mocksf.soql.functions import label_table
from mocksf.soql.sql import ConditionWriter, comparable, raw

KM_PER_MILE = 1.609344

_YEAR = "CAST(substr({day}, 1, 4) AS INTEGER)"
_MONTH = "CAST(substr({day}, 6, 2) AS INTEGER)"
_DAY = "CAST(substr({day}, 9, 2) AS INTEGER)"
_DAY_IN_YEAR = "(sf_ordinal({day}) - sf_ordinal(substr({day}, 1, 4) || '-01-01') + 1)"
_FISCAL = f"(({_MONTH} - CAST({{fiscal}} AS INTEGER) + 12) % 12)"
PARTS = {
    "CALENDAR_YEAR": _YEAR,
    "CALENDAR_QUARTER": f"(({_MONTH} + 2) / 3)",
    "CALENDAR_MONTH": _MONTH,
    "DAY_IN_MONTH": _DAY,
    "DAY_IN_WEEK": "(sf_ordinal({day}) % 7 + 1)",  # Sunday is 1, and 7 divides its number
    "DAY_IN_YEAR": _DAY_IN_YEAR,
    "DAY_ONLY": "{day}",
    "FISCAL_YEAR": f"({_YEAR} + CASE WHEN {_MONTH} >= {{fiscal}} THEN {{after}} ELSE {{before}} END)",
    "FISCAL_QUARTER": f"({_FISCAL} / 3 + 1)",
    "FISCAL_MONTH": f"({_FISCAL} + 1)",
    "HOUR_IN_DAY": "sf_hour({instant}, {zone})",
    "WEEK_IN_MONTH": f"(({_DAY} + 6) / 7)",
    "WEEK_IN_YEAR": f"(({_DAY_IN_YEAR} + 6) / 7)",
}
"""Per date function: how it is counted from the day, `YYYY-MM-DD` (SOQL reference, date functions)."""
_HOLES = re.compile(r"\{(\w+)\}")


def _after(moment: Moment) -> int:
    """What the months from the first fiscal month on add to the calendar year, to make the fiscal one."""
    return 0 if moment.fiscal_by_start or moment.fiscal_month == 1 else 1


_ASKED: dict[str, Callable[[Moment], Any]] = {
    "fiscal": lambda moment: moment.fiscal_month,
    "after": _after,
    "before": lambda moment: -1 if moment.fiscal_by_start else 0,
    "zone": lambda moment: str(moment.zone),
}
"""What depends on who asks."""


class ExpressionWriter(ConditionWriter):
    """Writes conditions over everything that a row has by itself."""

    def plain(self, operand: Plain) -> str:
        """What a comparison looks at; the values it waits for are noted as it is written."""
        if isinstance(operand, DatePart):
            return self._part(operand)
        if isinstance(operand, Labelled):
            return self._label(operand)
        return self._distance(operand) if isinstance(operand, Distance) else comparable(operand)

    def _part(self, part: DatePart) -> str:
        """Each hole of the template is filled where it stands, so that values line up with their marks."""

        def fill(hole: re.Match[str]) -> str:
            if hole[1] == "instant":
                return raw(part.column)
            if hole[1] == "zone":
                return self._zone(part)
            return self._day(part) if hole[1] == "day" else self._asked(hole[1])

        return _HOLES.sub(fill, PARTS[part.function])

    def _day(self, part: DatePart) -> str:
        stored = raw(part.column)
        return stored if part.column.field.type == "date" else f"sf_day({stored}, {self._zone(part)})"

    def _zone(self, part: DatePart) -> str:
        return self._asked("zone") if part.local else "'UTC'"

    def _asked(self, name: str) -> str:
        answer = _ASKED[name]
        self._slots.append(Slot("", lambda _, moment: answer(moment), dated=True))
        return "?"

    def _label(self, operand: Labelled) -> str:
        written = comparable(operand.column)
        cases = []
        for value, label in label_table(operand.column.field).items():
            self._slots += [constant(value), constant(label.casefold())]
            cases.append("WHEN ? THEN ?")
        return f"CASE {written} {' '.join(cases)} ELSE {written} END" if cases else written

    def _distance(self, operand: Distance) -> str:
        ends = ", ".join(self._degrees(each) for each in (*operand.start, *operand.end))
        return f"(sf_km({ends}) / {KM_PER_MILE})" if operand.miles else f"sf_km({ends})"

    def _degrees(self, end: Column | Slot) -> str:
        if isinstance(end, Slot):
            self._slots.append(end)
            return "?"
        return f"(CAST({raw(end)} AS DOUBLE PRECISION) / {10**end.field.scale})"


def constant(value: Any) -> Slot:
    """A value that no literal of the query may take the place of."""
    return Slot("", lambda *_: value)
