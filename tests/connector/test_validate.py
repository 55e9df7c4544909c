"""A bad map fails at config time: one row per finding, against the sample org with one thing changed."""

from pathlib import Path
from typing import Any

import pytest

from connector.config import load_config, parse_config
from connector.validate import Code, Finding, is_good, validate
from tests.connector.describes import Changes, sample_org

SAMPLES = Path(__file__).resolve().parents[2] / "connector"
US = {"region": {"agents": "us", "instance": "NA130"}}
TEXT = {"type": "string", "length": 80, "createable": True, "updateable": True}


def findings(fields: dict[str, Any], changes: Changes | None = None, **sections: Any) -> tuple[Finding, ...]:
    config = parse_config({"org": US, "fields": fields, **sections})
    return validate(config, sample_org(changes))


def one(code: Code, *arguments: Any, **sections: Any) -> Finding:
    found = [each for each in findings(*arguments, **sections) if each.code is code]
    assert len(found) == 1, found
    return found[0]


class TestTheSampleOrg:
    def test_takes_the_sample_file_without_an_error_or_a_warning(self):
        said = validate(load_config(SAMPLES / "sample.yaml"), sample_org())

        assert [each.code for each in said] == [Code.BUDGET_OUTLOOK]

    def test_takes_the_seed_file_and_misses_only_the_region(self):
        said = validate(load_config(SAMPLES / "seed.json"), sample_org())

        assert is_good(said)
        assert [each.code for each in said] == [Code.REGION_UNPINNED]


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


OF_THE_WHOLE = [
    (Code.SCOPE_TOO_NARROW, {"a": "FeedItem.Body"}, {"org": {**US, "scope_profile": "standard"}}, "privileged"),
    (Code.SCOPE_TOO_NARROW, {"a": "FeedItem.Body"}, {"org": {**US, "scope_profile": "extended"}}, "privileged"),
    (Code.SCOPE_TOO_WIDE, {"a": "Lead.Status"}, {"org": {**US, "scope_profile": "privileged"}}, "standard"),
    (Code.REGION_UNPINNED, {"a": "Lead.Status"}, {"org": {"region": {"agents": "eu"}}}, None),
    (Code.REGION_UNPINNED, {"a": "Lead.Status"}, {"org": {}}, None),
    (Code.REGION_CROSSED, {"a": "Lead.Status"}, {"org": {"region": {"agents": "eu", "instance": "NA130"}}}, "EU2"),
    (Code.REGION_CROSSED, {"a": "Lead.Status"}, {"org": {"region": {"agents": "us", "instance": "EU2"}}}, "NA130"),
    (Code.REGION_UNKNOWN, {"a": "Lead.Status"}, {"org": {"region": {"agents": "us", "instance": "NA-130"}}}, "NA130"),
    (Code.BUDGET_TIGHT, {"a": "Contact.Title"}, {"delivery": {"budget_ms": 100}}, None),
    (Code.BUDGET_OUTLOOK, {"a": "Contact.Title"}, {}, None),
    (Code.PATIENCE_SHORT, {"a": "Lead.Status"}, {"delivery": {"attempt_timeout_s": 5}}, "15"),
]


class TestTheWhole:
    @pytest.mark.parametrize(("code", "fields", "sections", "nearest"), OF_THE_WHOLE)
    def test_is_judged_for_scopes_region_and_budget(
        self, code: Code, fields: dict[str, Any], sections: dict[str, Any], nearest: str | None
    ):
        assert one(code, fields, **sections).nearest == nearest

    def test_says_what_a_crossing_costs(self):
        found = one(Code.REGION_CROSSED, {"a": "Lead.Status"}, org={"region": {"agents": "eu", "instance": "NA130"}})

        assert "93 ms per round trip instead of 4 ms to EU2" in found.sentence

    def test_has_no_more_parts_than_a_composite_takes(self):
        fields = {f"i{n}": f"Thing_{n}__c.Name" for n in range(23)}

        assert "26 parts" in one(Code.TOO_MANY_PARTS, fields).sentence

    def test_puts_errors_first(self):
        said = findings({"a": "Lead.Stats", "b": "FeedItem.Body"}, org={"scope_profile": "standard"})
        gravity = [("error", "warning", "info").index(each.severity) for each in said]

        assert gravity == sorted(gravity)
        assert len(said) > 2


def test_every_kind_of_finding_has_a_test_that_provokes_it():
    text = Path(__file__).read_text(encoding="utf-8")
    unprovoked = [code for code in Code if f"Code.{code.name}," not in text]

    assert unprovoked == [Code.CONFIG_UNREADABLE]  # of files that are no configuration: see test_cli_validate.py
