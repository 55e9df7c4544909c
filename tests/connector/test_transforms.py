"""What each transform makes of a value, and what it refuses."""

from datetime import UTC, date, datetime
from typing import Any, get_args

import pytest

from connector.config.words import Transform
from connector.transforms import TRANSFORMS, YIELDS, transformed


@pytest.mark.parametrize(
    ("name", "value", "result"),
    [
        ("none", " as it is ", " as it is "),
        ("trim", "  Acme \n", "Acme"),
        ("lower", "ACME", "acme"),
        ("upper", "emea", "EMEA"),
        ("title", "this_quarter", "This Quarter"),
        ("digits", "no. 42-7", "427"),
        ("e164", "(415) 555-0100", "+14155550100"),
        ("integer", "1,200", 1200),
        ("integer", 12.0, 12),
        ("number", "3.5", 3.5),
        ("number", "-12 000", -12000),
        ("yes_no", "Yes.", True),
        ("yes_no", False, False),
        ("iso_date", "2026-01-31T23:30:00Z", "2026-01-31"),
        ("iso_date", date(2026, 1, 31), "2026-01-31"),
        ("iso_datetime", "2026-01-31T14:05:00+02:00", "2026-01-31T12:05:00.000Z"),
        ("iso_datetime", datetime(2026, 1, 31, 14, 5, tzinfo=UTC), "2026-01-31T14:05:00.000Z"),
        ("integer", None, None),
    ],
)
def test_a_value_is_made_to_fit(name: Transform, value: Any, result: Any):
    made = transformed(name, value, "US")

    assert (made, type(made)) == (result, type(result))


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("e164", "unknown", "is no phone number"),
        ("integer", "3.5", "is no whole number"),
        ("integer", "a dozen", "is no number"),
        ("number", True, "is no number"),
        ("yes_no", "perhaps", "is neither yes nor no"),
        ("iso_date", "soon", "is no date in ISO form"),
        ("iso_date", "1699-12-31", "outside the years that Salesforce keeps, 1700 to 4000"),
        ("iso_datetime", "2026-01-31", "it needs a time and a zone"),
        ("iso_datetime", "2026-01-31T14:05:00", "it needs a time and a zone"),
    ],
)
def test_a_value_that_does_not_lend_itself_is_refused_with_a_sentence(name: Transform, value: Any, reason: str):
    with pytest.raises(ValueError, match=reason):
        transformed(name, value, "US")


def test_every_word_of_the_configuration_has_a_function_and_a_yield():
    assert set(get_args(Transform)) == {*TRANSFORMS, "none"} == set(YIELDS)
