"""A schema that changes in a running org: what a deploy, a deactivated value or a deletion does to it."""

from typing import Any

import pytest

from mocksf import Org, OrgSettings
from mocksf.formula import FormulaError
from mocksf.schema import SchemaError, changed_schema

ROWS = "/services/data/v66.0/sobjects"
SEATS = {"objects": {"Account": {"fields": {"Seats__c": {"type": "Number", "precision": 6, "scale": 0}}}}}


def changed(org: Org, change: dict[str, Any]) -> None:
    org.change_schema(changed_schema(org.schema, change))


def field(name: str, **settings: Any) -> dict[str, Any]:
    return {"objects": {"Account": {"fields": {name: settings}}}}


def account(client: Any, **values: Any) -> str:
    answer = client.post(f"{ROWS}/Account", json={"Name": "Acme", **values})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def value(client: Any, record_id: str, name: str) -> Any:
    return client.get(f"{ROWS}/Account/{record_id}?fields={name}").json()[name]


class TestAField:
    def test_is_there_for_describes_writes_and_queries_once_it_is_added(self):
        org = Org()
        with org.client() as client:
            before = account(client)
            refused = client.post(f"{ROWS}/Account", json={"Name": "B", "Seats__c": 5})
            changed(org, SEATS)
            after = account(client, Seats__c=5)
            found = client.get("/services/data/v66.0/query?q=SELECT Id FROM Account WHERE Seats__c > 4").json()

            assert refused.json()[0]["errorCode"] == "INVALID_FIELD"
            assert [row["Id"] for row in found["records"]] == [after]
            assert value(client, before, "Seats__c") is None
            names = [each["name"] for each in client.get(f"{ROWS}/Account/describe").json()["fields"]]
            assert "Seats__c" in names

    def test_is_gone_with_its_values_once_it_is_deleted(self):
        org = Org()
        changed(org, SEATS)
        with org.client() as client:
            record_id = account(client, Seats__c=5)
            changed(org, {"deleted": ["Account.Seats__c"]})
            gone = client.get(f"{ROWS}/Account/{record_id}?fields=Seats__c")
            changed(org, SEATS)

            assert gone.json()[0]["errorCode"] == "INVALID_FIELD"
            assert value(client, record_id, "Seats__c") is None

    def test_keeps_its_values_at_another_scale(self):
        org = Org()
        changed(org, field("Rate__c", type="Number", precision=10, scale=1))
        with org.client() as client:
            record_id, negative = account(client, Rate__c=2.5), account(client, Rate__c=-2.5)
            changed(org, field("Rate__c", type="Number", scale=3, precision=12))
            finer = value(client, record_id, "Rate__c")
            changed(org, field("Rate__c", type="Number", scale=0, precision=12))

            assert finer == 2.5
            assert [value(client, each, "Rate__c") for each in (record_id, negative)] == [3.0, -3.0]

    def test_that_is_required_from_now_on_is_demanded_from_now_on(self):
        org = Org()
        changed(org, field("Region__c", type="Text", length=20))
        with org.client() as client:
            account(client)
            changed(org, field("Region__c", required=True))
            refused = client.post(f"{ROWS}/Account", json={"Name": "B"})

            assert refused.json()[0]["errorCode"] == "REQUIRED_FIELD_MISSING"

    def test_of_another_type_is_refused_while_it_holds_values(self):
        org = Org()
        changed(org, SEATS)
        with org.client() as client:
            record_id = account(client, Seats__c=5)
            with pytest.raises(SchemaError, match="a double cannot become a string while the org runs"):
                changed(org, field("Seats__c", type="Text", length=20))

            assert value(client, record_id, "Seats__c") == 5

    def test_of_a_formula_is_worked_out_for_records_that_are_there(self):
        org = Org()
        changed(org, SEATS)
        with org.client() as client:
            record_id = account(client, Seats__c=5)
            changed(org, field("Twice__c", type="Number", precision=8, scale=0, formula="Seats__c * 2"))
            client.patch(f"{ROWS}/Account/{record_id}", json={"Seats__c": 6})

            assert value(client, record_id, "Twice__c") == 12

    def test_that_becomes_an_external_id_finds_records_that_had_a_value_before(self):
        org = Org()
        changed(org, field("Code__c", type="Text", length=20))
        with org.client() as client:
            record_id = account(client, Code__c="Ab1")
            changed(org, field("Code__c", type="Text", length=20, externalId=True))

            assert client.get(f"{ROWS}/Account/Code__c/aB1").json()["Id"] == record_id


class TestAValue:
    def test_that_is_deactivated_is_refused_and_stays_where_it_is(self):
        org = Org()
        tiers = {"type": "Picklist", "restricted": True, "values": ["Gold", "Silver"]}
        changed(org, field("Tier__c", **tiers))
        with org.client() as client:
            record_id = account(client, Tier__c="Gold")
            changed(org, field("Tier__c", values=[{"value": "Gold", "active": False}, "Silver"]))
            refused = client.post(f"{ROWS}/Account", json={"Name": "B", "Tier__c": "Gold"})

            assert refused.json()[0]["errorCode"] == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
            assert value(client, record_id, "Tier__c") == "Gold"

    def test_of_a_stage_has_a_row(self):
        org = Org()
        stage = {"value": "Verbal Yes", "probability": 85}
        changed(org, {"objects": {"Opportunity": {"fields": {"StageName": {"addValues": [stage]}}}}})
        with org.client() as client:
            soql = "SELECT DefaultProbability FROM OpportunityStage WHERE ApiName = 'Verbal Yes'"
            found = client.get("/services/data/v66.0/query", params={"q": soql}).json()

            assert [row["DefaultProbability"] for row in found["records"]] == [85.0]


LINK = {"type": "Lookup", "referenceTo": "Account", "relationshipName": "Visits"}
VISIT = {"objects": {"Visit__c": {"label": "Visit", "fields": {"Account__c": LINK}}}}


class TestAnObject:
    def test_comes_with_its_table_and_its_relationships(self):
        org = Org()
        changed(org, VISIT)
        with org.client() as client:
            made = client.post(f"{ROWS}/Visit__c", json={"Account__c": account(client)})
            soql = "SELECT Name, (SELECT Id FROM Visits__r) FROM Account"
            found = client.get("/services/data/v66.0/query", params={"q": soql}).json()

            assert made.status_code == 201
            assert found["records"][0]["Visits__r"]["totalSize"] == 1

    def test_goes_with_its_records(self):
        org = Org()
        changed(org, VISIT)
        with org.client() as client:
            client.post(f"{ROWS}/Visit__c", json={"Account__c": account(client)})
            changed(org, {"deleted": ["Visit__c"]})
            names = [
                each["childSObject"] for each in client.get(f"{ROWS}/Account/describe").json()["childRelationships"]
            ]

            assert client.get(f"{ROWS}/Visit__c/describe").status_code == 404
            assert "Visit__c" not in names


class TestAChange:
    def test_is_taken_back_by_a_reset_and_by_a_snapshot(self):
        org = Org()
        before = org.snapshot()
        changed(org, SEATS)
        after = org.snapshot()
        with org.client() as client:
            account(client, Seats__c=1)
        org.restore(before)
        org.restore(after)
        org.reset()
        with org.client() as client:
            refused = client.post(f"{ROWS}/Account", json={"Name": "B", "Seats__c": 5})

            assert refused.json()[0]["errorCode"] == "INVALID_FIELD"

    def test_goes_along_with_a_fork(self):
        org = Org()
        changed(org, SEATS)
        twin = org.fork()
        changed(org, {"deleted": ["Account.Seats__c"]})
        with twin.client() as client:
            assert value(client, account(client, Seats__c=3), "Seats__c") == 3

    def test_may_take_away_what_a_setting_of_the_org_names(self):
        org = Org(changed_schema(Org().schema, VISIT), settings=OrgSettings(change_data_capture="Visit__c"))
        changed(org, {"deleted": ["Visit__c"]})
        with org.fork().client() as client:
            assert client.get(f"{ROWS}/Visit__c/describe").status_code == 404

    def test_is_seen_by_users_who_see_a_part_of_the_schema_alone(self):
        grants = {
            "Reader": {
                "fields": {"Account.Seats__c": "read"},
                "objects": {"Account": ["read"]},
                "permissions": ["ApiEnabled"],
            }
        }
        user = {"username": "reader@mock.example", "lastName": "Reader", "permissionSets": ["Reader"]}
        users = [user | {"profile": "Minimum Access - Salesforce"}]
        org = Org()
        changed(org, SEATS)
        org = Org(changed_schema(org.schema, {"permissionSets": grants, "users": users}))
        with org.client() as client:
            record_id = account(client, Seats__c=3)
        reader = {"Authorization": f"Bearer {org.login('reader@mock.example')}"}
        with org.client(token=False, headers=reader) as client:
            seen = client.get(f"{ROWS}/Account/{record_id}?fields=Seats__c")
            changed(org, {"deleted": ["Account.Seats__c"]})
            gone = client.get(f"{ROWS}/Account/{record_id}?fields=Seats__c")

            assert seen.json()["Seats__c"] == 3
            assert gone.json()[0]["errorCode"] == "INVALID_FIELD"

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"deleted": ["Account.Seat__c"]}, "did you mean 'Seats__c'?"),
            ({"deleted": ["Account.Name"]}, "a standard field, which nobody can delete"),
            ({"deleted": ["Account"]}, "a standard object, which nobody can delete"),
            ({"deleted": ["Acount.Seats__c"]}, "no such object 'Acount'"),
            ({"objects": {"Account": {"fields": {"Seats__c": {"tipe": "Text"}}}}}, "tipe"),
        ],
    )
    def test_that_cannot_be_made_changes_nothing(self, change: dict[str, Any], said: str):
        org = Org()
        changed(org, SEATS)
        with pytest.raises(SchemaError) as refused:
            changed(org, change)
        with org.client() as client:
            assert said in str(refused.value)
            assert account(client, Seats__c=1)

    def test_that_would_leave_a_formula_without_its_field_changes_nothing(self):
        org = Org()
        changed(org, SEATS)
        changed(org, field("Twice__c", type="Number", precision=8, scale=0, formula="Seats__c * 2"))
        with pytest.raises((SchemaError, FormulaError), match="Seats__c"):
            changed(org, {"deleted": ["Account.Seats__c"]})
        with org.client() as client:
            assert value(client, account(client, Seats__c=1), "Twice__c") == 2
