"""The UI API: records with what people read beside each value, objects, picklists, forms."""

from typing import Any

import pytest

from mocksf.org import Org
from tests.client import Client, contents

RECORDS = "/ui-api/records"
INFO = "/ui-api/object-info"


def alphabetical(value: Any) -> bool:
    if isinstance(value, dict):
        names = list(value)
        return names == sorted(names, key=str.lower) and all(alphabetical(each) for each in value.values())
    return not isinstance(value, list) or all(alphabetical(each) for each in value)


@pytest.fixture
def account(sf: Client) -> str:
    return sf.create("Account", Name="Acme", Industry="Banking")


class TestRead:
    def test_a_record_has_the_fields_that_are_asked_for(self, sf: Client, org: Org, account: str):
        answer = sf.get(f"{RECORDS}/{account}?fields=Account.Name,account.industry,Account.CreatedDate")

        assert answer.status == 200
        assert answer.body["fields"] == {
            "CreatedDate": {"displayValue": "2026-01-05T09:00:00.000Z", "value": "2026-01-05T09:00:00.000Z"},
            "Industry": {"displayValue": "Banking", "value": "Banking"},
            "Name": {"displayValue": None, "value": "Acme"},
        }
        assert (answer.body["apiName"], answer.body["id"], answer.body["lastModifiedById"]) == (
            "Account", account, org.admin_id,
        )  # fmt: skip
        assert answer.body["weakEtag"] == 1767603600000
        assert alphabetical(answer.body)

    def test_a_parent_is_a_record_in_its_field(self, sf: Client, account: str):
        contact = sf.create("Contact", LastName="Ada", AccountId=account)

        fields = sf.get(f"{RECORDS}/{contact}?fields=Contact.Account.Name&fields=Contact.Account.Owner.Id").body[
            "fields"
        ]

        assert fields["Account"]["displayValue"] == "Acme"
        assert fields["Account"]["value"]["id"] == account
        assert set(fields["Account"]["value"]["fields"]) == {"Name", "Owner"}

    def test_no_parent_is_null(self, sf: Client, account: str):
        fields = sf.get(f"{RECORDS}/{account}?fields=Account.Parent.Name").body["fields"]

        assert fields == {"Parent": {"displayValue": None, "value": None}}

    def test_optional_fields_may_be_missing_and_others_may_not(self, sf: Client, account: str):
        optional = sf.get(f"{RECORDS}/{account}?optionalFields=Account.Name,Account.Nonsense,Account.Nonsense.Name")
        strict = sf.get(f"{RECORDS}/{account}?fields=Account.Nonsense")

        assert list(optional.body["fields"]) == ["Name"]
        assert (strict.status, strict.code) == (400, "INVALID_FIELD")

    def test_a_layout_shows_all_fields(self, sf: Client, account: str):
        fields = sf.get(f"{RECORDS}/{account}?layoutTypes=Full").body["fields"]

        assert {"Name", "BillingCity", "Caller_Key__c"} <= set(fields)

    @pytest.mark.parametrize(
        ("query", "code"),
        [("", "ILLEGAL_QUERY_PARAMETER_VALUE"), ("?fields=", "ILLEGAL_QUERY_PARAMETER_VALUE"),
         ("?fields=Name", "INVALID_FIELD"), ("?fields=Contact.Name", "INVALID_FIELD"),
         ("?fields=Account..Name", "INVALID_FIELD")],
    )  # fmt: skip
    def test_without_fields_of_the_object_nothing_is_read(self, sf: Client, account: str, query: str, code: str):
        assert sf.get(f"{RECORDS}/{account}{query}").code == code

    @pytest.mark.parametrize("record_id", ["x", "001Rt0000000009IAA", "zzzRt0000000009IAA"])
    def test_a_record_that_is_not_there_is_not_found(self, sf: Client, record_id: str):
        assert sf.get(f"{RECORDS}/{record_id}?fields=Account.Name").status == 404

    def test_several_are_read_at_once(self, sf: Client, account: str):
        answer = sf.get(f"{RECORDS}/batch/{account},001Rt0000000009IAA?fields=Account.Name")

        assert (answer.status, answer.body["hasErrors"]) == (200, True)
        assert [each["statusCode"] for each in answer.body["results"]] == [200, 404]


class TestWrite:
    def test_a_record_is_created_and_shown(self, sf: Client):
        answer = sf.post(RECORDS, {"apiName": "account", "fields": {"Name": "New"}})

        assert answer.status == 201
        assert answer.body["fields"]["Name"]["value"] == "New"
        assert sf.get(f"/sobjects/Account/{answer.body['id']}").body["Name"] == "New"

    def test_a_record_is_changed_and_shown(self, sf: Client, account: str):
        answer = sf.patch(f"{RECORDS}/{account}", {"fields": {"Name": "Other"}})

        assert (answer.status, answer.body["fields"]["Name"]["value"]) == (200, "Other")

    def test_a_record_is_deleted(self, sf: Client, account: str):
        assert sf.delete(f"{RECORDS}/{account}").status == 204
        assert sf.get(f"{RECORDS}/{account}?fields=Account.Name").code == "ENTITY_IS_DELETED"

    def test_what_is_refused_is_told_by_field(self, sf: Client, org: Org):
        before = contents(org)

        answer = sf.post(RECORDS, {"apiName": "Contact", "fields": {"LastName": "x", "Email": "x"}})

        assert answer.status == 400
        (entry,) = answer.body
        assert (entry["enhancedErrorType"], entry["errorCode"]) == ("RecordError", "INVALID_EMAIL_ADDRESS")
        assert entry["output"] == {
            "errors": [],
            "fieldErrors": {
                "Email": [
                    {
                        "constituentField": None,
                        "duplicateRecordError": None,
                        "errorCode": "INVALID_EMAIL_ADDRESS",
                        "field": "Email",
                        "fieldLabel": "Email",
                        "message": "Email: invalid email address: x",
                    }
                ]
            },
        }
        assert contents(org) == before

    @pytest.mark.parametrize(
        ("body", "status"),
        [({}, 400), ({"apiName": 1}, 400), ({"apiName": "Nonsense", "fields": {}}, 404),
         ({"apiName": "Account", "fields": []}, 400), ({"apiName": "Account", "fields": {"Nonsense": 1}}, 400),
         ([], 400)],
    )  # fmt: skip
    def test_what_is_no_record_is_refused(self, sf: Client, body: Any, status: int):
        assert sf.post(RECORDS, body).status == status

    def test_there_is_none_before_v41(self, org: Org):
        bodies = {"apiName": "Account", "fields": {"Name": "x"}}

        assert [Client(org, version=each).post(RECORDS, bodies).status for each in ("40.0", "41.0")] == [404, 201]


class TestObjects:
    def test_an_object_is_shown_with_its_fields(self, sf: Client):
        body = sf.get(f"{INFO}/contact").body

        assert (body["apiName"], body["keyPrefix"], body["nameFields"]) == ("Contact", "003", ["Name"])
        assert body["fields"]["AccountId"]["referenceToInfos"] == [{"apiName": "Account", "nameFields": ["Name"]}]
        assert body["fields"]["LastName"]["required"] is True
        assert body["defaultRecordTypeId"] in body["recordTypeInfos"]

    def test_all_objects_with_pages_are_listed(self, sf: Client):
        objects = sf.get(INFO).body["objects"]

        assert objects["Account"]["objectInfoUrl"] == "/services/data/v66.0/ui-api/object-info/Account"
        assert "FieldPermissions" not in objects

    def test_picklists_are_those_of_a_record_type(self, sf: Client):
        root = f"{INFO}/Account/picklist-values/012000000000000AAA"

        values = sf.get(root).body["picklistFieldValues"]
        one = sf.get(f"{root}/Industry").body

        assert [each["value"] for each in one["values"]][:2] == ["Agriculture", "Apparel"]
        assert values["Industry"] == one
        assert sf.get(f"{INFO}/Account/picklist-values/012000000000009AAA").status == 404
        assert sf.get(f"{root}/Name").status == 404

    def test_a_form_begins_with_the_defaults(self, sf: Client):
        record = sf.get("/ui-api/record-defaults/create/Task").body["record"]

        assert record["fields"]["Status"]["value"] == "Not Started"
        assert "CreatedDate" not in record["fields"]
        assert sf.get("/ui-api/record-defaults/create/Organization").status == 404

    def test_records_come_with_their_objects(self, sf: Client, account: str):
        body = sf.get(f"/ui-api/record-ui/{account}").body

        assert list(body["objectInfos"]) == ["Account"]
        assert body["records"][account]["fields"]["Name"]["value"] == "Acme"
