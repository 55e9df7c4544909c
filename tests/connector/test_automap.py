"""Automap: hints that are defined once become a map that the validator has nothing to say against."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.automap import Automap, hints_from_org, mappable_objects, parse_hints, propose
from connector.automap.names import intent_name, words
from connector.config import ConfigError, ConnectorConfig, parse_config
from connector.config.words import Hint
from connector.describe import FieldDescribe, KnownDescribe
from connector.validate import validate
from tests.connector.describes import Changes, sample_org

FREE = {"createable": True, "updateable": True, "nillable": True}
HINTS: tuple[str, ...] = Hint.__args__  # type: ignore[attr-defined]


def mapped(hints: Mapping[str, Any], changes: Changes | None = None, **rest: Any) -> Automap:
    org = sample_org(changes)
    return propose(parse_hints(dict(hints)), mappable_objects(org), **rest)


def targets(found: Automap) -> dict[str, str]:
    return {intent: entry.target for intent, entry in found.entries().items()}


class TestNames:
    @pytest.mark.parametrize(
        "name", ["Demo_Requested_At__c", "demoRequestedAt", "demo requested at", "DEMO_REQUESTED_AT"]
    )
    def test_are_compared_by_their_words(self, name: str):
        assert words(name) == "demo requested at"

    def test_an_intent_is_named_after_its_field(self):
        assert intent_name("ARRForecast2027__c") == "arr_forecast_2027"


class TestProposals:
    def test_an_intent_goes_to_the_field_of_its_name_and_type(self):
        found = mapped({"demo_requested": "datetime", "seats": "integer"})

        assert targets(found) == {
            "demo_requested": "Opportunity.Demo_Requested_At__c",
            "seats": "Opportunity.Seats__c",
        }

    def test_the_same_words_are_certain_and_a_likeness_is_less(self):
        found = mapped({"demo_requested_at": "datetime", "wish_for_demo_requested": "datetime"}, at_least=0.6)

        assert found.proposals[0].confidence == 1.0
        assert "the field's API name are the same words" in found.proposals[0].reason

    def test_a_label_is_a_way_to_the_field(self):
        labelled = {"Opportunity.X9__c": {**FREE, "type": "date", "label": "Contract end"}}

        found = mapped({"ends": {"type": "date", "label": "contract end"}}, labelled)

        assert targets(found) == {"ends": "Opportunity.X9__c"}
        assert found.proposals[0].confidence == pytest.approx(0.97)

    def test_the_words_of_the_classification_find_the_values_of_the_picklist(self):
        found = mapped({"decision_horizon": {"type": "picklist", "values": ["this_month", "THIS YEAR"]}})

        assert found.proposals[0].entry.values == {"this_month": "This Month", "THIS YEAR": "This Year"}

    def test_two_fields_that_are_as_alike_are_told_together(self):
        twins: Changes = {
            "Opportunity.Crew_Size__c": {**FREE, "type": "double", "precision": 6},
            "Account.Crew_Size__c": {**FREE, "type": "double", "precision": 6},
        }

        found = mapped({"crew_size": "number"}, twins)

        assert "Opportunity.Crew_Size__c is as alike" in found.proposals[0].reason
        assert found.proposals[0].confidence < 1

    def test_objects_narrow_the_choice(self):
        twins: Changes = {f"{name}.Crew_Size__c": {**FREE, "type": "double"} for name in ("Account", "Opportunity")}

        found = mapped({"crew_size": {"type": "number", "objects": ["Opportunity"]}}, twins)

        assert targets(found) == {"crew_size": "Opportunity.Crew_Size__c"}
        assert found.proposals[0].confidence == 1

    def test_what_the_configuration_maps_is_left_alone(self):
        config = parse_config({"fields": {"places": "Opportunity.Seats__c"}})

        found = mapped({"seats": "number", "places": "text"}, config=config)

        assert targets(found) == {}
        assert [each.intent for each in found.refused] == ["seats"]


class TestRefusals:
    def test_a_field_of_that_name_and_another_type_is_refused_with_the_reason(self):
        found = mapped({"seats": "date"})

        assert found.refused[0].target == "Opportunity.Seats__c"
        assert "is of type double, the intent is date" in found.refused[0].reason

    def test_a_formula_is_refused(self):
        formula: Changes = {"Opportunity.Mood__c": {"type": "string", "calculated": True}}

        assert "it is a formula" in mapped({"mood": "text"}, formula).refused[0].reason

    def test_a_word_that_a_restricted_picklist_lacks_is_refused(self):
        found = mapped({"decision_horizon": {"type": "picklist", "values": ["next_decade"]}})

        assert '"next_decade" is not a value of' in found.refused[0].reason

    def test_an_intent_like_nothing_says_so(self):
        assert "no free field" in mapped({"zodiac_sign": "text"}).refused[0].reason


class TestHints:
    @pytest.mark.parametrize(
        ("given_", "path", "nearest"),
        [
            ({"it": "datetme"}, "$.it.type", "datetime"),
            ({"it": {"type": "date", "lable": "It"}}, "$.it.lable", "label"),
            ({"it": {}}, "$.it.type", None),
            ({"9 lives": "date"}, '$["9 lives"]', None),
        ],
    )
    def test_a_slip_names_its_place_and_the_nearest_right_name(self, given_: Any, path: str, nearest: str | None):
        with pytest.raises(ConfigError) as refused:
            parse_hints(given_)

        assert (refused.value.problems[0].path, refused.value.problems[0].nearest) == (path, nearest)

    @pytest.mark.parametrize("nothing", [None, [], {}, "text"])
    def test_what_holds_no_intents_is_refused(self, nothing: Any):
        with pytest.raises(ConfigError, match=r"\$: "):
            parse_hints(nothing)

    def test_an_orgs_own_fields_are_hints_but_for_its_keys(self):
        hints = hints_from_org(mappable_objects(sample_org()))

        assert hints["demo_requested_at"].type == "datetime"
        assert not any("key" in name for name in hints)


TYPES = (
    "string",
    "textarea",
    "picklist",
    "boolean",
    "int",
    "double",
    "currency",
    "percent",
    "date",
    "datetime",
    "time",
)
TYPES += ("phone", "email", "url", "reference", "multipicklist", "location", "base64", "anyType")
NAMES = st.from_regex(r"[A-Z][a-z]{2,8}(_[A-Z][a-z]{1,6}){0,2}__c", fullmatch=True)
FIELDS = st.fixed_dictionaries(
    {
        "type": st.sampled_from(TYPES),
        "createable": st.booleans(),
        "updateable": st.booleans(),
        "calculated": st.booleans(),
        "length": st.integers(0, 255),
        "precision": st.integers(1, 18),
    }
)
OBJECTS = st.sampled_from(["Account", "Contact", "Opportunity", "Lead", "Task", "Site_Visit__c"])


PLAIN = {
    name: sample_org().get(name) for name in ("Account", "Contact", "Opportunity", "Lead", "Task", "Site_Visit__c")
}


def with_fields(fields: dict[tuple[str, str], Any]) -> KnownDescribe:
    """The sample org's writable objects with more fields than they had."""
    more: dict[str, list[FieldDescribe]] = {name: [] for name in PLAIN}
    for (sobject, name), flags in fields.items():
        more[sobject].append(FieldDescribe.read({"name": name, "label": name, **flags}))
    return KnownDescribe(replace(each, fields=(*each.fields, *more[name])) for name, each in PLAIN.items() if each)


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.tuples(OBJECTS, NAMES), FIELDS, max_size=12), st.data())
def test_nothing_that_is_proposed_is_refused_by_the_validator(fields: dict[tuple[str, str], Any], data: st.DataObject):
    org = with_fields(fields)
    named = [intent_name(name) for _, name in fields] + ["seats", "region", "interest"]
    hints = {name: data.draw(st.sampled_from(HINTS)) for name in named}

    found = propose(parse_hints(hints), mappable_objects(org), at_least=0.5)

    assert set(targets(found)) | {each.intent for each in found.refused} == set(hints)
    assert len(set(targets(found).values())) == len(found.proposals)
    if found.proposals:
        errors = [each for each in validate(ConnectorConfig(fields=found.entries()), org) if each.severity == "error"]
        assert not [each for each in errors if each.path.startswith("$.fields.") and each.code.name not in WHOLE]


WHOLE = frozenset({"LINK_UNKNOWN", "OBJECT_READ_ONLY"})
"""Findings about the record that an intent rides on, not about its field."""


def test_an_object_that_no_link_leads_to_gets_nothing_and_its_refusal_says_so():
    objects = mappable_objects(sample_org())
    found = propose(hints_from_org(objects), objects)
    reasons = {each.reason for each in found.refused if str(each.target).startswith("Site_Visit__c.")}

    assert not [each for each in found.proposals if each.entry.target.startswith("Site_Visit__c.")]
    assert any("no field Opportunity__c that links it to Opportunity" in each for each in reasons)
