"""The functions that a store lends its database: days and hours in a zone, numbers of days, distances; bare digits."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocksf.functions import FUNCTIONS, day_of, hour_of, kilometres, ordinal_of, zone_named
from mocksf.store import Store
from mocksf.tables import digits_of
from tests.soql_world import schema

SECONDS = st.integers(-8_520_000_000, 64_060_000_000)
"""From 1700 to 3999, counted from 1970."""
BERLIN, NEW_YORK = (52.52, 13.405), (40.7128, -74.006)


def stored(instant: datetime) -> int:
    return int(instant.timestamp()) * 1000


@given(SECONDS)
def test_utc_is_a_zone_like_any_other(seconds: int):
    instant = datetime.fromtimestamp(seconds, UTC)

    assert day_of(stored(instant), "UTC") == day_of(stored(instant), "Etc/UTC") == str(instant.date())
    assert hour_of(stored(instant), "UTC") == hour_of(stored(instant), "Etc/UTC") == instant.hour


@pytest.mark.parametrize(
    ("zone", "day", "hour"),
    [("America/Los_Angeles", "2025-12-31", 16), ("Europe/Berlin", "2026-01-01", 1), ("Asia/Kolkata", "2026-01-01", 5)],
)
def test_a_zone_has_a_day_and_an_hour_of_its_own(zone: str, day: str, hour: int):
    new_year = stored(datetime(2026, 1, 1, tzinfo=UTC))

    assert (day_of(new_year, zone), hour_of(new_year, zone)) == (day, hour)


@pytest.mark.parametrize("name", [None, "", "Nowhere/Land", "../etc/passwd", "Europe"])
def test_what_names_no_zone_is_utc(name: str | None):
    assert zone_named(name) is UTC


@given(st.dates(date(1700, 1, 1)))
def test_days_are_numbered_from_a_monday(day: date):
    number = ordinal_of(str(day))

    assert number is not None
    assert number % 7 == (day.weekday() + 1) % 7


def test_a_distance_is_that_of_a_great_circle():
    assert kilometres(*BERLIN, *NEW_YORK) == pytest.approx(6385, abs=5)
    assert kilometres(*BERLIN, *BERLIN) == 0
    assert kilometres(90, 0, -90, 0) == pytest.approx(20_015, abs=1)


def test_nothing_comes_of_nothing():
    assert [day_of(None, "UTC"), hour_of(None, "UTC"), ordinal_of(None), kilometres(1, 2, None, 4)] == [None] * 4


def test_a_store_knows_all_of_them():
    store = Store(schema())

    for name, (arity, _) in FUNCTIONS.items():
        assert store.rows(f"SELECT {name}({', '.join(['NULL'] * arity)})") == [(None,)]


@pytest.mark.parametrize(
    ("phone", "digits"),
    [
        ("+1 (415) 555-0100", "14155550100"),
        ("415.555.0100 x12", "4155550100"),
        ("415 555 0100 ext. 5", "4155550100"),
        ("1-800-FLOWERS", "1800"),
        ("110", "110"),
        ("none", None),
        ("", None),
        (None, None),
        ("٠٣٠ 1234567", "1234567"),
    ],
)
def test_what_is_dialled_are_the_digits(phone: str | None, digits: str | None):
    assert digits_of(phone) == digits
