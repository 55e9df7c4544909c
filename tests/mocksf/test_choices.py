"""Dependent picklists and record types when records are written."""

from pathlib import Path

import pytest

from mocksf.errors import Refuse
from mocksf.schema import describe_sobject, load_schema
from mocksf.schema.describe import MASTER_RECORD_TYPE
from tests.desk import Desk, refused

CARS = """
objects:
  Account:
    fields:
      Make__c: {type: Picklist, values: [Skoda, VW]}
      Electric__c: {type: Checkbox}
      Fuel__c:
        type: Picklist
        restricted: true
        values: [{value: Steam, default: true}, Diesel, Petrol]
      Model__c:
        type: Picklist
        restricted: true
        values: [Fabia, Golf, Any]
        controllingField: Make__c
        valueSettings: {Fabia: [Skoda], Golf: [VW], Any: [Skoda, VW]}
      Plugs__c:
        type: MultiselectPicklist
        restricted: true
        values: [Type 2, CCS]
        controllingField: Electric__c
        valueSettings: {Type 2: ["true"], CCS: ["true"]}
    recordTypes:
      Garage:
        label: Garage
        picklists: {Fuel__c: [Diesel, Petrol], Rating: [Hot]}
        defaults: {Rating: Hot}
      Dealer: {label: Dealer, default: true}
      Gone: {active: false}
  Trip__c:
    recordTypes: {Long: {label: Long One}}
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    (tmp_path / "cars.yaml").write_text(CARS)
    return Desk(load_schema([tmp_path / "cars.yaml"]))


def record_type(desk: Desk, name: str) -> str:
    rows = desk.store.rows('SELECT "Id" FROM "RecordType" WHERE "DeveloperName" = ?', (name,))
    return str(rows[0][0])


class TestADependentPicklist:
    @pytest.mark.parametrize(("make", "model"), [("Skoda", "Fabia"), ("VW", "golf"), ("VW", "Any")])
    def test_takes_what_goes_with_its_controlling_value(self, desk: Desk, make: str, model: str):
        assert desk.value("Account", desk.account(Make__c=make, Model__c=model), "Model__c").lower() == model.lower()

    @pytest.mark.parametrize(("make", "model"), [("Skoda", "Golf"), (None, "Fabia"), ("Lada", "Any")])
    def test_refuses_what_does_not(self, desk: Desk, make: str | None, model: str):
        sentence = f"Model: bad value for restricted picklist field: {model}"

        with refused(Refuse.BAD_PICKLIST_VALUE, sentence, ("Model__c",)):
            desk.account(Make__c=make, Model__c=model)

    def test_is_asked_when_the_controlling_value_moves(self, desk: Desk):
        account = desk.account(Make__c="VW", Model__c="Golf")

        with refused(Refuse.BAD_PICKLIST_VALUE):
            desk.update("Account", account, Make__c="Skoda")
        desk.update("Account", account, Make__c="Skoda", Model__c="Fabia")
        desk.update("Account", account, Site="elsewhere")

    def test_may_depend_on_a_checkbox(self, desk: Desk):
        account = desk.account(Electric__c=True, Plugs__c="Type 2;CCS")

        with refused(Refuse.BAD_PICKLIST_VALUE, "Plugs: bad value for restricted picklist field: Type 2"):
            desk.update("Account", account, Electric__c=False)

    def test_shows_its_bitmaps(self, desk: Desk):
        fields = describe_sobject(desk.schema, desk.schema["Account"], "66.0")["fields"]
        [model] = [each for each in fields if each["name"] == "Model__c"]

        assert (model["dependentPicklist"], model["controllerName"]) == (True, "Make__c")
        assert [each["validFor"] for each in model["picklistValues"]] == ["gAAA", "QAAA", "wAAA"]


class TestARecordType:
    def test_of_the_object_is_taken(self, desk: Desk):
        account = desk.account(RecordTypeId=record_type(desk, "Garage"))

        assert desk.value("Account", account, "RecordTypeId") == record_type(desk, "Garage")

    def test_that_is_the_default_is_given(self, desk: Desk):
        assert desk.value("Account", desk.account(), "RecordTypeId") == record_type(desk, "Dealer")
        assert desk.value("Trip__c", desk.create("Trip__c"), "RecordTypeId") is None

    @pytest.mark.parametrize("name", ["Long", "Gone"])
    def test_of_another_object_or_no_longer_active_is_refused(self, desk: Desk, name: str):
        chosen = record_type(desk, name)

        with refused(Refuse.BAD_RECORD_TYPE, f"Record Type ID: this ID value isn't valid for the user: {chosen}"):
            desk.account(RecordTypeId=chosen)

    def test_that_is_the_master_stores_nothing(self, desk: Desk):
        account = desk.account(RecordTypeId=MASTER_RECORD_TYPE)

        assert desk.value("Account", account, "RecordTypeId") is None

    def test_stands_in_the_describe_before_the_master(self, desk: Desk):
        infos = describe_sobject(desk.schema, desk.schema["Account"], "66.0")["recordTypeInfos"]

        assert [each["developerName"] for each in infos] == ["Garage", "Dealer", "Gone", "Master"]
        assert [each["available"] for each in infos] == [True, True, False, True]
        assert [each["defaultRecordTypeMapping"] for each in infos] == [False, True, False, False]


class TestThePicklistsOfARecordType:
    def test_offer_their_values_where_they_are_restricted(self, desk: Desk):
        garage = record_type(desk, "Garage")
        sentence = "Fuel: bad value for restricted picklist field: Steam"

        assert desk.account(RecordTypeId=garage, Fuel__c="diesel")
        with refused(Refuse.BAD_PICKLIST_VALUE, sentence, ("Fuel__c",)):
            desk.account(RecordTypeId=garage, Fuel__c="Steam")
        assert desk.account(Fuel__c="Steam")

    def test_take_any_value_where_they_are_not(self, desk: Desk):
        assert desk.account(RecordTypeId=record_type(desk, "Garage"), Rating="Cold")

    def test_have_defaults_of_their_own(self, desk: Desk):
        garage = desk.read("Account", desk.account(RecordTypeId=record_type(desk, "Garage")))
        dealer = desk.read("Account", desk.account())
        assert (garage["Fuel__c"], garage["Rating"]) == (None, "Hot")
        assert (dealer["Fuel__c"], dealer["Rating"]) == ("Steam", None)
