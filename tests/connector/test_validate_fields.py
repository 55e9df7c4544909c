"""An intent that would fail in a call fails at config time: one row per finding about its field."""

from typing import Any

import pytest

from connector.config import parse_config
from connector.validate import Code, is_good, validate
from tests.connector.describes import Changes, sample_org
from tests.connector.validating import findings, one

OF_A_FIELD = [
    (
        Code.FIELD_UNKNOWN,
        "Opportunity.Demo_Requestd_At__c",
        {},
        "Demo_Requested_At__c",
        "has no field Demo_Requestd_At__c",
    ),
    (Code.OBJECT_UNKNOWN, "Oportunity.Name", {}, "Opportunity", "has no object Oportunity"),
    (Code.FIELD_READ_ONLY, "Opportunity.ExpectedRevenue", {}, None, "cannot be written"),
    (Code.FIELD_READ_ONLY, "Lead.IsConverted", {}, None, "when a record is updated"),
    (
        Code.FIELD_READ_ONLY,
        "Opportunity.Competitor__c",
        {"Opportunity.Competitor__c": {"createable": False, "updateable": False}},
        None,
        "field-level security",
    ),
    (
        Code.FIELD_READ_ONLY,
        "Opportunity.Competitor__c",
        {"Opportunity.Competitor__c": {"createable": False, "updateable": False, "calculated": True}},
        None,
        "it is a formula",
    ),
    (Code.FIELD_OWNED, "Opportunity.Call_Key__c", {}, None, "is set by the connector"),
    (Code.FIELD_OWNED, "Opportunity.AccountId", {}, None, "is set by the connector"),
    (Code.FIELD_OWNED, "Task.WhoId", {}, None, "is set by the connector"),
    (Code.TYPE_FROM_ORG, "Opportunity.Budget_Confirmed__c", {}, "checkbox", "the org says boolean"),
    (
        Code.TYPE_AS_TEXT,
        {"target": "Opportunity.Competitor__c", "type": "date"},
        {},
        None,
        "keeps a date as text",
    ),
    (Code.VALUE_MISSING, "Account.Region__c", {}, None, 'would write "It", which is not an active value'),
    (
        Code.VALUE_DEPENDS,
        {"target": "Account.Region__c", "values": {"europe": "EMEA"}},
        {"Account.Region__c": {"controllerName": "Industry"}},
        None,
        "depends on Industry",
    ),
    (
        Code.TYPE_MISMATCH,
        {"target": "Opportunity.Budget_Confirmed__c", "type": "text"},
        {},
        "checkbox",
        "of type boolean",
    ),
    (Code.TYPE_MISMATCH, {"target": "Opportunity.CloseDate", "type": "datetime"}, {}, "date", "takes date"),
    (
        Code.TYPE_MISMATCH,
        {"target": "Opportunity.Demo_Requested_At__c", "type": "date"},
        {},
        "datetime",
        "takes datetime",
    ),
    (Code.TYPE_MISMATCH, {"target": "Account.BillingAddress", "type": "text"}, {}, None, "no intent can write"),
    (
        Code.TRANSFORM_MISFIT,
        {"target": "Opportunity.Competitor__c", "type": "text", "transform": "integer"},
        {},
        None,
        "the transform integer gives currency, integer, number, percent",
    ),
    (
        Code.VALUES_UNUSED,
        {"target": "Opportunity.Seats__c", "type": "integer", "values": {"few": "3"}},
        {},
        None,
        "leave `values` out",
    ),
    (
        Code.VALUE_UNKNOWN,
        {"target": "Opportunity.Decision_Horizon__c", "values": {"q": "This Quartr"}},
        {},
        "This Quarter",
        '"This Quartr" is not a value of',
    ),
    (
        Code.VALUE_UNKNOWN,
        {"target": "Account.Region__c", "values": {"asia": "APAC"}},
        {"Account.Region__c": {"picklistValues": [{"value": "APAC", "label": "APAC", "active": False}]}},
        None,
        '"APAC" is no longer active',
    ),
    (Code.VALUE_UNLISTED, {"target": "Lead.Status", "values": {"hot": "Very Hot"}}, {}, None, "is not a value of"),
    (
        Code.VALUE_TOO_LONG,
        {"target": "Opportunity.Competitor__c", "values": {"them": "x" * 101}},
        {},
        None,
        "the value has 101 characters, and Opportunity.Competitor__c holds 100",
    ),
    (Code.LENGTH_OVERSTATED, {"target": "Opportunity.Competitor__c", "max_length": 255}, {}, "100", "holds 100"),
    (
        Code.DIGITS_OVERSTATED,
        {"target": "Opportunity.Seats__c", "type": "integer", "max_digits": 9},
        {},
        "6",
        "room for 6 digits",
    ),
    (Code.TEXT_MAY_OVERFLOW, {"target": "Contact.FirstName"}, {}, None, "longer texts are cut"),
    (
        Code.TEXT_MAY_OVERFLOW,
        {"target": "Contact.FirstName", "on_overflow": "reject"},
        {},
        None,
        "longer texts are refused",
    ),
    (
        Code.NEVER_EMPTY,
        {"target": "Opportunity.Budget_Confirmed__c", "type": "checkbox", "update_mode": "only_if_empty"},
        {},
        "overwrite",
        "never empty",
    ),
    (Code.CHATTER_OFF, "FeedItem.Body", {"FeedItem": None}, None, "Chatter is off"),
    (Code.CHATTER_FIELD, "FeedItem.Title", {}, "FeedItem.Body", "takes its text in FeedItem.Body"),
    (Code.CHATTER_WAITS, {"target": "FeedItem.Body", "lane": "critical"}, {}, "async", "cannot be part of"),
    (Code.TASK_WAITS, {"target": "Task.Description", "lane": "critical"}, {}, "async", "no effect"),
]


class TestAnIntent:
    @pytest.mark.parametrize(("code", "mapped", "changes", "nearest", "sentence"), OF_A_FIELD)
    def test_that_would_fail_is_found_with_its_place_and_the_nearest_name(
        self, code: Code, mapped: Any, changes: Changes, nearest: str | None, sentence: str
    ):
        found = one(code, {"it": mapped}, changes)

        assert found.path.startswith("$.fields.it")
        assert found.nearest == nearest
        assert sentence in found.sentence

    def test_that_is_in_full_form_is_found_at_the_key_that_is_wrong(self):
        found = one(Code.VALUE_UNKNOWN, {"it": {"target": "Account.Region__c", "values": {"eu": "EMAE"}}})

        assert found.path == "$.fields.it.values.eu"

    def test_that_names_another_key_than_its_neighbour_is_found(self):
        fields = {
            "a": {"target": "Lead.Title", "record_key": "Call_Key__c"},
            "b": {"target": "Lead.City", "record_key": "Email"},
        }

        assert one(Code.KEY_CONFLICT, fields).path == "$.fields.b.record_key"

    def test_that_is_only_read_may_be_read_only(self):
        said = findings(
            {"it": {"target": "Opportunity.ExpectedRevenue", "type": "currency", "direction": "from_salesforce"}}
        )

        assert is_good(said)

    def test_that_writes_what_another_writes_is_remarked_on(self):
        found = one(Code.TARGET_SHARED, {"qualified": "Lead.Status", "lost": {"target": "lead.status", "values": {}}})

        assert found.path == "$.fields.lost"
        assert "qualified writes the same field" in found.sentence

    def test_of_the_seed_form_has_the_path_of_the_seed_form(self):
        said = validate(parse_config({"it": "Lead.Stats"}), sample_org())

        assert [each.path for each in said if each.code is Code.FIELD_UNKNOWN] == ["$.it"]


@pytest.mark.parametrize(("direction", "effect"), [("both", "written as if"), ("from_salesforce", "refused when")])
def test_a_direction_that_nothing_reads_is_told(direction: str, effect: str):
    fields = {"demo": "Opportunity.Demo_Requested_At__c", "q": {"target": "Lead.Status", "direction": direction}}

    found = one(Code.DIRECTION_UNREAD, fields)

    assert (found.path, effect in found.sentence) == ("$.fields.q.direction", True)
