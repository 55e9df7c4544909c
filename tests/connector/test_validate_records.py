"""A record that could not be written is found where the cure goes: keys, links, defaults, required fields."""

from typing import Any

import pytest

from connector.validate import Code, is_good
from tests.connector.describes import Changes
from tests.connector.validating import TEXT, findings, one

KEY = "Opportunity.Call_Key__c"
OF_A_RECORD = [
    (Code.OBJECT_READ_ONLY, {"Opportunity": {"createable": False}}, "$.fields.it", "cannot be created"),
    (Code.OBJECT_UNKNOWN, {"Contact": None}, "$.records.Contact", "every call writes Contact"),
    (Code.KEY_UNKNOWN, {KEY: None}, "$.records.Opportunity.key", "has no field Call_Key__c"),
    (
        Code.KEY_NOT_EXTERNAL,
        {KEY: {"externalId": False, "idLookup": False}},
        "$.records.Opportunity.key",
        "External ID",
    ),
    (Code.KEY_NOT_UNIQUE, {KEY: {"unique": False}}, "$.records.Opportunity.key", "one key may find two records"),
    (Code.KEY_READ_ONLY, {KEY: {"createable": False}}, "$.records.Opportunity.key", "cannot be written"),
    (Code.KEY_NOT_TEXT, {KEY: {"type": "double", "length": 0}}, "$.records.Opportunity.key", "of type double"),
    (Code.KEY_TOO_SHORT, {KEY: {"length": 20}}, "$.records.Opportunity.key", "a key needs 36"),
    (Code.KEY_TOO_SHORT, {"Contact.Caller_Key__c": {"length": 10}}, "$.records.Contact.key", "a key needs 16"),
    (
        Code.REQUIRED_MISSING,
        {"Opportunity.Region__c": {**TEXT, "nillable": False}},
        "$.records.Opportunity.defaults.Region__c",
        "is required, and neither an intent nor a default sets it",
    ),
    (
        Code.REQUIRED_BY_CHANCE,
        {"Opportunity.Competitor__c": {"nillable": False}},
        "$.fields.it",
        "is required and set by it alone",
    ),
    (Code.LINK_READ_ONLY, {"Contact.AccountId": {"createable": False}}, "$.records.Contact.links.AccountId", "cannot"),
    (
        Code.VALUE_UNKNOWN,
        {"Opportunity.StageName": {"restrictedPicklist": True, "picklistValues": []}},
        "$.records.Opportunity.defaults.StageName",
        '"Prospecting" is not an active value',
    ),
    (
        Code.FIELD_READ_ONLY,
        {"Contact.Phone": {"createable": False}},
        "$.records.Contact.defaults.Phone",
        "created",
    ),
]


class TestARecord:
    @pytest.mark.parametrize(("code", "changes", "path", "sentence"), OF_A_RECORD)
    def test_that_could_not_be_written_is_found_where_the_cure_goes(
        self, code: Code, changes: Changes, path: str, sentence: str
    ):
        found = one(code, {"it": "Opportunity.Competitor__c"}, changes)

        assert found.path == path
        assert sentence in found.sentence

    def test_of_a_custom_object_is_linked_to_the_opportunity_unless_the_file_says_otherwise(self):
        visit = {"it": {"target": "Site_Visit__c.Wanted_On__c", "type": "date"}}
        linked = {"Site_Visit__c": {"links": {"Account__c": "Account"}}}

        reparentable = {"Site_Visit__c.Account__c": {"updateable": True}}

        assert one(Code.LINK_UNKNOWN, visit).path == "$.records.Site_Visit__c.links.Opportunity__c"
        assert "set once and for all" in one(Code.LINK_READ_ONLY, visit, records=linked).sentence
        assert is_good(findings(visit, reparentable, records=linked))

    @pytest.mark.parametrize(
        ("code", "links", "sentence"),
        [
            (Code.LINK_WRONG_TARGET, {"Account__c": "Contact"}, "refers to Account, not to Contact"),
            (Code.LINK_UNWRITTEN, {"Account__c": "Case"}, "no call writes a Case"),
        ],
    )
    def test_that_is_linked_to_the_wrong_parent_is_found(self, code: Code, links: dict[str, str], sentence: str):
        visit = {"it": {"target": "Site_Visit__c.Wanted_On__c", "type": "date"}}

        assert sentence in one(code, visit, records={"Site_Visit__c": {"links": links}}).sentence

    @pytest.mark.parametrize(
        ("code", "default", "sentence"),
        [
            (Code.FIELD_UNKNOWN, {"NextStp": "call"}, "has no field NextStp"),
            (Code.FIELD_READ_ONLY, {"ContactId": "{call}"}, "updated, and a retry may do that"),
            (Code.TYPE_MISMATCH, {"Amount": "much"}, "does not take 'much'"),
            (Code.TYPE_MISMATCH, {"Probability": True}, "does not take True"),
            (Code.VALUE_TOO_LONG, {"NextStep": "x" * 256}, "256 characters"),
            (Code.VALUE_UNKNOWN, {"Decision_Horizon__c": "Soon"}, '"Soon" is not an active value'),
        ],
    )
    def test_with_a_default_that_does_not_fit_is_found(self, code: Code, default: dict[str, Any], sentence: str):
        found = one(code, {"it": "Opportunity.Competitor__c"}, records={"Opportunity": {"defaults": default}})

        assert found.path == f"$.records.Opportunity.defaults.{next(iter(default))}"
        assert sentence in found.sentence

    def test_that_is_required_and_given_a_default_is_covered(self):
        changes = {"Opportunity.Origin__c": {**TEXT, "nillable": False}}
        records = {"Opportunity": {"defaults": {"Origin__c": "Call {call}"}}}

        assert is_good(findings({"it": "Opportunity.Competitor__c"}, changes, records=records))

    def test_that_no_call_writes_has_settings_without_effect(self):
        found = one(Code.RECORD_UNUSED, {"it": "Lead.Status"}, records={"Oportunity": {}})

        assert found.path == "$.records.Oportunity"
