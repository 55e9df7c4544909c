"""Laws of the search language: no text breaks it, and it agrees with a second opinion over plain dicts."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mocksf.errors import Refusal
from mocksf.sosl import Found
from mocksf.sosl.match import fits
from mocksf.sosl.shares import RECORDS_MAX, shared_out
from tests.soql_world import SEARCHES, search, shortened
from tests.sosl_reading import GROUPS, OBJECTS, TREES, answer, written

LINES = [line for path in sorted(SEARCHES.glob("*.txt")) for line in path.read_text().splitlines() if line]
STATEMENTS = [line for line in LINES if not line.startswith(("=>", "!!", "#"))]
WORDS = re.split(
    r"\s+",
    r"""{acme} {ac*} {4930111} {"beta gmbh"} {a {} } { IN ALL NAME PHONE FIELDS RETURNING Account Contact(Id, Name)
    (Id WHERE Name = 'x' ORDER BY Name DESC LIMIT 1 OFFSET 2 ) , WITH METADATA = 'LABELS' SNIPPET HIGHLIGHT NETWORK
    DATA CATEGORY UPDATE VIEWSTAT AND OR NOT ( " \ ' -5 toLabel(Name) COUNT() FORMAT(Phone) TODAY DISTANCE(Name,""",
)


def found_or_refused(text: str) -> None:
    outcome: Found | Refusal
    try:
        outcome = search(text)
    except Refusal as refusal:
        outcome = refusal
    if isinstance(outcome, Refusal):
        assert (bool(outcome.message), outcome.status) == (True, 400)
    else:
        assert len(outcome.records) <= RECORDS_MAX


@settings(deadline=None)  # some of the examples are meant to be much
@given(st.text(max_size=200))
@example("FIND {" + "(" * 200 + "acme" + ")" * 200 + "}")
@example("FIND {" + "a AND NOT " * 399 + "acme}")
@example("FIND {" + "ab " * 3_000 + "}")
@example("FIND {" + "ab OR " * 600 + "cd}")
@example("FIND {" + "a" * 10_001 + "}")
@example("FIND {\ud800\ud800}")
@example("FIND {" + "9" * 3_000 + "}")
@example("FIND {ab\\")
def test_any_text_is_searched_or_refused(text: str):
    found_or_refused(text)
    found_or_refused(f"FIND {{{text}}} RETURNING Account(Id), Contact")


@given(st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join))
def test_any_words_of_the_language_are_searched_or_refused(text: str):
    found_or_refused(f"FIND {text}")


@settings(max_examples=150)
@given(st.sampled_from(STATEMENTS), st.data())
def test_any_spoilt_search_is_searched_or_refused(statement: str, data: st.DataObject):
    at = data.draw(st.integers(0, len(statement)))
    behind = data.draw(st.integers(at, min(len(statement), at + 12)))

    found_or_refused(
        statement[:at] + data.draw(st.one_of(st.sampled_from(WORDS), st.text(max_size=3))) + statement[behind:]
    )


@settings(max_examples=250)
@given(TREES, GROUPS, st.lists(st.sampled_from(OBJECTS), min_size=1, max_size=3, unique=True))
def test_a_search_finds_what_a_second_opinion_says(tree, group: str, objects: list[str]):
    statement = f"FIND {{{written(tree)}}} IN {group} FIELDS RETURNING {', '.join(objects)}"

    found = [record["Id"] for record in shortened(search(statement).records)]

    assert sorted(found) == sorted(each for name in objects for each in answer(tree, group, name)), statement


@given(st.text("ab*?", max_size=8), st.text("ab", max_size=8))
def test_wildcards_mean_what_they_mean_to_regular_expressions(pattern: str, word: str):
    meant = re.compile(pattern.replace("*", ".*").replace("?", "."))

    assert fits(pattern, word) is (meant.fullmatch(word) is not None)


@settings(deadline=1_000)  # a matcher that goes back and forth would take longer than anybody lives
@given(st.integers(20, 60), st.sampled_from(["a*", "a*?", "?*a"]))
def test_however_many_wildcards_a_word_is_soon_judged(times: int, piece: str):
    assert not fits(piece * times + "b", "a" * 250)


@given(TREES)
def test_what_is_excluded_from_itself_is_nothing(tree):
    assert search(f"FIND {{{written(tree)} AND NOT {written(tree)}}}").records == []


@given(st.lists(st.lists(st.integers(), max_size=40), max_size=6), st.integers(0, 60))
def test_an_overall_limit_is_shared_out_fairly(lists: list[list[int]], limit: int):
    given_out = shared_out(lists, limit)

    assert sum(map(len, given_out)) == min(limit, sum(map(len, lists)))
    assert all(whole[: len(part)] == part for whole, part in zip(lists, given_out, strict=True))
    # Whoever gets less than another has given all, but for one that could not be shared.
    most = max(map(len, given_out), default=0)
    assert all(len(part) >= most - 1 or part == whole for whole, part in zip(lists, given_out, strict=True))


@pytest.mark.parametrize(
    ("sizes", "limit", "counts"), [((19, 35), 20, [10, 10]), ((3, 35), 20, [3, 17]), ((5,), 9, [5])]
)
def test_an_overall_limit_is_shared_out_as_documented(sizes: tuple[int, ...], limit: int, counts: list[int]):
    lists = [list(range(size)) for size in sizes]

    assert [len(each) for each in shared_out(lists, limit)] == counts
