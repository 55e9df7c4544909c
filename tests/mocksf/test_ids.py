"""Record ids against ids recorded from real orgs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocksf.ids import checksum, make_id, normalise_id, number_of

RECORDED = {
    "0015500001QdZPK": "AA3",
    "003P000001avB4l": "IAE",
    "012000000000000": "AAA",
    "0011U00000V0tkD": "QAR",
    "001M000001FgVKl": "IAN",
    "0016g00000Wqu1E": "AAR",
}


@pytest.mark.parametrize(("id15", "check"), RECORDED.items())
def test_the_checksum_is_that_of_recorded_ids(id15: str, check: str):
    assert checksum(id15) == check


@pytest.mark.parametrize(("id15", "check"), RECORDED.items())
def test_an_id_is_known_by_15_characters_by_18_and_with_its_case_lost(id15: str, check: str):
    full = id15 + check

    assert normalise_id(id15) == full
    assert normalise_id(full) == full
    assert normalise_id(id15.upper() + check) == full
    assert normalise_id(full.lower()) == full


@pytest.mark.parametrize(
    "text",
    ["", "001", "23foo", "0015500001QdZPKAA4", "0015500001QdZP!", "0015500001QdZPKA", "0015500001QdZPK "],
)
def test_what_is_no_id_is_none(text: str):
    assert normalise_id(text) is None


@given(st.integers(0, 62**9 - 1))
def test_an_id_remembers_its_number(number: int):
    assert number_of(make_id("001", number)) == number


@given(st.tuples(st.integers(0, 62**9 - 1), st.integers(0, 62**9 - 1)))
def test_ids_sort_as_their_numbers_do(numbers: tuple[int, int]):
    first, second = sorted(numbers)

    assert make_id("006", first) <= make_id("006", second)


def test_the_next_id_after_a_small_z_carries():
    assert make_id("001", 61)[14] == "z"
    assert make_id("001", 62)[13:15] == "10"
