"""Date literals, row by row: the first day of each, and the first day behind it, counted by hand on a calendar."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocksf.soql.dates import COUNTED, PLAIN, UNITS, Moment, literal

WEDNESDAY = Moment(datetime(2026, 5, 13, 10, 30, 15, 500_000, tzinfo=UTC), fiscal_month=4)

TABLE = {
    "YESTERDAY": ("2026-05-12", "2026-05-13"),
    "TODAY": ("2026-05-13", "2026-05-14"),
    "TOMORROW": ("2026-05-14", "2026-05-15"),
    "LAST_90_DAYS": ("2026-02-12", "2026-05-14"),
    "NEXT_90_DAYS": ("2026-05-14", "2026-08-12"),
    "LAST_WEEK": ("2026-05-03", "2026-05-10"),
    "THIS_WEEK": ("2026-05-10", "2026-05-17"),
    "NEXT_WEEK": ("2026-05-17", "2026-05-24"),
    "LAST_MONTH": ("2026-04-01", "2026-05-01"),
    "THIS_MONTH": ("2026-05-01", "2026-06-01"),
    "NEXT_MONTH": ("2026-06-01", "2026-07-01"),
    "LAST_QUARTER": ("2026-01-01", "2026-04-01"),
    "THIS_QUARTER": ("2026-04-01", "2026-07-01"),
    "NEXT_QUARTER": ("2026-07-01", "2026-10-01"),
    "LAST_YEAR": ("2025-01-01", "2026-01-01"),
    "THIS_YEAR": ("2026-01-01", "2027-01-01"),
    "NEXT_YEAR": ("2027-01-01", "2028-01-01"),
    "LAST_FISCAL_QUARTER": ("2026-01-01", "2026-04-01"),
    "THIS_FISCAL_QUARTER": ("2026-04-01", "2026-07-01"),
    "NEXT_FISCAL_QUARTER": ("2026-07-01", "2026-10-01"),
    "LAST_FISCAL_YEAR": ("2025-04-01", "2026-04-01"),
    "THIS_FISCAL_YEAR": ("2026-04-01", "2027-04-01"),
    "NEXT_FISCAL_YEAR": ("2027-04-01", "2028-04-01"),
    "LAST_N_DAYS:3": ("2026-05-10", "2026-05-14"),
    "LAST_N_DAYS:0": ("2026-05-13", "2026-05-14"),
    "NEXT_N_DAYS:3": ("2026-05-14", "2026-05-17"),
    "N_DAYS_AGO:3": ("2026-05-10", "2026-05-11"),
    "LAST_N_WEEKS:2": ("2026-04-26", "2026-05-10"),
    "NEXT_N_WEEKS:2": ("2026-05-17", "2026-05-31"),
    "N_WEEKS_AGO:2": ("2026-04-26", "2026-05-03"),
    "LAST_N_MONTHS:6": ("2025-11-01", "2026-05-01"),
    "NEXT_N_MONTHS:8": ("2026-06-01", "2027-02-01"),
    "N_MONTHS_AGO:5": ("2025-12-01", "2026-01-01"),
    "LAST_N_QUARTERS:2": ("2025-10-01", "2026-04-01"),
    "NEXT_N_QUARTERS:3": ("2026-07-01", "2027-04-01"),
    "N_QUARTERS_AGO:2": ("2025-10-01", "2026-01-01"),
    "LAST_N_YEARS:2": ("2024-01-01", "2026-01-01"),
    "NEXT_N_YEARS:2": ("2027-01-01", "2029-01-01"),
    "N_YEARS_AGO:2": ("2024-01-01", "2025-01-01"),
    "LAST_N_FISCAL_QUARTERS:1": ("2026-01-01", "2026-04-01"),
    "NEXT_N_FISCAL_QUARTERS:1": ("2026-07-01", "2026-10-01"),
    "N_FISCAL_QUARTERS_AGO:1": ("2026-01-01", "2026-04-01"),
    "LAST_N_FISCAL_YEARS:1": ("2025-04-01", "2026-04-01"),
    "NEXT_N_FISCAL_YEARS:1": ("2027-04-01", "2028-04-01"),
    "N_FISCAL_YEARS_AGO:1": ("2025-04-01", "2026-04-01"),
}


def noon(day: date, fiscal_month: int = 1, first_weekday: int = 6) -> Moment:
    return Moment(
        datetime(day.year, day.month, day.day, 12, tzinfo=UTC), first_weekday=first_weekday, fiscal_month=fiscal_month
    )


def span(text: str, moment: Moment = WEDNESDAY) -> tuple[str, str]:
    found = literal(text)(moment)
    return str(found.start), str(found.end)


@pytest.mark.parametrize("text", TABLE)
def test_a_literal_spans(text: str):
    assert span(text) == TABLE[text]


def test_the_table_leaves_no_literal_out():
    assert {text.partition(":")[0] for text in TABLE} == {*PLAIN, *COUNTED}


@pytest.mark.parametrize("text", ["TODAY:1", "LAST_N_DAYS", "LAST_N_FORTNIGHTS:2", "SOMEDAY", ""])
def test_other_words_are_no_literals(text: str):
    assert literal(text) is None


class TestAWeek:
    @pytest.mark.parametrize(
        ("day", "first_weekday", "start"),
        [
            (date(2026, 5, 10), 6, "2026-05-10"),
            (date(2026, 5, 16), 6, "2026-05-10"),
            (date(2026, 5, 10), 0, "2026-05-04"),
            (date(2026, 5, 11), 0, "2026-05-11"),
        ],
    )
    def test_begins_where_the_locale_says(self, day: date, first_weekday: int, start: str):
        assert span("THIS_WEEK", noon(day, first_weekday=first_weekday))[0] == start


class TestTheZone:
    LATE = Moment(datetime(2026, 5, 13, 2, 0, tzinfo=UTC), ZoneInfo("America/Los_Angeles"))

    def test_decides_which_day_it_is(self):
        assert span("TODAY", self.LATE) == ("2026-05-12", "2026-05-13")

    def test_decides_when_a_day_begins(self):
        today = literal("TODAY")(self.LATE)

        assert datetime.fromtimestamp(today.start_ms(self.LATE) / 1000, UTC) == datetime(2026, 5, 12, 7, tzinfo=UTC)
        assert datetime.fromtimestamp(today.end_ms(self.LATE) / 1000, UTC) == datetime(2026, 5, 13, 7, tzinfo=UTC)

    def test_knows_the_day_of_23_hours(self):
        moment = Moment(datetime(2026, 3, 29, 12, tzinfo=UTC), ZoneInfo("Europe/Berlin"))
        today = literal("TODAY")(moment)

        assert today.end_ms(moment) - today.start_ms(moment) == 23 * 3600 * 1000


def test_the_last_days_end_with_the_current_second():
    found = literal("LAST_N_DAYS:1")(WEDNESDAY)

    assert datetime.fromtimestamp(found.end_ms(WEDNESDAY) / 1000, UTC) == datetime(2026, 5, 13, 10, 30, 16, tzinfo=UTC)


@given(
    st.dates(date(1900, 1, 1), date(3900, 1, 1)),
    st.integers(0, 10**9),
    st.integers(1, 12),
    st.sampled_from(sorted(COUNTED)),
)
def test_no_number_leads_out_of_the_calendar(today: date, number: int, fiscal_month: int, name: str):
    moment = noon(today, fiscal_month)

    found = literal(f"{name}:{number}")(moment)

    assert date(1700, 1, 1) <= found.start <= found.end <= date(4000, 12, 31)


@given(st.dates(date(1800, 1, 1), date(3900, 1, 1)), st.integers(1, 12))
def test_units_follow_each_other_without_gap(today: date, fiscal_month: int):
    moment = noon(today, fiscal_month)

    for unit in UNITS:
        last, this, following = (literal(f"{which}_{unit}")(moment) for which in ("LAST", "THIS", "NEXT"))
        assert (last.end, this.end) == (this.start, following.start)
        assert this.start <= moment.today < this.end
        assert literal(f"LAST_N_{unit}S:1")(moment) == last
        assert literal(f"N_{unit}S_AGO:1")(moment) == last
        assert this.end - this.start >= timedelta(days=7)
