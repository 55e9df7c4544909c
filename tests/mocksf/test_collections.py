"""sObject Collections: up to 200 records a call, each with its own result."""

from typing import Any

import pytest

from mocksf.org import Org
from tests.client import Client, contents, part

PATH = "/composite/sobjects"
ROLLED_BACK = {
    "statusCode": "ALL_OR_NONE_OPERATION_ROLLED_BACK",
    "message": "Record rolled back because not all records were valid and the request was using AllOrNone header",
    "fields": [],
}


def row(sobject: str, **fields: Any) -> dict[str, Any]:
    return {"attributes": {"type": sobject}, **fields}


def codes(results: list[dict[str, Any]]) -> list[str | None]:
    """Per record the code of its error, or None."""
    return [None if each["success"] else each["errors"][0]["statusCode"] for each in results]


class TestCreate:
    def test_results_come_in_the_order_of_the_records(self, sf: Client):
        body = {"records": [row("Account", Name="A"), row("Contact"), row("contact", LastName="C")]}

        answer = sf.post(PATH, body)

        assert answer.status == 200
        assert answer.body == [
            {"id": "001Rt0000000001IAA", "success": True, "errors": []},
            {
                "success": False,
                "errors": [
                    {
                        "statusCode": "REQUIRED_FIELD_MISSING",
                        "message": "Required fields are missing: [LastName]",
                        "fields": ["LastName"],
                    }
                ],
            },
            {"id": "003Rt0000000001IAA", "success": True, "errors": []},
        ]

    def test_all_or_none_takes_the_good_ones_back(self, sf: Client, org: Org):
        before = contents(org)
        body = {"allOrNone": True, "records": [row("Account", Name="A"), row("Contact"), row("Nonsense")]}

        results = sf.post(PATH, body).body

        assert results[0] == {"success": False, "errors": [ROLLED_BACK]}
        assert codes(results)[1:] == ["REQUIRED_FIELD_MISSING", "INVALID_TYPE"]
        assert contents(org) == before

    @pytest.mark.parametrize("record", [None, "x", {}, {"attributes": {}}, {"attributes": {"type": 7}}])
    def test_a_record_must_say_what_it_is(self, sf: Client, record: Any):
        assert codes(sf.post(PATH, {"records": [record]}).body) == ["INVALID_TYPE"]

    def test_a_value_of_the_wrong_type_is_an_error_of_its_record(self, sf: Client):
        record = row("Opportunity", Name="x", StageName="x", CloseDate="soon")

        assert sf.post(PATH, {"records": [record]}).body[0]["errors"] == [
            {
                "statusCode": "INVALID_TYPE_ON_FIELD_IN_RECORD",
                "message": "Close Date: value not of required type: soon",
                "fields": ["CloseDate"],
            }
        ]

    @pytest.mark.parametrize(
        ("value", "word"), [(True, "true"), ([None, "é"], '[null, "é"]'), ({"a": False}, '{"a": false}'), (5, "5")]
    )
    def test_a_wrong_value_is_repeated_in_the_words_of_json(self, sf: Client, value: Any, word: str):
        (result,) = sf.post(PATH, {"records": [row("Account", Name=value)]}).body

        assert result["errors"][0]["message"] == f"Account Name: value not of required type: {word}"

    def test_two_hundred_are_the_most(self, sf: Client):
        records = [row("Account", Name="A")] * 201

        answer = sf.post(PATH, {"records": records})

        assert (answer.status, answer.code) == (400, "EXCEEDED_ID_LIMIT")
        assert codes(sf.post(PATH, {"records": records[:200]}).body) == [None] * 200

    def test_ten_runs_of_one_object_are_the_most(self, sf: Client):
        pair = [row("Account", Name="A"), row("Contact", LastName="C")]

        answer = sf.post(PATH, {"records": pair * 6})
        assert (answer.status, answer.code) == (400, "LIMIT_EXCEEDED")
        assert codes(sf.post(PATH, {"records": pair * 5}).body) == [None] * 10
        assert sf.soql("SELECT COUNT() FROM Account").body["totalSize"] == 5

    @pytest.mark.parametrize(
        "body", [{}, {"records": None}, {"records": {}}, {"records": [], "allOrNone": "x"}, [], None]
    )
    def test_without_records_the_whole_is_refused(self, sf: Client, body: Any):
        assert sf.post(PATH, body).code == "JSON_PARSER_ERROR"


class TestUpdate:
    def test_each_record_is_named_by_its_id(self, sf: Client):
        account = sf.create("Account", Name="A")
        body = {"records": [row("Account", id=account, Name="B"), row("Account", Name="C"), row("Account", Id="x")]}

        results = sf.patch(PATH, body).body

        assert codes(results) == [None, "MISSING_ARGUMENT", "MALFORMED_ID"]
        assert ["id" in each for each in results] == [True, False, False]
        assert sf.get(f"/sobjects/Account/{account}").body["Name"] == "B"

    def test_rolled_back_it_still_names_the_record(self, sf: Client):
        account = sf.create("Account", Name="A")
        body = {"allOrNone": True, "records": [row("Account", id=account, Name="B"), row("Account", Name="C")]}

        results = sf.patch(PATH, body).body

        assert results[0] == {"id": account, "success": False, "errors": [ROLLED_BACK]}
        assert sf.get(f"/sobjects/Account/{account}").body["Name"] == "A"


class TestUpsert:
    path = f"{PATH}/Account/Caller_Key__c"

    def test_it_says_which_are_new(self, sf: Client):
        known = sf.create("Account", Name="A", Caller_Key__c="one")
        records = [row("Account", Caller_Key__c="one", Name="B"), row("Account", caller_key__c="two", Name="C")]

        first, second = sf.patch(self.path, {"records": records}).body

        assert first == {"id": known, "success": True, "errors": [], "created": False}
        assert second["created"] is True

    def test_a_key_that_comes_twice_is_refused_twice(self, sf: Client):
        records = [row("Account", Caller_Key__c=key, Name="B") for key in ("one", "ONE", "two")]

        assert codes(sf.patch(self.path, {"records": records}).body) == ["DUPLICATE_EXTERNAL_ID"] * 2 + [None]

    def test_by_id_null_creates(self, sf: Client):
        account = sf.create("Account", Name="A")
        records = [row("Account", Id=None, Name="B"), row("Account", Id=account, Name="C")]

        results = sf.patch(f"{PATH}/Account/Id", {"records": records}).body

        assert [each["created"] for each in results] == [True, False]


class TestDelete:
    def test_ids_of_all_objects_may_be_mixed(self, sf: Client):
        ids = [sf.create("Account", Name="A"), sf.create("Contact", LastName="B"), "x"]

        results = sf.delete(f"{PATH}?ids={','.join(ids)}").body

        assert codes(results) == [None, None, "MALFORMED_ID"]
        assert results[2]["errors"][0]["message"] == "malformed id x"

    def test_all_or_none_keeps_all(self, sf: Client):
        account = sf.create("Account", Name="A")

        results = sf.delete(f"{PATH}?ids={account},x&allOrNone=true").body

        assert codes(results) == ["ALL_OR_NONE_OPERATION_ROLLED_BACK", "MALFORMED_ID"]
        assert sf.get(f"/sobjects/Account/{account}").status == 200


class TestRetrieve:
    def test_null_stands_for_what_is_not_there(self, sf: Client):
        ids = [sf.create("Account", Name="A"), "001Rt0000000099IAA", "x"]

        by_address = sf.get(f"{PATH}/Account?ids={','.join(ids)}&fields=Name").body
        by_body = sf.post(f"{PATH}/Account", {"ids": ids, "fields": ["Name"]}).body

        assert by_address == by_body
        assert (by_address[0]["Name"], by_address[1:]) == ("A", [None, None])

    def test_an_unknown_field_refuses_the_whole(self, sf: Client):
        assert sf.get(f"{PATH}/Account?ids=x&fields=Nope").code == "INVALID_FIELD"

    def test_ids_and_fields_are_lists(self, sf: Client):
        assert sf.post(f"{PATH}/Account", {"ids": "x"}).code == "JSON_PARSER_ERROR"


class TestInsideAComposite:
    def parts(self, inner: bool) -> list[dict[str, Any]]:
        collection = part("POST", PATH, "many", allOrNone=inner, records=[row("Account", Name="A"), row("Contact")])
        return [collection, part("POST", "/sobjects/Lead", "lead", LastName="Doe", Company="Acme")]

    @pytest.mark.parametrize(
        ("outer", "inner", "left", "claims"),
        [
            (False, False, (1, 1), [True, False]),
            (False, True, (0, 1), [False, False]),
            (True, False, (0, 0), [True, False]),
            (True, True, (0, 0), [False, False]),
        ],
    )
    def test_the_outer_flag_wins(self, sf: Client, outer: bool, inner: bool, left: tuple[int, int], claims: list[bool]):
        answer = sf.composite(*self.parts(inner), all_or_none=outer)

        many = answer.parts["many"]
        assert many["httpStatusCode"] == 200
        assert [each["success"] for each in many["body"]] == claims
        counts = tuple(sf.soql(f"SELECT COUNT() FROM {name}").body["totalSize"] for name in ("Account", "Lead"))
        assert counts == left

    def test_a_reference_may_point_into_the_results(self, sf: Client):
        answer = sf.composite(
            part("POST", PATH, "many", records=[row("Account", Name="A"), row("Account", Name="B")]),
            part("POST", "/sobjects/Contact", "con", LastName="Doe", AccountId="@{many[1].id}"),
        )

        contact = sf.get(f"/sobjects/Contact/{answer.parts['con']['body']['id']}").body
        assert contact["AccountId"] == answer.parts["many"]["body"][1]["id"]


class TestMixing:
    """Set-up objects and business records in one call."""

    ACCOUNT = {"attributes": {"type": "Account"}, "Name": "x"}  # noqa: RUF012 — read only
    GROUP = {"attributes": {"type": "Group"}, "Name": "y", "Type": "Regular"}  # noqa: RUF012

    @pytest.mark.parametrize(("first", "second"), [("Account", "Group"), ("Group", "Account")])
    def test_is_refused_for_whoever_comes_second(self, sf: Client, first: str, second: str):
        records = [self.ACCOUNT, self.GROUP] if first == "Account" else [self.GROUP, self.ACCOUNT]

        one, two = sf.post("/composite/sobjects", {"records": records}).body

        sentence = (
            "DML operation on setup object is not permitted after you have updated a non-setup object (or vice versa): "
            f"{second}, original object: {first}"
        )
        assert one["success"] is True
        assert two["errors"] == [{"statusCode": "MIXED_DML_OPERATION", "message": sentence, "fields": []}]

    def test_takes_all_back_where_all_or_none_is_asked(self, sf: Client):
        body = {"allOrNone": True, "records": [self.ACCOUNT, self.GROUP]}

        results = sf.post("/composite/sobjects", body).body

        assert [each["success"] for each in results] == [False, False]
        assert sf.soql("SELECT COUNT() FROM Account").body["totalSize"] == 0

    def test_is_refused_in_deletions_too(self, sf: Client):
        account, group = sf.create("Account", Name="x"), sf.create("Group", Name="y", Type="Regular")

        results = sf.delete(f"/composite/sobjects?ids={account},{group}").body

        assert [each["success"] for each in results] == [True, False]

    @pytest.mark.parametrize(("all_or_none", "left"), [(True, 0), (False, 1)])
    def test_holds_for_a_composite_that_is_one_transaction(self, sf: Client, all_or_none: bool, left: int):
        parts = [
            {"method": "POST", "url": f"/services/data/v66.0/sobjects/{kind}", "referenceId": kind, "body": body}
            for kind, body in (("Account", {"Name": "x"}), ("Group", {"Name": "y", "Type": "Regular"}))
        ]
        answer = sf.composite(*parts, all_or_none=all_or_none)

        assert (answer.parts["Group"]["httpStatusCode"] == 400) is all_or_none
        assert sf.soql("SELECT COUNT() FROM Account").body["totalSize"] == left
