"""Made-up records are accepted by the org whose schema they were made for."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mocksf.sample import sample_records
from tests.desk import Desk, sample_schema

WITHOUT_PARENTS = ["Account", "Contact", "Opportunity", "Lead", "Task", "Event", "Case", "Call_Outcome__c", "Group"]


@pytest.mark.parametrize("name", WITHOUT_PARENTS)
class TestRecordsOfAnObject:
    def test_are_accepted(self, name: str):
        desk = Desk()

        ids = [desk.create(name, **body) for body in sample_records(desk.schema, desk.sobject(name), 20)]

        assert len(set(ids)) == 20

    def test_are_the_same_for_the_same_seed(self, name: str):
        schema = sample_schema()

        assert sample_records(schema, schema[name], 3, seed=7) == sample_records(schema, schema[name], 3, seed=7)
        assert sample_records(schema, schema[name], 3, seed=7) != sample_records(schema, schema[name], 3, seed=8)


def test_references_are_filled_from_the_parents_given():
    desk = Desk()
    account = desk.account()

    [contact] = sample_records(desk.schema, desk.sobject("Contact"), 1, parents={"Account": [account]})

    assert contact["AccountId"] == account
    assert desk.create("Contact", **contact)


def test_a_parent_that_must_be_given_is_asked_for():
    schema = sample_schema()

    with pytest.raises(ValueError, match=r"Site_Visit__c\.Account__c must be given; pass parents with ids of Account"):
        sample_records(schema, schema["Site_Visit__c"], 1)


def test_custom_fields_are_filled_too():
    schema = sample_schema()

    [opportunity] = sample_records(schema, schema["Opportunity"], 1)

    assert set(opportunity) >= {"Demo_Requested_At__c", "Seats__c", "Decision_Horizon__c", "Call_Key__c"}


@settings(max_examples=15)
@given(st.integers(0, 2**32), st.sampled_from([*WITHOUT_PARENTS, "Site_Visit__c", "FeedItem", "User"]))
def test_any_seed_makes_records_that_are_accepted(seed: int, name: str):
    desk = Desk()
    profile = desk.store.rows('SELECT "Id" FROM "Profile"')[0][0]
    parents = {"Account": [desk.account()], "Profile": [profile]}

    for body in sample_records(desk.schema, desk.sobject(name), 3, seed, parents):
        assert desk.create(name, **body)
