"""Date literals → spans: a row for each, all counted from one day in one zone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

DAY = timedelta(days=1)
FIRST_DAY, LAST_DAY = date(1700, 1, 1), date(4000, 12, 31)
"""Dates lie between these (SOQL reference); a span that would pass them ends there."""
COUNT_MAX = 10**6
"""The largest n of `LAST_N_DAYS:n` and its kin; whatever lies further, lies outside the calendar."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When a query is asked, and how its asker counts days, weeks and fiscal years."""

    now: datetime
    zone: tzinfo = UTC
    first_weekday: int = 6
    """The day a week begins with, Monday = 0; Sunday is that of the English (United States) locale."""
    fiscal_month: int = 1
    """The month a fiscal year begins with, 1 to 12 (`Organization.FiscalYearStartMonth`)."""
    fiscal_by_start: bool = False
    """Whether a fiscal year is called after the calendar year it begins in, not after the one it ends in."""
    user_id: str = ""
    """Whose records `USING SCOPE mine` means."""
    locale: str = "en_US"
    """How `FORMAT()` writes (`User.LocaleSidKey`)."""

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()


ANY_MOMENT = Moment(datetime(2000, 1, 1, tzinfo=UTC))
"""For what does not look at the time."""


class Span(NamedTuple):
    """A stretch of days: the first, and the one behind the last; `until_now` ends it with the current second."""

    start: date
    end: date
    until_now: bool = False

    def start_ms(self, moment: Moment) -> int:
        """The first instant, as epoch milliseconds."""
        return _midnight_ms(self.start, moment.zone)

    def end_ms(self, moment: Moment) -> int:
        """The first instant that is no longer inside, as epoch milliseconds."""
        if self.until_now:
            return (int(moment.now.timestamp()) + 1) * 1000
        return _midnight_ms(self.end, moment.zone)


def _midnight_ms(day: date, zone: tzinfo) -> int:
    return int(datetime.combine(day, time(), zone).timestamp()) * 1000


# -- the calendar: the first day of the unit that holds today, moved by n units ---------------------------------------


def _shifted(day: date, days: int) -> date:
    """`day` moved by `days`, but never out of the calendar."""
    return date.fromordinal(min(max(day.toordinal() + days, FIRST_DAY.toordinal()), LAST_DAY.toordinal()))


def _day(moment: Moment, shift: int) -> date:
    return _shifted(moment.today, shift)


def _week(moment: Moment, shift: int) -> date:
    into_week = (moment.today.weekday() - moment.first_weekday) % 7
    return _shifted(moment.today, 7 * shift - into_week)


def _month(moment: Moment, shift: int, size: int = 1, first: int = 1) -> date:
    """The first day of the group of `size` months, counted from month `first`, that holds today."""
    months = moment.today.year * 12 + moment.today.month - first
    months = (months // size + shift) * size + first - 1
    year, month = divmod(min(max(months, FIRST_DAY.year * 12), LAST_DAY.year * 12 + 11), 12)
    return date(year, month + 1, 1)


def _quarter(moment: Moment, shift: int) -> date:
    return _month(moment, shift, 3)


def _year(moment: Moment, shift: int) -> date:
    return _month(moment, shift, 12)


def _fiscal_quarter(moment: Moment, shift: int) -> date:
    return _month(moment, shift, 3, moment.fiscal_month)


def _fiscal_year(moment: Moment, shift: int) -> date:
    return _month(moment, shift, 12, moment.fiscal_month)


Unit = Callable[[Moment, int], date]
UNITS: dict[str, Unit] = {
    "WEEK": _week,
    "MONTH": _month,
    "QUARTER": _quarter,
    "YEAR": _year,
    "FISCAL_QUARTER": _fiscal_quarter,
    "FISCAL_YEAR": _fiscal_year,
}

Literal = Callable[[Moment, int], Span]


def _units(unit: Unit, first: int, behind: int) -> Literal:
    """The span from unit `first` up to, and without, unit `behind`; both counted from the present one."""
    return lambda moment, _: Span(unit(moment, first), unit(moment, behind))


def _last(unit: Unit) -> Literal:
    return lambda moment, n: Span(unit(moment, -n), unit(moment, 0))


def _next(unit: Unit) -> Literal:
    return lambda moment, n: Span(unit(moment, 1), unit(moment, n + 1))


def _ago(unit: Unit) -> Literal:
    return lambda moment, n: Span(unit(moment, -n), unit(moment, 1 - n))


def _last_days(moment: Moment, n: int) -> Span:
    """Today is part of it, up to the current second: n + 1 days (SOQL reference, date literals)."""
    return Span(_day(moment, -n), _day(moment, 1), until_now=True)


PLAIN: dict[str, Literal] = {
    "YESTERDAY": _units(_day, -1, 0),
    "TODAY": _units(_day, 0, 1),
    "TOMORROW": _units(_day, 1, 2),
    "LAST_90_DAYS": lambda moment, _: _last_days(moment, 90),
    "NEXT_90_DAYS": _units(_day, 1, 91),
    **{f"LAST_{name}": _units(unit, -1, 0) for name, unit in UNITS.items()},
    **{f"THIS_{name}": _units(unit, 0, 1) for name, unit in UNITS.items()},
    **{f"NEXT_{name}": _units(unit, 1, 2) for name, unit in UNITS.items()},
}
"""The literals without a number."""

COUNTED: dict[str, Literal] = {
    "LAST_N_DAYS": _last_days,
    "NEXT_N_DAYS": _next(_day),
    "N_DAYS_AGO": _ago(_day),
    **{f"LAST_N_{name}S": _last(unit) for name, unit in UNITS.items()},
    **{f"NEXT_N_{name}S": _next(unit) for name, unit in UNITS.items()},
    **{f"N_{name}S_AGO": _ago(unit) for name, unit in UNITS.items()},
}
"""The literals with a number behind a colon: `LAST_N_DAYS:30`."""


def literal(text: str) -> Callable[[Moment], Span] | None:
    """The span that a date literal means, still to be told the moment; None where there is no such literal."""
    name, _, count = text.upper().partition(":")
    meaning = (COUNTED if count else PLAIN).get(name)
    if meaning is None:
        return None
    number = int(count or 0) if len(count) < len(str(COUNT_MAX)) else COUNT_MAX
    return lambda moment: meaning(moment, number)
