"""Functions and arithmetic of dates, instants and times of day; all in UTC."""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from mocksf.formula.bound import DATE, DATETIME, NUMBER, TIME, Function
from mocksf.formula.kinds import Kind
from mocksf.formula.problems import trouble
from mocksf.moments import EPOCH, FIRST_YEAR, LAST_YEAR

_DAY_MS = 86_400_000
_DATETIME = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})Z?")
_TIME = re.compile(r"(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?")


def _known(day: Any) -> Any:
    """A date or an instant that lies in the years that the org knows."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        trouble("The date is out of range")
    return day


def day_of(year: Decimal, month: Decimal, day: Decimal) -> date:
    """DATE(): Trouble for a day that does not exist."""
    return _known(date(int(year), int(month), int(day)))  # type: ignore[no-any-return]


def as_date(value: Any) -> date | None:
    """DATEVALUE(): the day of an instant, or of a text `2024-01-31`."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date) or not value:
        return value or None
    try:
        return _known(date.fromisoformat(value.strip()))  # type: ignore[no-any-return]
    except ValueError:
        trouble(f"'{value}' is no date")


def as_datetime(value: Any) -> datetime | None:
    """DATETIMEVALUE(): the first second of a day, or the instant of a text `2024-01-31 10:30:00` (documented)."""
    if isinstance(value, datetime) or not value:
        return value or None
    if isinstance(value, date):
        return datetime.combine(value, time(), UTC)
    found = _DATETIME.fullmatch(value.strip())
    if not found:
        trouble(f"'{value}' is no date with time")
    return _known(datetime.fromisoformat(f"{found[1]}T{found[2]}").replace(tzinfo=UTC))  # type: ignore[no-any-return]


def as_time(value: Any) -> time | None:
    """TIMEVALUE(): the time of an instant, or of a text `17:30:45.125` (documented)."""
    if isinstance(value, datetime):
        return value.time()
    if isinstance(value, time) or value is None:
        return value
    found = _TIME.fullmatch(value.strip())
    if not found:
        trouble(f"'{value}' is no time of day")
    return time(int(found[1]), int(found[2]), int(found[3] or 0), int((found[4] or "0").ljust(3, "0")) * 1000)


def add_months(day: Any, months: Decimal) -> Any:
    """ADDMONTHS(): the same day so many months later; the last day of a month stays the last (published source)."""
    last = day.day == monthrange(day.year, day.month)[1]
    count = day.year * 12 + day.month - 1 + int(months)
    year, month = divmod(count, 12)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        trouble("The date is out of range")
    length = monthrange(year, month + 1)[1]
    return day.replace(year=year, month=month + 1, day=length if last else min(day.day, length))


def _weekday(day: date) -> Decimal:
    return Decimal(day.isoweekday() % 7 + 1)


def _part(name: str) -> Callable[[Any], Decimal]:
    return lambda value: Decimal(getattr(value, name))


DATES: Mapping[str, Function] = {
    "DATE": Function((NUMBER, NUMBER, NUMBER), DATE, day_of),
    "YEAR": Function((DATE,), NUMBER, _part("year")),
    "MONTH": Function((DATE,), NUMBER, _part("month")),
    "DAY": Function((DATE,), NUMBER, _part("day")),
    "WEEKDAY": Function((DATE,), NUMBER, _weekday),
    "DAYOFYEAR": Function((DATE,), NUMBER, lambda day: Decimal(day.timetuple().tm_yday)),
    "ISOWEEK": Function((DATE,), NUMBER, lambda day: Decimal(day.isocalendar().week)),
    "ISOYEAR": Function((DATE,), NUMBER, lambda day: Decimal(day.isocalendar().year)),
    "HOUR": Function((TIME,), NUMBER, _part("hour")),
    "MINUTE": Function((TIME,), NUMBER, _part("minute")),
    "SECOND": Function((TIME,), NUMBER, _part("second")),
    "MILLISECOND": Function((TIME,), NUMBER, lambda value: Decimal(value.microsecond // 1000)),
    "UNIXTIMESTAMP": Function((DATETIME,), NUMBER, lambda instant: Decimal((instant - EPOCH) // timedelta(seconds=1))),
    "FROMUNIXTIME": Function((NUMBER,), DATETIME, lambda number: _known(EPOCH + timedelta(seconds=int(number)))),
}
"""Every function of dates whose arguments are of one kind; those of several kinds are forms (forms.py)."""


# -- arithmetic --------------------------------------------------------------------------------------------------------


def _later(day: date, days: Decimal) -> date:
    return _known(day + timedelta(days=int(days)))  # type: ignore[no-any-return]


def _after(instant: datetime, days: Decimal) -> datetime:
    return _known(instant + timedelta(milliseconds=round(days * _DAY_MS)))  # type: ignore[no-any-return]


def _days(one: date, other: date) -> Decimal:
    return Decimal((one - other).days)


def _between(one: datetime, other: datetime) -> Decimal:
    return Decimal((one - other) // timedelta(milliseconds=1)) / _DAY_MS


def _clock_ms(value: time) -> int:
    return ((value.hour * 60 + value.minute) * 60 + value.second) * 1000 + value.microsecond // 1000


def _turned(value: time, by: Decimal) -> time:
    """A time of day so many milliseconds later; the clock goes round (documented)."""
    return (EPOCH + timedelta(milliseconds=(_clock_ms(value) + int(by)) % _DAY_MS)).time()


Operator = tuple[Kind, Callable[[Any, Any], Any]]

DATE_OPERATORS: Mapping[tuple[str, Kind, Kind], Operator] = {
    ("+", DATE, NUMBER): (DATE, _later),
    ("+", NUMBER, DATE): (DATE, lambda days, day: _later(day, days)),
    ("-", DATE, NUMBER): (DATE, lambda day, days: _later(day, -days)),
    ("-", DATE, DATE): (NUMBER, _days),
    ("+", DATETIME, NUMBER): (DATETIME, _after),
    ("+", NUMBER, DATETIME): (DATETIME, lambda days, instant: _after(instant, days)),
    ("-", DATETIME, NUMBER): (DATETIME, lambda instant, days: _after(instant, -days)),
    ("-", DATETIME, DATETIME): (NUMBER, _between),
    ("+", TIME, NUMBER): (TIME, _turned),
    ("-", TIME, NUMBER): (TIME, lambda value, by: _turned(value, -by)),
    ("-", TIME, TIME): (NUMBER, lambda one, other: Decimal((_clock_ms(one) - _clock_ms(other)) % _DAY_MS)),
}
"""What can be added to and taken from dates, and what comes of it."""
