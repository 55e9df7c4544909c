"""What the short form leaves open is filled in by the org, once."""

import pytest

from connector.config import field_mappings, parse_config
from connector.settle import settle
from tests.connector.describes import sample_org


def settled(target: str, **full: object):
    config = parse_config({"fields": {"it": {"target": target, **full}}})
    return field_mappings(settle(config, sample_org()))["it"]


@pytest.mark.parametrize(
    ("target", "hint", "length", "digits"),
    [
        ("Opportunity.Budget_Confirmed__c", "checkbox", None, None),
        ("Opportunity.Seats__c", "number", None, 6),
        ("Opportunity.Competitor__c", "text", 100, None),
        ("Opportunity.Decision_Horizon__c", "picklist", 255, None),
        ("Account.NumberOfEmployees", "integer", None, 8),
        ("Task.Description", "text", 32_000, None),
    ],
)
def test_hint_length_and_digits_come_from_the_org(target: str, hint: str, length: int | None, digits: int | None):
    it = settled(target)

    assert (it.hint, it.hint_guessed, it.max_length, it.max_digits) == (hint, False, length, digits)


def test_what_the_file_says_stands_where_it_is_narrower():
    it = settled("Opportunity.Competitor__c", type="text", max_length=20)

    assert (it.hint, it.max_length) == ("text", 20)


def test_a_field_that_the_org_lacks_stays_as_it_was():
    it = settled("Opportunity.Nowhere__c")

    assert (it.hint, it.hint_guessed) == ("text", True)


def test_a_settled_seed_form_keeps_its_paths():
    assert settle(parse_config({"it": "Lead.Status"}), sample_org()).path_of("it") == "$.it"
