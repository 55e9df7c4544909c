"""What users with different permissions may read and write: rows, composites, collections."""

from typing import Any

import pytest

from mocksf.org import Org
from tests.client import Client, part, statuses
from tests.staff import message, someone

WRITABLE_NOT = (
    "Unable to create/update fields: {}. Please check the security settings of this field"
    " and verify that it is read/write for your profile or permission set."
)


class TestRows:
    def test_a_row_shows_what_its_reader_sees_whoever_came_first(self, agent: Client, admin: Client, account: str):
        path = f"/sobjects/Account/{account}"
        whole, part, again = admin.get(path), agent.get(path), admin.get(path)

        assert whole.raw == again.raw
        assert part.raw == agent.get(path).raw
        assert {*whole.body} - {*part.body} == {"Fax"}

    def test_a_hidden_field_cannot_be_asked_for(self, agent: Client, account: str):
        for path in (
            f"/sobjects/Account/{account}?fields=Fax",
            f"/composite/sobjects/Account?ids={account}&fields=Fax",
        ):
            assert message(agent.get(path)) == (400, "INVALID_FIELD", "No such column 'Fax' on sobject of type Account")

    def test_a_hidden_key_addresses_nothing(self, leads: Client, admin: Client):
        admin.create("Lead", LastName="Hopper", Company="Navy", Call_Key__c="call-1")
        key = "/sobjects/Opportunity/Call_Key__c/call-1"

        assert leads.get("/sobjects/Lead/Call_Key__c/call-1").body["LastName"] == "Hopper"
        assert message(leads.patch(key, {"Name": "x"})) == (
            404,
            "NOT_FOUND",
            "Provided external ID field does not exist or is not accessible: Call_Key__c",
        )

    def test_record_counts_are_of_what_is_seen(self, agent: Client, admin: Client):
        admin.create("Lead", LastName="Hopper", Company="Navy")

        assert agent.get("/limits/recordCount?sObjects=Lead").body == {"sObjects": []}
        assert admin.get("/limits/recordCount?sObjects=Lead").body == {"sObjects": [{"count": 1, "name": "Lead"}]}

    def test_recent_items_are_of_what_is_seen(self, org: Org, leads: Client):
        hidden = someone(org, "careful")
        hidden.create("Case", Subject="Broken")

        assert [each["attributes"]["type"] for each in hidden.get("/recent").body] == ["Case"]
        assert leads.get("/recent").body == []


class TestWrites:
    @pytest.mark.parametrize(
        ("body", "code", "said"),
        [
            ({"Fax": "1"}, "INVALID_FIELD", "No such column 'Fax' on sobject of type Account"),
            ({"Phone": "1"}, "INVALID_FIELD_FOR_INSERT_UPDATE", WRITABLE_NOT.format("Phone")),
            ({"Phone": "1", "Fax": "1"}, "INVALID_FIELD", "No such column 'Fax' on sobject of type Account"),
        ],
    )
    def test_fields_refuse_alike_on_create_and_update(
        self, agent: Client, admin: Client, account: str, body: dict[str, str], code: str, said: str
    ):
        created = agent.post("/sobjects/Account", {"Name": "New", **body})
        changed = agent.patch(f"/sobjects/Account/{account}", body)

        assert message(created) == message(changed) == (400, code, said)
        assert admin.soql("SELECT COUNT() FROM Account").body["totalSize"] == 1

    @pytest.mark.parametrize(
        ("method", "sobject", "said"),
        [
            ("POST", "Contact", "entity type cannot be inserted: Contact"),
            ("PATCH", "Contact", "entity type cannot be updated: Contact"),
            ("DELETE", "Contact", "entity type cannot be deleted: Contact"),
            ("DELETE", "Opportunity", "entity type cannot be deleted: Opportunity"),
            ("POST", "User", "entity type cannot be inserted: User"),
        ],
    )
    def test_objects_refuse_what_is_not_granted(
        self, agent: Client, admin: Client, method: str, sobject: str, said: str
    ):
        body = {"LastName": "Lovelace"}
        usual = {"Name": "Deal", "StageName": "Prospecting", "CloseDate": "2026-03-31"}
        record = admin.create(sobject, **(usual if sobject == "Opportunity" else body)) if method != "POST" else ""

        answer = agent.send(method, f"/sobjects/{sobject}/{record}".rstrip("/"), None if method == "DELETE" else body)

        assert message(answer) == (400, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", said)

    def test_an_object_without_read_is_no_resource(self, agent: Client):
        assert message(agent.post("/sobjects/Lead", {"LastName": "x"}))[:2] == (404, "NOT_FOUND")

    def test_what_is_granted_is_done(self, agent: Client, admin: Client):
        made = agent.create("Account", Name="Agent's", Website="https://a.example")
        deal = agent.create("Opportunity", Name="D", StageName="Prospecting", CloseDate="2026-03-31", NextStep="call")

        assert agent.patch(f"/sobjects/Account/{made}", {"Website": None}).status == 204
        assert agent.delete(f"/sobjects/Account/{made}").status == 204
        assert admin.get(f"/sobjects/Opportunity/{deal}").body["Probability"] == 10, (
            "the org sets what the agent cannot see"
        )

    def test_a_lookup_to_a_hidden_object_is_refused(self, agent: Client, admin: Client):
        case = admin.create("Case", Subject="Broken")

        answer = agent.post("/sobjects/Task", {"Subject": "Call", "WhatId": case})

        said = f"insufficient access rights on cross-reference id: {case[:15]}"
        assert message(answer) == (400, "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", said)

    def test_hidden_defaults_and_keys_stay_as_they_are(self, agent: Client, admin: Client, account: str):
        agent.patch(f"/sobjects/Account/{account}", {"Name": "Renamed"})

        seen = admin.get(f"/sobjects/Account/{account}").body
        assert (seen["Name"], seen["Fax"], seen["Phone"]) == ("Renamed", "+49 30 2222222", "+49 30 1111111")


class TestComposite:
    def test_a_part_that_may_not_halts_the_whole(self, agent: Client, admin: Client):
        answer = agent.composite(
            part("POST", "/sobjects/Account", "acc", Name="Acme"),
            part("POST", "/sobjects/Contact", "con", LastName="Lovelace"),
            all_or_none=True,
        )

        assert statuses(answer) == [400, 400]
        assert answer.parts["con"]["body"][0]["errorCode"] == "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"
        assert admin.soql("SELECT COUNT() FROM Account").body["totalSize"] == 0

    def test_parts_are_refused_as_calls_are(self, agent: Client, account: str):
        answer = agent.composite(
            part("PATCH", f"/sobjects/Account/{account}", "phone", Phone="1"),
            part("PATCH", f"/sobjects/Account/{account}", "fax", Fax="1"),
            part("GET", "/query?q=SELECT+Fax+FROM+Account", "soql"),
            part("GET", "/sobjects/Lead/describe", "lead"),
            part("PATCH", f"/sobjects/Account/{account}", "name", Name="New"),
        )

        assert statuses(answer) == [400, 400, 400, 404, 204]

    def test_collections_refuse_each_record_for_itself(self, agent: Client):
        def record(sobject: str, **fields: str) -> dict[str, Any]:
            return {"attributes": {"type": sobject}, **fields}

        records = [record("Account", Name="A"), record("Account", Name="B", Phone="1"), record("Lead", LastName="C")]
        answer = agent.post("/composite/sobjects", {"records": records}).body

        codes = [each["errors"][0]["statusCode"] if each["errors"] else None for each in answer]
        assert codes == [None, "INVALID_FIELD_FOR_INSERT_UPDATE", "INVALID_TYPE"]
