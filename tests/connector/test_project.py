"""A Salesforce project instead of an org: the connector reads in it what the org that it is deployed to would say."""

import json
from dataclasses import fields as keys_of
from pathlib import Path

import pytest

from connector.describe import DescribeError, FieldDescribe, KnownDescribe, ObjectDescribe
from connector.project import is_project, project_describe
from mocksf.schema import describe_sobject, load_schema
from tests import sfdx_project
from tests.connector.test_cli_validate import GOOD, run

OBJECTS = ("Account", "Contact", "Opportunity", "Lead", "Task", *sfdx_project.OBJECTS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return sfdx_project.write_folder(tmp_path / "project", sfdx_project.project())


def as_deployed(folder: Path) -> KnownDescribe:
    """What an org says once the project is deployed to it."""
    schema = load_schema([str(folder)])
    return KnownDescribe(ObjectDescribe.read(describe_sobject(schema, each, 66.0)) for each in schema)


def field_file(folder: Path, content: str, sobject: str = "Account", name: str = "Odd__c") -> Path:
    path = folder / f"force-app/main/default/objects/{sobject}/fields/{name}.field-meta.xml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(sfdx_project.field(name, content))
    return path


@pytest.mark.parametrize("name", OBJECTS)
def test_says_of_every_writable_field_what_the_org_says(folder: Path, name: str):
    ours, theirs = project_describe(folder).get(name), as_deployed(folder).get(name)

    assert ours
    assert theirs
    told = {each.name: each for each in theirs.fields if each.createable}
    for field_name, there in told.items():
        here = ours.get(field_name)
        assert here is not None, field_name
        different = {
            key.name: (getattr(here, key.name), getattr(there, key.name))
            for key in keys_of(FieldDescribe)
            if key.name not in ("label", "digits") and getattr(here, key.name) != getattr(there, key.name)
        }
        assert not different, field_name
    assert {each.name for each in ours.fields if each.createable} == set(told)


def test_fields_of_activities_are_those_of_tasks(folder: Path):
    field_file(folder, "<type>Text</type><length>36</length>", "Activity", "Call_Key__c")

    task = project_describe(folder).get("Task")
    assert task
    assert task.get("Call_Key__c")


def test_a_formula_cannot_be_written(folder: Path):
    field_file(folder, "<type>Text</type><formula>Name</formula>")

    account = project_describe(folder).get("Account")
    assert account
    field = account.get("Odd__c")
    assert field
    assert (field.calculated, field.createable, field.updateable) == (True, False, False)


def test_the_projects_own_stages_replace_those_of_a_fresh_org(folder: Path):
    path = folder / "force-app/main/default/standardValueSets/OpportunityStage.standardValueSet-meta.xml"
    path.parent.mkdir()
    one = "<standardValue><fullName>Demo</fullName><label>Demo</label></standardValue>"
    path.write_text(sfdx_project.document("StandardValueSet", f"<sorted>false</sorted>{one}"))

    opportunity = project_describe(folder).get("Opportunity")
    assert opportunity
    stage = opportunity.get("StageName")
    assert stage
    assert stage.active_values == ("Demo",)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<type>Txet</type>", "the type 'Txet'"),
        ("<type>Picklist</type><valueSet><valueSetName>Nope</valueSetName></valueSet>", "global value set Nope"),
        ("<type>Text</typo>", "is not XML"),
    ],
)
def test_what_cannot_be_read_names_its_file(folder: Path, content: str, said: str):
    file = field_file(folder, content)

    with pytest.raises(DescribeError, match=said) as refused:
        project_describe(folder)
    assert str(file) in str(refused.value)


def test_a_document_type_is_not_followed(folder: Path):
    file = field_file(folder, "<type>Text</type>")
    file.write_text('<!DOCTYPE x [<!ENTITY a "b">]><CustomField>&a;</CustomField>')

    with pytest.raises(DescribeError, match="declares a document type"):
        project_describe(folder)


def test_a_folder_of_describes_is_no_project(tmp_path: Path, folder: Path):
    (tmp_path / "Account.json").write_text("{}")

    assert (is_project(folder), is_project(tmp_path / "elsewhere")) == (True, False)


def test_a_map_is_validated_against_a_project(tmp_path: Path, folder: Path):
    field_file(folder, "<type>Text</type><length>36</length><externalId>true</externalId><unique>true</unique>",
               "Activity", "Call_Key__c")  # fmt: skip
    (tmp_path / "map.json").write_text(json.dumps({"call_summary": "Task.Description"}))

    result = run("validate", tmp_path / "map.json", "--org", folder)
    assert result.exit_code == GOOD, result.output
