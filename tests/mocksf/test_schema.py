"""Schemas and their sources: what a file may say, and how a slip in it is named."""

import json
from pathlib import Path
from typing import Any

import pytest

from mocksf.errors import Refuse
from mocksf.schema import Schema, SchemaError, Stage, default_schema, describe_sobject, load_schema
from tests.desk import Desk, refused, sample_schema

SAMPLE_FIELDS = {
    "Account": ["Caller_Key__c", "Region__c"],
    "Contact": ["Caller_Key__c", "Preferred_Channel__c"],
    "Opportunity": [
        *("Call_Key__c", "Demo_Requested_At__c", "Budget_Confirmed__c"),
        *("Competitor__c", "Decision_Horizon__c", "Seats__c"),
    ],
    "Lead": ["Call_Key__c", "Interest__c"],
    "Task": ["Call_Key__c"],
    "Event": ["Call_Key__c"],
    "Call_Outcome__c": ["Call_Key__c", "Opportunity__c", "Outcome__c", "Score__c"],
}


@pytest.fixture
def source(tmp_path: Path) -> Any:
    """A function that loads a schema from the text of one source."""

    def load(text: str, name: str = "org.yaml") -> Schema:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return load_schema([tmp_path / name])

    return load


class TestTheStandardObjects:
    def test_are_read_once(self):
        assert default_schema() is default_schema()

    def test_have_no_custom_fields_and_no_gated_ones(self):
        assert [field for each in default_schema() for field in each.fields if field.custom] == []
        assert default_schema()["Contact"].get("DoNotCall") is None
        assert default_schema()["Account"].get("RecordTypeId") is None

    def test_are_found_by_name_in_any_case_and_by_prefix(self):
        schema = default_schema()

        assert schema.get("aCCOUNT") is schema["Account"]
        assert schema.of_id("006000000000001AAA") is schema["Opportunity"]
        assert schema.get("Acount") is None


class TestTheSample:
    @pytest.mark.parametrize(("name", "fields"), SAMPLE_FIELDS.items())
    def test_has_the_fields_that_calls_are_written_to(self, name: str, fields: list[str]):
        assert [field.name for field in sample_schema()[name].fields if field.custom] == fields

    def test_gives_its_objects_prefixes_in_turn(self):
        prefixes = {each.name: each.key_prefix for each in sample_schema() if each.custom}

        assert prefixes == {"Call_Outcome__c": "a00", "Product_Interest__c": "a01", "Site_Visit__c": "a02"}

    def test_knows_qualified_leads(self):
        schema = sample_schema()

        assert "qualified" in schema["Lead"].get("Status").active_values
        assert schema.seeds.lead_statuses[-1].value == "Qualified"
        assert "qualified" not in default_schema()["Lead"].get("Status").active_values

    def test_joins_parents_and_children_by_name(self):
        schema = sample_schema()

        assert schema["Call_Outcome__c"].parent("opportunity__R").name == "Opportunity__c"
        assert schema["Opportunity"].child("call_outcomes__r").child_sobject == "Call_Outcome__c"
        assert schema["Account"].child("Site_Visits__r").cascade_delete

    def test_leaves_a_detail_without_an_owner(self):
        assert sample_schema()["Site_Visit__c"].get("OwnerId") is None
        assert sample_schema()["Call_Outcome__c"].get("OwnerId") is not None


class TestASource:
    def test_may_change_who_writes_a_field(self, source: Any):
        schema = source("objects: {Account: {fields: {Site: {createable: false, label: Where}}}}")

        site = schema["Account"].get("Site")
        assert (site.createable, site.updateable, site.label) == (False, True, "Where")

    def test_may_require_a_field(self, source: Any):
        desk = Desk(source("objects: {Account: {fields: {Phone: {required: true}}}}"))

        with refused(Refuse.REQUIRED_MISSING, "Required fields are missing: [Phone]"):
            desk.account()

    def test_may_hide_a_field(self, source: Any):
        schema = source("objects: {Opportunity: {fields: {Probability: {hidden: true}}}}")

        assert schema["Opportunity"].get("Probability") is None
        assert Desk(schema).opportunity()

    def test_may_restrict_a_picklist_and_say_what_a_stage_means(self, source: Any):
        stage = "{value: Trial, probability: 40, forecastCategory: BestCase}"
        schema = source(
            f"objects: {{Opportunity: {{fields: {{StageName: {{restricted: true, addValues: [{stage}]}}}}}}}}"
        )

        assert schema["Opportunity"].get("StageName").restricted_picklist
        assert schema.seeds.stages[-1] == Stage("Trial", "Trial", 40, False, False, "BestCase", "Best Case")

    def test_may_replace_values(self, source: Any):
        schema = source("objects: {Task: {fields: {Status: {values: [New, {value: Done, closed: true}]}}}}")
        desk = Desk(schema)

        assert list(schema["Task"].get("Status").active_values.values()) == ["New", "Done"]
        assert desk.value("Task", desk.create("Task", Status="Done"), "IsClosed") is True

    def test_may_default_its_fields(self, source: Any):
        fields = """
            Kind__c: {type: Picklist, values: [A, {value: B, default: true}]}
            Note__c: {type: Text, length: 20, defaultValue: none yet}
            Share__c: {type: Percent, precision: 5, scale: 2, defaultValue: 12.5}
            Open__c: {type: Checkbox, defaultValue: true}
        """
        desk = Desk(source(f"objects:\n  Account:\n    fields:{fields}"))

        record = desk.read("Account", desk.account())
        assert [record[name] for name in ("Kind__c", "Note__c", "Share__c", "Open__c")] == ["B", "none yet", 12.5, True]

    def test_may_let_activities_and_posts_be_about_a_custom_object(self, source: Any):
        schema = source("objects: {Trip__c: {enableActivities: true, enableFeeds: true}}")
        desk = Desk(schema)
        trip = desk.create("Trip__c", Name="Rome")

        task = desk.create("Task", WhatId=trip)
        desk.create("FeedItem", ParentId=trip, Body="x")
        desk.delete("Trip__c", trip)

        assert not desk.store.exists(schema["Task"], task)

    def test_of_every_type_takes_a_value(self, source: Any):
        types = ["TextArea", "LongTextArea", "Html", "Checkbox", "Date", "DateTime", "Time", "Number", "Currency"]
        types += ["Percent", "Phone", "Email", "Url", "AutoNumber", "Location"]
        lines = [f"      F{at}__c: {{type: {kind}}}" for at, kind in enumerate(types)]
        schema = source("objects:\n  Trip__c:\n    fields:\n" + "\n".join(lines))

        described = describe_sobject(schema, schema["Trip__c"], "66.0")["fields"]

        assert len([field for field in described if field["custom"]]) == len(types) + 2
        assert Desk(schema).create("Trip__c")

    def test_may_be_a_folder(self, tmp_path: Path):
        (tmp_path / "a.yaml").write_text("objects: {A__c: {}}")
        (tmp_path / "b.yml").write_text("objects: {B__c: {fields: {A__c: {type: Lookup, referenceTo: A__c}}}}")

        assert load_schema([tmp_path])["B__c"].get("A__c").reference_to == ("A__c",)

    def test_may_follow_another(self, tmp_path: Path):
        (tmp_path / "more.yaml").write_text("objects: {Call_Outcome__c: {fields: {More__c: {type: Text, length: 9}}}}")

        assert load_schema(["sample", tmp_path / "more.yaml"])["Call_Outcome__c"].get("More__c")

    def test_may_be_the_describe_of_a_real_org(self, source: Any):
        described = describe_sobject(sample_schema(), sample_schema()["Account"], "59.0")

        schema = source(json.dumps(described), "Account.json")

        assert describe_sobject(schema, schema["Account"], "59.0") == described
        assert Desk(schema).account(Region__c="EMEA")


FIELD = "objects: {Account: {fields: {X__c: %s}}}"
SLIPS = [
    ("objectz: {}", "the whole file: unknown name 'objectz'; did you mean 'objects'?"),
    ("- a", "the whole file: must be a mapping, not a list"),
    ("objects: {Acount: {}}", "objects: no such object 'Acount'; did you mean 'Account'? (a custom object's name ends"),
    ("objects: {Account: {feilds: {}}}", "objects.Account: unknown name 'feilds'; did you mean 'fields'?"),
    ("objects: {Account: {fields: {Sitte: {label: x}}}}", "no such field 'Sitte' on Account; did you mean 'Site'?"),
    ("objects: {Account: {fields: {Site: {type: Text, length: 9}}}}", "Account has a field 'Site' already; leave out"),
    ("objects: {Account: {fields: {Site: {length: 9}}}}", "objects.Account.fields.Site: unknown name 'length'"),
    ("objects: {Account: {fields: {Site: {addValues: [x]}}}}", "Site is a string and has no values"),
    (
        "objects: {Lead: {fields: {Status: {addValues: [closed - converted]}}}}",
        "has the value 'closed - converted' already",
    ),
    (FIELD % "{label: x}", "objects.Account.fields.X__c: a custom field needs a 'type', one of Text,"),
    (FIELD % "{type: Txet}", "objects.Account.fields.X__c.type: no such value 'Txet'; did you mean 'Text'?"),
    (FIELD % "{type: Text}", "objects.Account.fields.X__c: a Text field needs 'length'"),
    (FIELD % "{type: Text, lenght: 9}", "objects.Account.fields.X__c: unknown name 'lenght'; did you mean 'length'?"),
    (FIELD % "{type: Text, length: '9'}", "objects.Account.fields.X__c.length: must be a whole number, not '9'"),
    (FIELD % "{type: Text, length: 0}", "objects.Account.fields.X__c.length: must be from 1 to 131072, not 0"),
    (FIELD % "{type: Text, length: 256}", "a Text field has 1 to 255 characters, not 256; use LongTextArea"),
    (FIELD % "{type: Text, length: 9, unique: 1}", "X__c.unique: must be true or false, not '1'"),
    (FIELD % "{type: Number, precision: 2, scale: 3}", "scale 3 is more than precision 2"),
    (FIELD % "{type: Picklist}", "a Picklist field needs 'values'"),
    (FIELD % "{type: Picklist, values: [a], defaultValue: b}", "the default 'b' is none of the values a"),
    (FIELD % "{type: Picklist, values: [{lable: a}]}", "values.0: unknown name 'lable'; did you mean 'label'?"),
    (FIELD % "{type: Picklist, values: [a, a]}", "X__c.values: the value 'a' stands here twice"),
    (FIELD % "{type: Text, length: 2, defaultValue: abc}", "the default is a text of at most 2 characters"),
    (FIELD % "{type: Number, precision: 2, defaultValue: 100}", "the default is a number of at most 2 digits before"),
    (FIELD % "{type: Checkbox, defaultValue: maybe}", "the default of a checkbox is true or false"),
    (FIELD % "{type: Lookup, referenceTo: Acount}", "no such object 'Acount'; did you mean 'Account'?"),
    (FIELD % "{type: Lookup, referenceTo: User, required: true}", "a required lookup cannot be emptied"),
    (FIELD % "{type: Lookup, referenceTo: User, deleteConstraint: Delete}", "deleteConstraint: no such value 'Delete'"),
    (FIELD % "{type: MasterDetail, referenceTo: User}", "a MasterDetail field needs 'relationshipName'"),
    ("objects: {Account: {fields: {X-Y__c: {type: Date}}}}", "'X-Y__c' is no custom API name"),
    ("objects: {Trip__c: {nameField: {type: Date}}}", "objects.Trip__c.nameField: a name field is Text or AutoNumber"),
    ("objects: {Account: {label: Client}}", "objects.Account: unknown name 'label'"),
    ("users: [{username: x}]", "users.0: a user needs a 'lastName'"),
    ("users: [{username: x, lastName: y}]", "users.0.username: a username has the form of an email address"),
    ("users: [{username: a@b, lastName: y, profile: Boss}]", "users.0.profile: no such value 'Boss'"),
    ("users: [{username: admin@mock.example, lastName: y}]", "two users have the username 'admin@mock.example'"),
    ("assignmentRules: {Account: []}", "assignment rules belong to Lead or Case, not 'Account'"),
    ("assignmentRules: {Lead: [{entries: [{owner: nobody@x}]}]}", "no such user 'nobody@x'"),
    (
        "assignmentRules: {Lead: [{entries: [{owner: admin@mock.example, when: {Contry: x}}]}]}",
        "no such field 'Contry' on Lead; did you mean 'Country'?",
    ),
    ("objects:\n  Account: {}\n  Account: {}", "line 3, column 3: the name 'Account' stands here twice"),
    ("objects: {", "line 1, column 11:"),
]


@pytest.mark.parametrize(("text", "message"), SLIPS)
def test_a_slip_is_named_with_its_file_its_place_and_the_nearest_name(source: Any, text: str, message: str):
    with pytest.raises(SchemaError) as caught:
        source(text)

    assert str(caught.value).startswith("org.yaml: ")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "Account.json: line 1, column 2:"),
        ("{}", "no describe of an object: 'name' is missing"),
        (
            '{"name": "X", "label": "X", "labelPlural": "X", "keyPrefix": "a00", "fields": [5]}',
            "no describe of an object",
        ),
        (
            '{"name": "X", "label": "X", "labelPlural": "X", "keyPrefix": "a00",'
            ' "fields": [{"name": "a", "type": "int", "digits": "9"}]}',
            "'digits' of the field a cannot be '9'",
        ),
        ("[5]", "Account.json: 0: must be a mapping, not '5'"),
    ],
)
def test_a_describe_that_is_none_is_named(source: Any, text: str, message: str):
    with pytest.raises(SchemaError) as caught:
        source(text, "Account.json")

    assert message in str(caught.value)


@pytest.mark.parametrize("name", ["nowhere.yaml", "smaple"])
def test_a_source_that_is_not_there_is_named(name: str):
    with pytest.raises(SchemaError, match="no such file; a schema source is a file, a folder, or the word 'sample'"):
        load_schema([name])


def test_a_file_of_another_kind_is_refused(tmp_path: Path):
    (tmp_path / "org.txt").write_text("x")

    with pytest.raises(SchemaError, match=r"a schema file's name ends in \.yaml, \.yml, \.json"):
        load_schema([tmp_path / "org.txt"])
    with pytest.raises(SchemaError, match="no schema file in this folder"):
        load_schema([tmp_path])


def test_bytes_that_are_no_text_are_refused(tmp_path: Path):
    (tmp_path / "org.yaml").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(SchemaError, match="cannot be read as UTF-8 text"):
        load_schema([tmp_path / "org.yaml"])
