"""What an intent says as the value that its field takes, kind by kind."""

import pytest

from connector.config import field_mappings, parse_config
from connector.describe import Choice, FieldDescribe
from connector.intents import Intent
from connector.likeness import alike
from connector.values import Misfit, fitted
from tests.connector.talk import NINE

HORIZON = FieldDescribe(
    "H__c", "H", "picklist", restricted_picklist=True, choices=(Choice("This Year", "", True), Choice("Old", "", False))
)


def value(said, field: FieldDescribe | None = None, name: str = "it", **more):
    config = parse_config({"fields": {name: {"target": "Opportunity.Thing__c", **more}}})
    return fitted(Intent(name, said), field_mappings(config)[name], NINE, field, "US")


@pytest.mark.parametrize(
    ("kind", "said", "written"),
    [
        ("text", "hello", "hello"),
        ("text", 42, "42"),
        ("text", "write to @{acc.id}", "write to @ {acc.id}"),  # no text may pass for a reference
        ("picklist", "This Year", "This Year"),
        ("multipicklist", ["a", "b"], "a;b"),
        ("checkbox", False, False),
        ("integer", 42, 42),
        ("integer", "42", 42),
        ("number", 1.5, 1.5),
        ("currency", "1,200.50", 1200.5),
        ("date", "2026-01-31", "2026-01-31"),
        ("datetime", "2026-01-31T14:05:00+01:00", "2026-01-31T13:05:00.000Z"),
        ("time", "14:05", "14:05"),
        ("phone", "+14155550100", "+14155550100"),
        ("email", "ada@berg.example", "ada@berg.example"),
        ("reference", "003Rt0000000001IAA", "003Rt0000000001IAA"),
    ],
)
def test_a_value_that_fits_is_written(kind, said, written):
    assert value(said, type=kind).value == written


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("text", ["a"]),
        ("text", True),
        ("checkbox", "yes"),
        ("integer", 1.5),
        ("integer", True),
        ("number", float("inf")),
        ("number", "many"),
        ("date", "31.1.2026"),
        ("datetime", "2026-01-31T14:05:00"),
        ("time", "25:00"),
        ("email", "ada"),
        ("reference", "003"),
        ("phone", "1" * 41),
    ],
)
def test_a_value_that_does_not_fit_is_a_misfit(kind, said):
    with pytest.raises(ValueError, match=r"must be|is no|has "):
        value(said, type=kind)


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("text", "Budget Confirmed"),
        ("picklist", "Budget Confirmed"),
        ("checkbox", True),
        ("date", "2026-01-05"),
        ("datetime", "2026-01-05T09:00:00.000Z"),
        ("time", "09:00:00.000Z"),
    ],
)
def test_an_intent_without_a_value_speaks_for_itself(kind, written):
    assert value(None, name="budget_confirmed", type=kind).value == written


@pytest.mark.parametrize("kind", ["integer", "currency", "email", "phone", "reference"])
def test_some_kinds_cannot_speak_for_themselves(kind):
    with pytest.raises(Misfit, match="needs a value"):
        value(None, type=kind)


class TestWhatTheOrgSays:
    def test_outweighs_a_guessed_hint(self):
        assert value(None, FieldDescribe("T__c", "T", "boolean")).value is True

    def test_does_not_outweigh_a_given_hint(self):
        assert value("x", FieldDescribe("T__c", "T", "boolean"), type="text").value == "x"

    def test_names_the_nearest_value_of_a_restricted_picklist(self):
        with pytest.raises(Misfit, match="did you mean 'This Year'"):
            value("This Yaer", HORIZON, type="picklist")

    def test_leaves_out_inactive_values(self):
        with pytest.raises(Misfit, match="no active value"):
            value("Old", HORIZON, type="picklist")

    def test_bounds_texts_and_numbers(self):
        assert value("abcdef", FieldDescribe("T__c", "T", "string", length=3)).value == "abc"
        with pytest.raises(Misfit, match="2 digits before the point"):
            value(100, FieldDescribe("T__c", "T", "double", precision=4, scale=2), type="number")


class TestOverflow:
    def test_truncates_where_it_may_and_says_so(self):
        fit = value("abcdef", type="text", max_length=3)

        assert (fit.value, fit.truncated) == ("abc", True)

    def test_rounds_as_the_org_would_and_says_so(self):
        tenths = FieldDescribe("N__c", "N", "double", precision=4, scale=1)

        assert (value(1.25, tenths, type="number").value, value(1.25, tenths, type="number").truncated) == (1.3, True)
        assert value(1.2, tenths, type="number").truncated is False
        with pytest.raises(Misfit, match="more decimals than"):
            value(1.25, tenths, type="number", on_overflow="reject")

    def test_rounds_before_it_counts_the_digits(self):
        ones = FieldDescribe("N__c", "N", "double", precision=1, scale=0)

        with pytest.raises(Misfit, match="too large"):
            value(9.5, ones, type="number")

    def test_knows_a_field_whose_digits_are_all_behind_the_point(self):
        share = FieldDescribe("N__c", "N", "double", precision=2, scale=2)

        assert value(0.5, share, type="number").value == 0.5
        with pytest.raises(Misfit, match="takes 0 digits before the point"):
            value(1, share, type="number")

    @pytest.mark.parametrize(("name", "degrees"), [("BillingLatitude", 91), ("Site__Longitude__s", -181)])
    def test_knows_where_the_earth_ends(self, name: str, degrees: int):
        with pytest.raises(Misfit, match="no place on earth"):
            value(degrees, FieldDescribe(name, name, "double", precision=18, scale=15), type="number")

    def test_rejects_where_it_must(self):
        with pytest.raises(Misfit, match=r"has 6 characters, Opportunity.Thing__c takes 3"):
            value("abcdef", type="text", max_length=3, on_overflow="reject")


def test_words_of_the_classifier_become_the_orgs():
    assert value("this_year", type="picklist", values={"this_year": "This Year"}).value == "This Year"


@pytest.mark.parametrize(
    ("written", "read", "same"),
    [
        ("a", "a", True),
        ("a", " a ", True),
        ("a", "b", False),
        ("2026-01-05T09:00:00.000Z", "2026-01-05T09:00:00.000+0000", True),
        ("2026-01-05T09:00:00.000Z", "2026-01-05T10:00:00.000+0100", True),
        ("2026-01-05T09:00:00.000Z", "2026-01-05T09:00:01.000+0000", False),
        (5, 5.0, True),
        (5, 6.0, False),
        (True, True, True),
        (True, 1, False),
        (True, None, False),
        ("", None, True),
        (None, None, True),
        ("a", None, False),
    ],
)
def test_a_value_read_back_is_alike_however_the_org_spells_it(written, read, same):
    assert alike(written, read) is same
