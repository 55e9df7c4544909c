"""Laws of the query language: no text breaks it, and it agrees with a second opinion over plain dicts."""

import re
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mocksf.errors import Refusal
from mocksf.soql import Result
from mocksf.soql.sql import RANGES_MAX
from tests.soql_joins import FAMILIES, INNERS, Inner, families, families_answer, joined, joined_answer
from tests.soql_reading import CONDITIONS, ORDERS, answer, ordered_by, written
from tests.soql_totals import GROUPS, KINDS, asked, expected, told
from tests.soql_world import CASES, ask, shortened

LINES = [line for path in sorted(CASES.glob("*.txt")) for line in path.read_text().splitlines() if line]
QUERIES = [line.split(" | ")[-1] for line in LINES if not line.startswith(("=>", "!!", "#"))]
WORDS = re.split(
    r"\s+",
    r"""SELECT FROM WHERE AND OR NOT IN LIKE ORDER BY GROUP HAVING LIMIT OFFSET NULLS FIRST ASC USING SCOPE WITH FOR
    Id Name Account Contacts Contact Account.Name Owner.Name CreatedDate TODAY LAST_N_DAYS:3 Amount COUNT COUNT() c.
    FIELDS(ALL) TYPEOF null true ( ) , = != <> < <= > >= 'a' '' '\u12' 5 -1.5 2026-01-01 2026-01-01T00:00:00Z : ' \
    TYPEOF What WHEN THEN ELSE END Task ROLLUP( CUBE( GROUPING(Name) CALENDAR_YEAR(CreatedDate) convertTimezone(
    DAY_ONLY(CreatedDate) DISTANCE(BillingAddress, GEOLOCATION(1, 2), 'km') FORMAT(Amount) convertCurrency( USD5000
    07:30:00.000Z DATA CATEGORY AT mine UPDATE TRACKING REFERENCE toLabel(Name)
    INCLUDES MIN(Name) 1e999 9999-99-99 0001-01-01T00:00:00+10:00 'x%' UPDATE VIEW ALL ROWS""",
)


def answered_or_refused(text: str, version: float) -> None:
    outcome: Result | Refusal
    try:
        outcome = ask(text, version)
    except Refusal as refusal:
        outcome = refusal
    if isinstance(outcome, Refusal):
        assert (bool(outcome.message), outcome.status) == (True, 400)
    else:
        assert outcome.count_only or outcome.total == len(outcome.records)


@given(st.text(max_size=200), st.sampled_from([57.0, 60.0, 66.0]))
@example("SELECT Id FROM Account WHERE Name = '\\ud800'", 66.0)
@example("SELECT Id FROM Account WHERE Name = '\ud800'", 66.0)
@example("SELECT Id FROM Account WHERE Name LIKE '\x00%'", 66.0)
@example("SELECT Id FROM Account LIMIT " + "9" * 5_000, 66.0)
@example("SELECT Id FROM Account WHERE NumberOfEmployees = " + "9" * 5_000, 66.0)
@example("SELECT Id FROM Account WHERE NumberOfEmployees = 1e" + "9" * 5_000, 66.0)
@example("SELECT Id FROM Account WHERE CreatedDate = LAST_N_DAYS:" + "9" * 5_000, 66.0)
def test_any_text_is_answered_or_refused(text: str, version: float):
    answered_or_refused(text, version)


@pytest.mark.parametrize(
    "condition",
    [
        f"CreatedDate IN ({', '.join(f'LAST_N_DAYS:{number}' for number in range(1, RANGES_MAX + 2))})",
        " OR ".join(["Name LIKE 'a%'"] * (RANGES_MAX + 1)),
    ],
    ids=["spans", "beginnings"],
)
def test_what_would_be_planned_for_seconds_is_too_complicated(condition: str):
    with pytest.raises(Refusal) as caught:
        ask(f"SELECT Id FROM Account WHERE {condition}")

    assert caught.value.code == "QUERY_TOO_COMPLICATED"


def test_a_day_named_again_and_again_is_one():
    assert ask(f"SELECT COUNT() FROM Account WHERE CreatedDate IN ({', '.join(['TODAY'] * 4_000)})").total == 1


@given(st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join), st.sampled_from([57.0, 66.0]))
def test_any_words_of_the_language_are_answered_or_refused(text: str, version: float):
    answered_or_refused(f"SELECT {text}", version)


@settings(max_examples=150)
@given(st.sampled_from(QUERIES), st.data())
def test_any_spoilt_query_is_answered_or_refused(query: str, data: st.DataObject):
    at = data.draw(st.integers(0, len(query)))
    behind = data.draw(st.integers(at, min(len(query), at + 12)))
    spoilt = query[:at] + data.draw(st.one_of(st.sampled_from(WORDS), st.text(max_size=3))) + query[behind:]

    answered_or_refused(spoilt, 66.0)


@settings(max_examples=250)
@given(CONDITIONS, ORDERS, st.integers(0, 5), st.integers(0, 3))
def test_the_answer_is_what_a_second_opinion_says(condition, orders, limit: int, offset: int):
    query = f"SELECT Id FROM Account WHERE {written(condition)}{ordered_by(orders)} LIMIT {limit} OFFSET {offset}"

    found = [record["Id"] for record in shortened(ask(query).records)]

    assert found == answer(condition, orders, limit, offset), query


@settings(max_examples=150)
@given(GROUPS, KINDS, CONDITIONS)
def test_groups_and_their_totals_are_what_a_second_opinion_says(groups: list[str], kind: str, condition):
    query = asked(groups, kind, condition)

    assert told(ask(query).records, groups, kind) == expected(groups, kind, condition), query


@settings(max_examples=150)
@given(CONDITIONS, INNERS)
def test_what_joins_let_through_is_what_a_second_opinion_says(condition, inners: list[Inner]):
    query = joined(condition, inners)

    found = [record["Id"] for record in shortened(ask(query).records)]

    assert found == joined_answer(condition, inners), query


@settings(max_examples=150)
@given(CONDITIONS, FAMILIES)
def test_parents_and_children_are_what_a_second_opinion_says(condition, wanted: list[tuple[str, bool, int]]):
    query = families(condition, wanted)

    assert shortened(ask(query).records) == families_answer(condition, wanted), query


@given(CONDITIONS)
def test_a_condition_and_its_inverse_share_out_all_records(condition):
    meets = ask(f"SELECT COUNT() FROM Account WHERE {written(condition)}").total
    fails = ask(f"SELECT COUNT() FROM Account WHERE NOT {written(condition)}").total

    assert meets + fails == 4


@settings(max_examples=50)
@given(CONDITIONS)
def test_names_may_be_written_in_any_case(condition):
    text = f"SELECT Id FROM Account WHERE {written(condition)}"
    loud = "'".join(part if number % 2 else part.upper() for number, part in enumerate(text.split("'")))

    assert ask(loud) == ask(text)


ANSWERED = [query for query, outcome in pairwise(LINES) if outcome.startswith("=>") and "'" not in query]


@pytest.mark.parametrize("query", [query for query in ANSWERED if " | " not in query])
def test_white_space_carries_no_meaning(query: str):
    assert ask("\n" + query.replace(" ", " \t\n ") + " ") == ask(query)
