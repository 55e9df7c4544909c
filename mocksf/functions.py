"""What queries need and SQL has no standard words for: functions that a store lends its database by name."""

import math
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

EARTH_KM = 6371.0088
"""The mean radius of the Earth; Salesforce documents its own distances as close to within 0.0002 %."""
_DAY_MS, _HOUR_MS = 86_400_000, 3_600_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=128)
def zone_named(name: str | None) -> tzinfo:
    """The zone of a name such as `Europe/Berlin`; UTC where there is none or the name means none."""
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def _local(instant_ms: int, zone: str) -> datetime:
    return (_EPOCH + timedelta(milliseconds=instant_ms)).astimezone(zone_named(zone))


def day_of(instant_ms: int | None, zone: str) -> str | None:
    """The day, `YYYY-MM-DD`, that an instant in epoch milliseconds falls on in a zone."""
    if instant_ms is None:
        return None
    return _utc_day(instant_ms // _DAY_MS) if zone == "UTC" else _local(instant_ms, zone).date().isoformat()


@lru_cache(maxsize=16_384)
def _utc_day(number: int) -> str:
    """The day that lies so many days behind 1 January 1970; a query asks for the same few again and again."""
    return (_EPOCH + timedelta(days=number)).date().isoformat()


def hour_of(instant_ms: int | None, zone: str) -> int | None:
    """The hour of the day, 0 to 23, of an instant in epoch milliseconds in a zone."""
    if instant_ms is None:
        return None
    return instant_ms // _HOUR_MS % 24 if zone == "UTC" else _local(instant_ms, zone).hour


def ordinal_of(day: str | None) -> int | None:
    """The number of a day, counted from Monday, 1 January 1 (which is 1)."""
    return None if day is None else date.fromisoformat(day).toordinal()


def kilometres(*degrees: float | None) -> float | None:
    """The distance of two places on a great circle: latitude and longitude of each; None where one is unknown."""
    known = [math.radians(each) for each in degrees if each is not None]
    if len(known) != 4:
        return None
    lat1, lon1, lat2, lon2 = known
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(half, 1.0)))


FUNCTIONS: Mapping[str, tuple[int, Callable[..., Any]]] = MappingProxyType(
    {
        "sf_day": (2, day_of),
        "sf_hour": (2, hour_of),
        "sf_ordinal": (1, ordinal_of),
        "sf_km": (4, kilometres),
    }
)
"""Name in SQL → how many arguments it takes, and what it does. A store on another database defines the same names."""
