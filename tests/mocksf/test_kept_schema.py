"""A file whose org was deployed to: opened again, it has the schema that it has become."""

from pathlib import Path

import pytest

import mocksf
from mocksf.org import Org
from mocksf.schema import changed_schema
from tests.client import Client

CHANGE = {
    "valueSets": {"Colours": {"values": ["Red", "Blue"]}},
    "objects": {
        "Account": {"fields": {"Key__c": {"type": "Text", "length": 9, "externalId": True}}},
        "Visit__c": {
            "label": "Visit",
            "fields": {
                "Colour__c": {"type": "Picklist", "valueSet": "Colours"},
                "Account__c": {"type": "Lookup", "referenceTo": "Account", "relationshipName": "Visits"},
                "Twice__c": {"type": "Number", "precision": 9, "scale": 0, "formula": "LEN(Name) * 2"},
            },
            "validationRules": {"Long": {"errorConditionFormula": "LEN(Name) > 9", "errorMessage": "Too long"}},
        },
    },
}


@pytest.fixture
def file(tmp_path: Path) -> str:
    return str(tmp_path / "org.db")


def opened(file: str) -> Client:
    return Client(Org(mocksf.load_schema(["sample"]), database=file))


def changed(sf: Client) -> None:
    sf.org.change_schema(changed_schema(sf.org.schema, CHANGE))


def test_it_has_its_objects_and_their_records(file: str):
    sf = opened(file)
    changed(sf)
    account = sf.create("Account", Name="A", Key__c="k")
    sf.create("Visit__c", Name="V", Colour__c="Red", Account__c=account)
    described = sf.get("/sobjects/Visit__c/describe").body
    sf.org.store.close()

    again = opened(file)
    assert again.get("/sobjects/Visit__c/describe").body == described
    found = again.soql("SELECT Name, Twice__c, Account__r.Key__c FROM Visit__c").body["records"][0]
    assert (found["Name"], found["Twice__c"], found["Account__r"]["Key__c"]) == ("V", 2, "k")
    assert again.post("/sobjects/Visit__c", {"Name": "A long name"}).code == "FIELD_CUSTOM_VALIDATION_EXCEPTION"


def test_it_goes_on_changing(file: str):
    sf = opened(file)
    changed(sf)
    sf.org.store.close()
    again = opened(file)
    again.org.change_schema(changed_schema(again.org.schema, {"deleted": ["Visit__c"]}))
    again.org.store.close()

    last = opened(file)
    assert last.soql("SELECT Id FROM Visit__c").code == "INVALID_TYPE"
    assert last.soql("SELECT Key__c FROM Account").status == 200


def test_a_reset_before_it_was_closed_holds(file: str):
    sf = opened(file)
    changed(sf)
    sf.org.reset()
    sf.org.store.close()

    again = opened(file)
    assert again.soql("SELECT Key__c FROM Account").code == "INVALID_FIELD"
    assert again.create("Account", Name="A", Caller_Key__c="c")


def test_a_file_that_is_no_database_is_refused_as_ever(tmp_path: Path):
    file = tmp_path / "text.db"
    file.write_text("no database at all, but some text that is long enough to be read as a page")

    with pytest.raises(Exception, match="not a database"):
        opened(str(file))
