"""One number has one canonical form and many stored ones."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.phones import e164, search_digits, search_words, stored_forms


@pytest.mark.parametrize(
    ("text", "region", "canonical"),
    [
        ("+1 415-555-0100", None, "+14155550100"),
        ("(415) 555-0100", "US", "+14155550100"),
        ("1 415 555 0100", "US", "+14155550100"),
        ("415.555.0100 ext. 7", "US", "+14155550100"),
        ("030 901820", "DE", "+4930901820"),
        ("0049 30 901820", "DE", "+4930901820"),
        ("+44 20 7946 0958", "US", "+442079460958"),
        ("415 555 0100", None, None),
        ("12", "US", None),
        ("anonymous", "US", None),
        ("", "US", None),
        ("+1 415 555 01000000000", None, None),
    ],
)
def test_a_number_is_read_as_it_is_said(text: str, region: str | None, canonical: str | None):
    assert e164(text, region) == canonical


def test_stored_forms_begin_with_the_canonical_one_and_hold_the_usual_shapes():
    forms = stored_forms("+14155550100")

    assert forms[0] == "+14155550100"
    assert {"(415) 555-0100", "415-555-0100", "415.555.0100", "4155550100", "14155550100", "+1 415-555-0100"} <= set(
        forms
    )


def test_a_german_number_is_also_looked_for_as_it_is_dialled_at_home():
    assert {"+49 30 901820", "030 901820", "030901820", "4930901820"} <= set(stored_forms("+4930901820"))


def test_no_number_has_no_forms():
    assert stored_forms("anonymous") == ()


@pytest.mark.parametrize(
    ("text", "digits"), [("+14155550100", "4155550100"), ("415 555 0100", "4155550100"), ("0100", None), ("who?", None)]
)
def test_a_phone_search_is_given_enough_bare_digits(text: str, digits: str | None):
    assert search_digits(text) == digits


@settings(deadline=None)
@given(st.integers(2_000_000_000, 9_899_999_999))
def test_every_stored_form_leads_back_to_the_number(national: int):
    canonical = f"+1{national}"

    assert {e164(form, "US") for form in stored_forms(canonical)} <= {e164(canonical)}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("+14155550100", "4155550100"),
        ("+4930123456", "30123456 OR 030123456 OR 4930123456"),
        ("+442079460018", "2079460018 OR 02079460018 OR 442079460018"),
        ("12345", None),
    ],
)
def test_a_search_is_given_every_form_in_digits(text: str, words: str | None):
    assert search_words(text) == words
