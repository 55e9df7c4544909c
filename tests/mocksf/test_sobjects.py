"""sObject rows over the wire: statuses, bodies and headers to the letter."""

import pytest

from mocksf.org import Org
from tests.client import Client, contents

GONE = [{"errorCode": "NOT_FOUND", "message": "The requested resource does not exist"}]


@pytest.fixture
def account(sf: Client) -> str:
    return sf.create("Account", Name="Acme", Caller_Key__c="k 1/2", NumberOfEmployees=12, BillingCity="Köln")


class TestCreate:
    @pytest.mark.parametrize(
        "path", ["/sobjects/Account", "/sobjects/Account/", "//sobjects//Account", "/SObjects/account"]
    )
    def test_it_answers_201_and_says_where(self, sf: Client, path: str):
        answer = sf.post(path, {"Name": "Acme"})

        assert answer.status == 201
        assert answer.raw == b'{"id":"001Rt0000000001IAA","success":true,"errors":[]}'
        assert answer.headers["Location"] == "/services/data/v66.0/sobjects/Account/001Rt0000000001IAA"
        assert answer.headers["Content-Type"] == "application/json;charset=UTF-8"

    def test_field_names_are_read_in_any_case(self, sf: Client):
        record = sf.post("/sobjects/Contact", {"lastname": "Doe", "FIRSTNAME": "Ada"}).id

        assert sf.get(f"/sobjects/Contact/{record}").body["Name"] == "Ada Doe"

    def test_a_posted_override_of_the_verb_counts(self, sf: Client, account: str):
        assert sf.post(f"/sobjects/Account/{account}?_HttpMethod=PATCH", {"Name": "Bee"}).status == 204
        assert sf.post(f"/sobjects/Account/{account}?_HttpMethod=DELETE").status == 204
        assert sf.get(f"/sobjects/Account/{account}").status == 404

    def test_the_upsert_resource_without_a_key_creates(self, sf: Client):
        assert sf.post("/sobjects/Account/Id", {"Name": "Acme"}).body["created"] is True
        assert "created" not in Client(sf.org, version="45.0").post("/sobjects/Account/Id", {"Name": "Acme"}).body

    @pytest.mark.parametrize(
        ("sobject", "body", "expected"),
        [
            (
                "Contact",
                {"FirstName": "Ada"},
                {
                    "message": "Required fields are missing: [LastName]",
                    "errorCode": "REQUIRED_FIELD_MISSING",
                    "fields": ["LastName"],
                },
            ),
            (
                "Account",
                {"Name": "x", "foo": 1},
                {"message": "No such column 'foo' on sobject of type Account", "errorCode": "INVALID_FIELD"},
            ),
            (
                "Account",
                {"Name": "x", "Id": "001Rt0000000001IAA"},
                {"message": "The Id field should not be specified in the sobject data.", "errorCode": "INVALID_FIELD"},
            ),
            (
                "Opportunity",
                {"Name": "x", "StageName": "x", "CloseDate": "2017-05-30T-06:00:00X"},
                {
                    "message": "Cannot deserialize instance of date from VALUE_STRING value 2017-05-30T-06:00:00X or "
                    "request may be missing a required field at [line:1, column:41]",
                    "errorCode": "JSON_PARSER_ERROR",
                },
            ),
        ],
        ids=["required", "unknown", "id", "date"],
    )
    def test_what_is_wrong_is_said_in_the_orgs_words(self, sf: Client, sobject: str, body: object, expected: object):
        answer = sf.post(f"/sobjects/{sobject}", body)

        assert (answer.status, answer.body) == (400, [expected])

    def test_the_place_of_a_bad_value_is_found_across_lines(self, sf: Client):
        body = b'{\n  "Name": "x",\n  "StageName": "x",\n  "CloseDate": "tomorrow"\n}'

        assert sf.post("/sobjects/Opportunity", body).body[0]["message"].endswith("at [line:4, column:16]")


class TestRetrieve:
    def test_all_fields_stand_in_describe_order_behind_the_attributes(self, sf: Client, account: str):
        body = sf.get(f"/sobjects/account/{account}").body

        assert list(body)[:2] == ["attributes", "Id"]
        assert body["attributes"] == {"type": "Account", "url": f"/services/data/v66.0/sobjects/Account/{account}"}
        assert body["BillingAddress"]["city"] == "Köln"
        assert body["CreatedDate"] == "2026-01-05T09:00:00.000+0000"
        assert body["Phone"] is None

    def test_chosen_fields_come_in_the_order_asked_and_id_last(self, sf: Client, account: str):
        answer = sf.get(f"/sobjects/Account/{account}?fields=numberofemployees,Name")

        assert answer.raw.endswith(f'"NumberOfEmployees":12,"Name":"Acme","Id":"{account}"}}'.encode())

    def test_fifteen_characters_are_enough(self, sf: Client, account: str):
        assert sf.get(f"/sobjects/Account/{account[:15]}").body["Id"] == account

    @pytest.mark.parametrize("value", ["k%201%2F2", "k%201%2f2"])
    def test_by_key_with_what_is_percent_encoded(self, sf: Client, account: str, value: str):
        assert sf.get(f"/sobjects/Account/caller_key__c/{value}?fields=Name").body["Id"] == account

    @pytest.mark.parametrize(
        ("path", "status", "code"),
        [
            ("/sobjects/Account/23foo", 404, "NOT_FOUND"),
            ("/sobjects/Account/001Rt0000000099IAA", 404, "NOT_FOUND"),
            ("/sobjects/Account/Nope__c/1", 404, "NOT_FOUND"),
            ("/sobjects/Account/Phone/1", 404, "NOT_FOUND"),
            ("/sobjects/Account/Caller_Key__c/none", 404, "NOT_FOUND"),
            ("/sobjects/Nope/001Rt0000000001IAA", 404, "NOT_FOUND"),
            ("/sobjects/Account/003Rt0000000001IAA", 400, "MALFORMED_ID"),
            ("/sobjects/Account/0Q0Rt0000000001", 400, "MALFORMED_ID"),  # of a Quote, which no schema here has
        ],
    )
    def test_what_is_not_there(self, sf: Client, path: str, status: int, code: str):
        answer = sf.get(path)

        assert (answer.status, answer.code) == (status, code)

    def test_what_is_no_id_is_taken_for_a_key_field(self, sf: Client):
        assert sf.get("/sobjects/Account/23foo").body == [
            {
                "message": "Provided external ID field does not exist or is not accessible: 23foo",
                "errorCode": "NOT_FOUND",
            }
        ]

    def test_basic_information_names_the_object_and_what_changed_last(self, sf: Client, account: str):
        body = sf.get("/sobjects/Account").body

        assert body["objectDescribe"]["keyPrefix"] == "001"
        assert [(item["Id"], item["Name"]) for item in body["recentItems"]] == [(account, "Acme")]

    def test_head_answers_like_get_without_the_body(self, sf: Client, account: str):
        answer = sf.send("HEAD", f"/sobjects/Account/{account}")

        assert (answer.status, answer.raw) == (200, b"")
        assert "ETag" in answer.headers


class TestUpdateAndDelete:
    def test_nothing_is_answered(self, sf: Client, account: str):
        answer = sf.patch(f"/sobjects/Account/{account}", {"Name": "Bee"})

        assert (answer.status, answer.raw) == (204, b"")
        assert "Content-Type" not in answer.headers
        assert sf.get(f"/sobjects/Account/{account}").body["Name"] == "Bee"

    def test_a_deleted_record_is_known_to_be_deleted(self, sf: Client, account: str):
        assert sf.delete(f"/sobjects/Account/{account}").status == 204

        for answer in (sf.delete(f"/sobjects/Account/{account}"), sf.get(f"/sobjects/Account/{account}")):
            assert answer.status == 404
            assert answer.body == [{"message": "entity is deleted", "errorCode": "ENTITY_IS_DELETED", "fields": []}]

    def test_a_record_that_never_was_is_an_invalid_reference(self, sf: Client):
        answer = sf.delete("/sobjects/Account/001Rt0000000099IAA")

        assert answer.status == 404
        assert answer.body[0]["errorCode"] == "INVALID_CROSS_REFERENCE_KEY"

    def test_by_key(self, sf: Client, account: str):
        assert sf.delete("/sobjects/Account/Caller_Key__c/k%201%2F2").status == 204
        assert sf.get(f"/sobjects/Account/{account}").code == "ENTITY_IS_DELETED"


class TestUpsert:
    path = "/sobjects/Account/Caller_Key__c/new"

    def test_new_it_says_created_and_where(self, sf: Client):
        answer = sf.patch(self.path, {"Name": "Acme"})

        assert answer.status == 201
        assert answer.raw == b'{"id":"001Rt0000000001IAA","success":true,"errors":[],"created":true}'
        assert answer.headers["Location"].endswith("/001Rt0000000001IAA")

    def test_known_it_says_not_created(self, sf: Client):
        first = sf.patch(self.path, {"Name": "Acme"}).id
        answer = sf.patch(self.path, {"Name": "Bee"})

        assert (answer.status, answer.body["created"], answer.id) == (200, False, first)
        assert "Location" not in answer.headers

    def test_before_v46_it_says_less(self, org: Org):
        old = Client(org, version="45.0")
        created, updated = old.patch(self.path, {"Name": "Acme"}), old.patch(self.path, {"Name": "Bee"})

        assert (created.status, list(created.body)) == (201, ["id", "success", "errors"])
        assert (updated.status, updated.body) == (204, None)

    def test_several_matches_are_a_choice(self, sf: Client):
        twins = [sf.create("Lead", LastName="A", Company="B", Email="a@b.example") for _ in range(2)]

        answer = sf.patch("/sobjects/Lead/Email/a@b.example", {"LastName": "C"})

        assert answer.status == 300
        assert answer.body == [f"/services/data/v66.0/sobjects/Lead/{twin}" for twin in twins]

    def test_update_only_never_creates(self, sf: Client):
        assert sf.patch(f"{self.path}?updateOnly=true", {"Name": "Acme"}).body == GONE
        sf.patch(self.path, {"Name": "Acme"})
        assert sf.patch(f"{self.path}?updateOnly=true", {"Name": "Bee"}).status == 200

    def test_by_id_it_updates(self, sf: Client, account: str):
        assert sf.patch(f"/sobjects/Account/Id/{account}", {"Name": "Bee"}).body["created"] is False

    @pytest.mark.parametrize(("field", "value"), [("Caller_Key__c", "k" * 41), ("Caller_Key__c", "nobody")])
    def test_a_key_that_nobody_can_have_is_not_found(self, sf: Client, field: str, value: str):
        path = f"/sobjects/Account/{field}/{value}"

        assert sf.get(path).body == sf.delete(path).body == GONE
        assert sf.patch(path + "?updateOnly=true", {"Name": "Ada"}).body == GONE

    def test_a_key_that_is_too_long_makes_no_record(self, sf: Client):
        assert sf.patch(f"/sobjects/Account/Caller_Key__c/{'k' * 41}", {"Name": "Ada"}).code == "STRING_TOO_LONG"

    def test_an_unknown_key_field_is_named(self, sf: Client):
        answer = sf.patch("/sobjects/Account/Namez/x", {"Name": "Acme"})

        assert answer.status == 404
        assert answer.body[0]["message"].endswith("not accessible: Namez")


class TestConditions:
    @pytest.fixture
    def etag(self, sf: Client, account: str) -> str:
        return sf.get(f"/sobjects/Account/{account}").headers["ETag"]

    def test_who_has_it_already_is_told_so(self, sf: Client, account: str, etag: str):
        answer = sf.get(f"/sobjects/Account/{account}", **{"if-none-match": etag[:-1] + '--gzip"'})

        assert (answer.status, answer.raw, answer.headers["ETag"]) == (304, b"", etag)

    def test_a_change_makes_another_etag(self, sf: Client, account: str, etag: str):
        sf.patch(f"/sobjects/Account/{account}", {"Name": "Bee"})

        assert sf.get(f"/sobjects/Account/{account}", **{"if-none-match": etag}).status == 200
        lost = sf.patch(f"/sobjects/Account/{account}", {"Name": "Cee"}, **{"if-match": etag})
        assert (lost.status, lost.code) == (412, "MATCH_PRECONDITION_FAILED")
        assert sf.get(f"/sobjects/Account/{account}").body["Name"] == "Bee"

    @pytest.mark.parametrize(
        ("header", "value", "status"),
        [
            ("if-modified-since", "Mon, 05 Jan 2026 09:00:00 GMT", 304),
            ("if-modified-since", "Mon, 05 Jan 2026 08:59:59 GMT", 200),
            ("if-modified-since", "nonsense", 200),
            ("if-unmodified-since", "Mon, 05 Jan 2026 08:59:59 GMT", 412),
            ("if-unmodified-since", "Mon, 05 Jan 2026 09:00:00 GMT", 200),
            ("if-unmodified-since", "nonsense", 400),
            ("if-match", '"other"', 412),
        ],
    )
    def test_dates_and_tags(self, sf: Client, account: str, header: str, value: str, status: int):
        assert sf.get(f"/sobjects/Account/{account}", **{header: value}).status == status

    @pytest.mark.parametrize(("value", "status"), [("*", 204), ('"a" , W/"b"', 412), ("nonsense", 400)])
    def test_a_write_wants_tags_in_quotes(self, sf: Client, account: str, value: str, status: int):
        assert sf.patch(f"/sobjects/Account/{account}", {"Name": "Bee"}, **{"if-match": value}).status == status


class TestDescribe:
    def test_one_object_in_full(self, sf: Client):
        answer = sf.get("/sobjects/opportunity/describe/")

        assert answer.body["name"] == "Opportunity"
        assert "Demo_Requested_At__c" in [field["name"] for field in answer.body["fields"]]

    @pytest.mark.parametrize("path", ["/sobjects", "/sobjects/Lead/describe"])
    def test_who_has_it_already_is_told_so(self, sf: Client, path: str):
        first = sf.get(path)

        assert sf.get(path, **{"if-modified-since": first.headers["Last-Modified"]}).status == 304
        assert sf.get(path, **{"if-none-match": first.headers["ETag"]}).status == 304

    def test_all_objects_in_short(self, sf: Client):
        body = sf.get("/sobjects/").body

        assert list(body) == ["encoding", "maxBatchSize", "sobjects"]
        assert "Account" in [each["name"] for each in body["sobjects"]]


def test_a_refused_write_leaves_the_store_as_it_was(sf: Client, org: Org, account: str):
    before = contents(org)
    sf.patch(f"/sobjects/Account/{account}", {"Name": "x", "NumberOfEmployees": "many"})
    sf.post("/sobjects/Contact", {"LastName": "x", "AccountId": "001Rt0000000099IAA"})

    assert contents(org) == before
