"""A configuration is read whole or refused with every place that is wrong."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.config import ConfigError, FieldMapping, field_mappings, json_schema, load_config, parse_config
from connector.config.reading import parse_text

SEED = {
    "demo_requested": "Opportunity.Demo_Requested_At__c",
    "qualified": "Lead.Status",
    "call_summary": "Task.Description",
}
SAMPLES = Path(__file__).resolve().parents[2] / "connector"


def mapping(target: str, **full: object) -> FieldMapping:
    return field_mappings(parse_config({"fields": {"it": {"target": target, **full} if full else target}}))["it"]


def refused(text: str, name: str, folder: Path) -> str:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as refusal:
        load_config(file)
    return str(refusal.value)


class TestTheSeedForm:
    def test_is_a_configuration_as_it_stands(self):
        mappings = field_mappings(parse_config(SEED))

        assert {intent: each.target for intent, each in mappings.items()} == SEED

    def test_is_read_from_the_file_that_ships(self):
        assert field_mappings(load_config(SAMPLES / "seed.json")) == field_mappings(parse_config(SEED))

    def test_means_the_same_as_the_fields_of_the_full_form(self):
        assert field_mappings(parse_config(SEED)) == field_mappings(parse_config({"fields": SEED}))

    def test_takes_its_hints_from_the_names(self):
        assert [each.hint for each in field_mappings(parse_config(SEED)).values()] == ["datetime", "picklist", "text"]

    def test_has_paths_without_a_section(self):
        assert parse_config(SEED).path_of("qualified") == "$.qualified"
        assert parse_config({"fields": SEED}).path_of("qualified") == "$.fields.qualified"


class TestDefaults:
    def test_of_the_delivery_are_those_of_the_design(self):
        delivery = parse_config(SEED).delivery

        assert delivery.budget_ms == 200
        assert delivery.schedule == (0.2, 1, 5, 30, 300)
        assert delivery.attempts == 6
        assert delivery.jitter == 0
        assert delivery.attempt_timeout_s == 15
        assert delivery.dead_letter_queue == "aicall-salesforce-deadletter"
        assert delivery.retry_rejections is False

    @pytest.mark.parametrize(
        ("target", "lane", "key"),
        [
            ("Account.Region__c", "critical", "Caller_Key__c"),
            ("Contact.Title", "critical", "Caller_Key__c"),
            ("Opportunity.NextStep", "critical", "Call_Key__c"),
            ("Lead.Status", "critical", "Call_Key__c"),
            ("Call_Outcome__c.Score__c", "critical", "Call_Key__c"),
            ("Task.Description", "async", "Call_Key__c"),
            ("FeedItem.Body", "async", None),
        ],
    )
    def test_of_lane_and_key_follow_the_object(self, target: str, lane: str, key: str | None):
        assert (mapping(target).lane, mapping(target).record_key) == (lane, key)

    @pytest.mark.parametrize(
        ("field", "hint"),
        [
            ("Demo_Requested_At__c", "datetime"),
            ("CloseDate", "date"),
            ("Renewal_Date__c", "date"),
            ("StageName", "picklist"),
            ("DoNotCall", "checkbox"),
            ("Is_Partner__c", "checkbox"),
            ("Amount", "currency"),
            ("Probability", "percent"),
            ("NumberOfEmployees", "integer"),
            ("MobilePhone", "phone"),
            ("Email", "email"),
            ("Website", "url"),
            ("OwnerId", "reference"),
            ("Competitor__c", "text"),
        ],
    )
    def test_of_the_hint_follow_the_name(self, field: str, hint: str):
        assert mapping(f"Opportunity.{field}").hint == hint

    def test_give_way_to_what_the_file_says(self):
        said = mapping(
            "Opportunity.Seats__c", type="integer", lane="async", record_key="Deal_Key__c", update_mode="only_if_empty"
        )

        assert (said.hint, said.lane, said.record_key, said.update_mode) == (
            "integer",
            "async",
            "Deal_Key__c",
            "only_if_empty",
        )


class TestNames:
    def test_of_standard_objects_are_spelt_as_salesforce_spells_them(self):
        assert mapping("oPPortunity.NextStep").sobject == "Opportunity"

    def test_of_custom_objects_are_spelt_as_at_first(self):
        mappings = field_mappings(parse_config({"a": "Call_Outcome__c.A__c", "b": "call_outcome__C.B__c"}))

        assert {each.sobject for each in mappings.values()} == {"Call_Outcome__c"}


MALFORMED = [
    ("{", "c.json", ["c.json: line 1, column 2", "is not JSON"]),
    ('{"fields": {"a": "A.B", "a": "A.C"}}', "c.json", ["the key 'a'", "stands twice"]),
    ('{"a": "A.B",}', "c.json", ["line 1, column 1", "is not JSON"]),
    ("fields: {a: [", "c.yaml", ["c.yaml: line 1", "is not YAML"]),
    ("fields:\n  a: A.B\n  a: A.C\n", "c.yaml", ["line 3, column 3", "stands twice"]),
    ("a: !!python/object:os.system x", "c.yaml", ["is not YAML", "could not determine a constructor"]),
    ("", "c.yaml", ["$: is empty"]),
    ("[]", "c.yaml", ["$: must be an object"]),
    ("{}", "c.json", ["$.fields: is missing"]),
    ('{"feilds": {}}', "c.json", ["$.feilds: is not a key of this section", "did you mean 'fields'?"]),
    ('{"fields": {}}', "c.json", ["$.fields: must have at least 1 entry"]),
    ('{"fields": ["a"]}', "c.json", ["$.fields: must be an object", "not a list"]),
    ('{"fields": {"a": "Opportunity"}}', "c.json", ['$.fields.a: "Opportunity"', "Object.Field"]),
    ('{"fields": {"a b": "A.B"}}', "c.json", ['$.fields["a b"]', "letters, digits"]),
    ('{"fields": {"a": {"lane": "async"}}}', "c.json", ["$.fields.a.target: is missing"]),
    ('{"fields": {"a": {"target": "A.B", "typ": "text"}}}', "c.json", ["$.fields.a.typ:", "did you mean 'type'?"]),
    ('{"fields": {"a": {"target": "A.B", "type": "txt"}}}', "c.json", ["$.fields.a.type:", "did you mean 'text'?"]),
    ('{"fields": {"a": {"target": "A.B", "lane": "critcal"}}}', "c.json", ['"critcal" is not one of', "'critical'?"]),
    ("fields: {a: {target: A.B, values: {yes: Phone}}}", "c.yaml", ["$.fields.a.values", "true", "quotes"]),
    ('{"a": "A.B", "b": 5}', "c.json", ["$.b: must be an object", "not 5"]),
    ('{"a": "A.B", "b": "C"}', "c.json", ['$.b: "C" does not have the form Object.Field']),
    ("fields: {a: A.B}\ndelivery: {budget_ms: '200'}", "c.yaml", ["$.delivery.budget_ms", "whole number", '"200"']),
    ("fields: {a: A.B}\ndelivery: {schedule: 5}", "c.yaml", ["$.delivery.schedule: must be a list, not 5"]),
    ("fields: {a: A.B}\ndelivery: {schedule: [1, 0]}", "c.yaml", ["$.delivery.schedule[1]: must be greater than 0"]),
    ("fields: {a: A.B}\ndelivery: {jitter: .nan}", "c.yaml", ["$.delivery.jitter"]),
    ("fields: {a: A.B}\norg: {api_version: 66.0}", "c.yaml", ["$.org.api_version: must be a text", "quotes"]),
    ("fields: {a: A.B}\norg: {region: {agents: uk}}", "c.yaml", ['$.org.region.agents: "uk" is not one of us or eu']),
    ("fields: {a: A.B}\norg: {login: {instance_url: acme}}", "c.yaml", ["$.org.login.instance_url"]),
    (
        "fields: {a: A.B}\norg: {login: {instance_url: https://a.example, grant: password, client_id: x}}",
        "c.yaml",
        ["$.org.login: the grant password needs client_secret, username, password"],
    ),
    (
        "fields: {a: A.B}\norg: {login: {instance_url: https://a.example, client_secret: {env: A, file: b}}}",
        "c.yaml",
        ["$.org.login.client_secret", "exactly one place"],
    ),
]


KEYS = st.sampled_from(
    ["org", "delivery", "fields", "records", "login", "target", "values", "schedule", "a", "", "é b"]
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


class TestAMalformedFile:
    @pytest.mark.parametrize(("text", "name", "parts"), MALFORMED)
    def test_is_refused_by_place_and_reason(self, text: str, name: str, parts: list[str], tmp_path: Path):
        message = refused(text, name, tmp_path)

        assert [part for part in parts if part not in message] == []

    def test_is_named_in_every_line(self, tmp_path: Path):
        message = refused('{"fields": {"a": "B", "c": "D"}}', "two.json", tmp_path)

        assert [line.startswith(f"{tmp_path}/two.json: $.fields.") for line in message.splitlines()] == [True, True]

    def test_that_is_not_there_is_named(self, tmp_path: Path):
        with pytest.raises(ConfigError, match=r"nowhere\.yaml: \$: cannot be read: No such file"):
            load_config(tmp_path / "nowhere.yaml")

    def test_that_is_not_text_is_refused(self, tmp_path: Path):
        (tmp_path / "c.yaml").write_bytes(b"\xff\xfe\x00\xd8")

        with pytest.raises(ConfigError, match="UTF-8"):
            load_config(tmp_path / "c.yaml")

    def test_that_is_nested_without_end_is_refused(self, tmp_path: Path):
        assert "nested too deeply" in refused('{"a":' * 100_000, "deep.json", tmp_path)

    @settings(deadline=None)
    @given(ANYTHING)
    def test_never_ends_in_anything_but_a_config_error(self, data: object):
        with suppress(ConfigError):
            assert parse_config(data).fields


class TestASecret:
    def test_is_never_written_in_the_file(self, tmp_path: Path):
        message = refused(
            '{"fields": {"a": "A.B"}, "delivery": {"slack_webhook": "https://x/T0/s3cr3t"}}', "c.json", tmp_path
        )

        assert "name its place: {env: NAME} or {file: PATH}" in message
        assert "s3cr3t" not in message


class TestTheSampleFile:
    def test_is_a_configuration(self):
        config = load_config(SAMPLES / "sample.yaml")

        assert len(config.fields) == 11
        assert config.org.scope_profile == "privileged"


class TestTheJsonSchema:
    def test_offers_the_full_form_and_the_seed_form(self):
        full, seed = json_schema()["anyOf"]

        assert set(full["properties"]) == {"org", "delivery", "fields", "records"}
        assert seed["additionalProperties"]["type"] == "string"

    def test_closes_every_object_whose_keys_have_a_form(self):
        fields = json_schema()["anyOf"][0]["properties"]["fields"]

        assert fields["additionalProperties"] is False
        assert list(fields["patternProperties"]) == ["^[A-Za-z][A-Za-z0-9_.-]{0,79}$"]

    def test_names_every_definition_that_it_refers_to(self):
        text = json.dumps(json_schema())
        referred = {part.split('"')[0] for part in text.split("#/$defs/")[1:]}

        assert referred == set(json_schema()["$defs"])


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(
            ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)), "fields: {a: X.Y}"]
        ),
        "fields: &a {a: X.Y, b: *a}",
    ],
    ids=["aliases within aliases", "an alias within itself"],
)
def test_a_few_lines_that_say_more_than_any_memory_holds_are_refused(text: str, tmp_path: Path):
    assert "grows without measure by its aliases" in refused(text, "bomb.yaml", tmp_path)


def test_an_alias_is_as_good_as_what_it_stands_for():
    said = parse_text("a: &a {target: Opportunity.Name}\nb: *a\n", "x.yaml")

    assert parse_config(said).fields["b"].target == "Opportunity.Name"
