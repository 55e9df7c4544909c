"""Custom fields of leads that live on in what the lead becomes."""

from pathlib import Path

import pytest

from mocksf.schema import Schema, SchemaError, load_schema
from mocksf.schema.export import as_yaml, schema_tree
from mocksf.schema.sfdx import project_files
from tests.desk import Desk

MAPPED = """
objects:
  Lead: {fields: {Score__c: {type: Number, precision: 9, scale: 0}, Word__c: {type: Text, length: 20}}}
  Account: {fields: {Score__c: {type: Number, precision: 9, scale: 0}}}
  Opportunity: {fields: {Said__c: {type: Text, length: 40}, Long__c: {type: Text, length: 5}}}
leadConversion:
  Account: {Score__c: Score__c}
  Opportunity: {Word__c: Said__c}
"""


@pytest.fixture
def schema(tmp_path: Path) -> Schema:
    (tmp_path / "mapped.yaml").write_text(MAPPED)
    return load_schema([tmp_path / "mapped.yaml"])


def test_they_become_the_fields_that_they_are_mapped_to(schema: Schema):
    desk = Desk(schema)
    made = desk.convert(desk.lead(Score__c=7, Word__c="hello"))

    assert made.opportunity_id is not None
    assert desk.value("Account", made.account_id, "Score__c") == 7.0
    assert desk.value("Opportunity", made.opportunity_id, "Said__c") == "hello"


def test_what_is_said_of_a_new_record_comes_first(schema: Schema):
    desk = Desk(schema)
    said = {"Account": {"Name": "Other", "Score__c": "9"}, "Contact": {"Department": "Sea"}}
    made = desk.convert(desk.lead(Score__c=7, Company="Navy"), records=said)

    row = desk.read("Account", made.account_id)
    assert (row["Name"], row["Score__c"]) == ("Other", 9.0)
    assert desk.value("Contact", made.contact_id, "Department") == "Sea"


def test_the_mapping_survives_every_form(schema: Schema, tmp_path: Path):
    tree = schema_tree(schema)
    (tmp_path / "again.yaml").write_text(as_yaml(tree))
    for path, text in project_files(schema, tree):
        (tmp_path / "project" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "project" / path).write_text(text)

    for source in ("again.yaml", "project"):
        assert load_schema([tmp_path / source]).seeds.lead_mapping == schema.seeds.lead_mapping


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("  Account: {Scor__c: Score__c}", "leadConversion.Account.Scor__c: Lead has no field 'Scor__c'; did you mean"),
        ("  Account: {Word__c: Score__c}", "Lead.Word__c (string) does not fit Account.Score__c (double)"),
        ("  Opportunity: {Word__c: Long__c}", "Lead.Word__c (string) does not fit Opportunity.Long__c (string)"),
        ("  Case: {Word__c: Subject}", "unknown name 'Case'"),
    ],
)
def test_a_slip_is_named(tmp_path: Path, line: str, message: str):
    (tmp_path / "slip.yaml").write_text(MAPPED.split("  Account: {Score__c: Score__c}")[0] + line + "\n")
    with pytest.raises(SchemaError) as caught:
        load_schema([tmp_path / "slip.yaml"])
    assert message in str(caught.value)
