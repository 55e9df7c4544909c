"""Dates, instants and times of day: as the org reads them, stores them, and writes them (facts on model, §5.2)."""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_YEAR, LAST_YEAR = 1700, 4000
"""The years that dates may lie in (facts on SOQL, §1.9)."""

_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T.*)?")
_DATETIME = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.\d{1,9})?(Z|[+-]\d{2}:?\d{2})")
_TIME = re.compile(r"(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3})\d*)?)?Z?")


def milliseconds(instant: datetime) -> int:
    """An instant as stored."""
    since = instant - EPOCH  # taken apart by hand: a division of spans costs several times as much
    return (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000


@lru_cache(maxsize=1024)
def parse_date(text: str) -> str | None:
    """A date in its stored form, also from a whole instant, of which the day is kept as written; else None."""
    found = _DATE.fullmatch(text)
    if not found or (len(text) > 10 and parse_instant(text) is None):
        return None
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
    return day.isoformat() if FIRST_YEAR <= day.year <= LAST_YEAR else None


def parse_instant(text: str) -> datetime | None:
    """The instant of an ISO text with zone (`Z`, `+01:00` or `+0100`), to the second; else None."""
    found = _DATETIME.fullmatch(text)
    if not found:
        return None
    try:
        instant = datetime.fromisoformat(found[1] + found[2]).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return instant if FIRST_YEAR <= instant.year <= LAST_YEAR else None


def parse_datetime(text: str) -> int | None:
    """An instant as stored: seconds are kept, milliseconds are not; else None."""
    instant = parse_instant(text)
    return None if instant is None else milliseconds(instant)


def parse_time(text: str) -> int | None:
    """A time of day in milliseconds; else None."""
    found = _TIME.fullmatch(text)
    if not found:
        return None
    hours, minutes, seconds = int(found[1]), int(found[2]), int(found[3] or 0)
    if hours > 23 or minutes > 59 or seconds > 59:
        return None
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + int((found[4] or "0").ljust(3, "0"))


@lru_cache(maxsize=8192)
def datetime_text(stored: int) -> str:
    """Stored milliseconds as the org writes an instant: `2011-07-07T00:37:00.000+0000`."""
    instant = EPOCH + timedelta(milliseconds=stored)
    return f"{instant:%Y-%m-%dT%H:%M:%S}.{stored % 1000:03d}+0000"


def time_text(stored: int) -> str:
    """Stored milliseconds of the day as the org writes a time: `23:59:00.000Z`."""
    seconds, milli = divmod(stored, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{milli:03d}Z"
