"""Invocable actions: the standard ones that are carried out, and the hooks of custom ones."""

from typing import Any

import pytest

from mocksf import ApexError
from mocksf.org import Org, OrgSettings
from mocksf.rest.hooked import HookCall
from tests.client import Client, contents

ROOT = "/services/data/v66.0/actions"
POST = "/actions/standard/chatterPost"
EMAIL = "/actions/standard/emailSimple"


def test_the_ways_to_actions_are_listed(sf: Client):
    assert sf.get("/actions").body == {"standard": f"{ROOT}/standard", "custom": f"{ROOT}/custom"}
    assert sf.get("/actions/custom").body == {"apex": f"{ROOT}/custom/apex", "flow": f"{ROOT}/custom/flow"}
    assert sf.get("/actions/custom/flow").body == {"actions": []}


def test_standard_actions_are_listed_and_described(sf: Client):
    (first, *_) = sf.get("/actions/standard").body["actions"]

    assert first == {
        "label": "Post to Chatter", "name": "chatterPost", "type": "CHATTERPOST", "url": f"{ROOT}/standard/chatterPost",
    }  # fmt: skip
    described = sf.get("/actions/standard/chatterpost").body
    assert {each["name"] for each in described["inputs"] if each["required"]} == {"text", "subjectNameOrId"}
    assert [each["name"] for each in described["outputs"]] == ["feedItemId"]
    assert (described["standard"], described["type"]) == (True, "CHATTERPOST")


@pytest.mark.parametrize(
    "path", ["/actions/standard/nonsense", "/actions/custom/nonsense", "/actions/custom/flow/nonsense"]
)
def test_what_there_is_not_is_not_found(sf: Client, path: str):
    assert sf.get(path).status == 404


class TestPost:
    def test_each_set_of_inputs_has_its_result(self, sf: Client):
        account = sf.create("Account", Name="A")

        answer = sf.post(
            POST,
            {
                "inputs": [
                    {"subjectNameOrId": "admin@mock.example", "type": "User", "text": "first"},
                    {"subjectNameOrId": account, "text": "second"},
                ]
            },
        )

        assert answer.status == 200
        assert [list(each) for each in answer.body] == [["actionName", "errors", "isSuccess", "outputValues"]] * 2
        first, second = (each["outputValues"]["feedItemId"] for each in answer.body)
        assert sf.get(f"/sobjects/FeedItem/{second}").body["ParentId"] == account
        assert sf.get(f"/chatter/feed-elements/{first}").body["body"]["text"] == "first"

    def test_mentions_and_topics_are_spelt_out(self, sf: Client, org: Org):
        text = f"Hi @[{org.admin_id}], see #[deals] and @[nobody]"

        (result,) = sf.post(POST, {"inputs": [{"subjectNameOrId": org.admin_id, "text": text}]}).body

        name = sf.get(f"/sobjects/User/{org.admin_id}").body["Name"]
        body = sf.get(f"/sobjects/FeedItem/{result['outputValues']['feedItemId']}").body["Body"]
        assert body == f"Hi @{name}, see #deals and @[nobody]"

    def test_one_that_fails_takes_no_other_back(self, sf: Client, org: Org):
        good = {"subjectNameOrId": org.admin_id, "text": "x"}

        answer = sf.post(POST, {"inputs": [good, {"text": "x"}, {**good, "subjectNameOrId": "nobody"}]})

        assert answer.status == 200
        assert [each["isSuccess"] for each in answer.body] == [True, False, False]
        assert [each["errors"][0]["statusCode"] for each in answer.body[1:]] == [
            "REQUIRED_FIELD_MISSING",
            "INVALID_CROSS_REFERENCE_KEY",
        ]
        assert answer.body[1]["errors"][0]["message"] == "Missing required input parameter: subjectNameOrId"
        assert sf.soql("SELECT COUNT() FROM FeedItem").body["totalSize"] == 1

    def test_where_all_fail_the_call_fails(self, sf: Client, org: Org):
        before = contents(org)

        assert sf.post(POST, {"inputs": [{}, {"nonsense": 1}]}).status == 400
        assert contents(org) == before

    def test_without_chatter_there_are_no_posts(self):
        org = Org(settings=OrgSettings(chatter=False))

        answer = Client(org).post(POST, {"inputs": [{"subjectNameOrId": org.admin_id, "text": "x"}]})

        assert answer.body[0]["errors"][0]["statusCode"] == "API_DISABLED_FOR_ORG"


class TestEmail:
    def test_it_is_written_down_and_not_sent(self, sf: Client):
        account = sf.create("Account", Name="A")
        inputs = {
            "emailAddresses": "a@b.example, c@d.example",
            "emailSubject": "S",
            "emailBody": "B",
            "relatedRecordId": account,
        }

        assert sf.post(EMAIL, {"inputs": [inputs]}).body[0]["isSuccess"] is True

        (email,) = sf.soql("SELECT Subject, TextBody, ToAddress, Status, RelatedToId FROM EmailMessage").body["records"]
        del email["attributes"]
        assert email == {
            "Subject": "S", "TextBody": "B", "ToAddress": "a@b.example; c@d.example", "Status": "3",
            "RelatedToId": account,
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("inputs", "code"),
        [({"emailSubject": "S", "emailBody": "B"}, "REQUIRED_FIELD_MISSING"),
         ({"emailAddresses": "x", "emailSubject": "S", "emailBody": "B"}, "INVALID_EMAIL_ADDRESS"),
         ({"emailAddresses": "a@b.example", "emailBody": "B"}, "REQUIRED_FIELD_MISSING"),
         ({"emailAddresses": "a@b.example", "emailSubject": {"a": 1}, "emailBody": "B"},
          "INVALID_TYPE_ON_FIELD_IN_RECORD")],
    )  # fmt: skip
    def test_what_cannot_be_sent_is_refused(self, sf: Client, inputs: dict[str, Any], code: str):
        assert sf.post(EMAIL, {"inputs": [inputs]}).body[0]["errors"][0]["statusCode"] == code


def test_an_approval_that_no_process_applies_to_is_refused(sf: Client):
    account = sf.create("Account", Name="A")

    codes = [
        sf.post("/actions/standard/submit", {"inputs": [{"objectId": each}]}).body[0]["errors"][0]["statusCode"]
        for each in (account, "x")
    ]

    assert codes == ["NO_APPLICABLE_PROCESS", "MALFORMED_ID"]


@pytest.mark.parametrize("body", [{}, {"inputs": {}}, {"inputs": [1]}, []])
def test_another_body_is_none(sf: Client, body: Any):
    assert sf.post(POST, body).code == "JSON_PARSER_ERROR"


class TestCustom:
    def test_a_flow_is_described_by_what_it_takes_and_gives(self, sf: Client, org: Org):
        org.flow("Route", lambda *_: None, label="Route it", inputs={"phone": "STRING!"}, outputs={"queue": "STRING"})

        described = sf.get("/actions/custom/flow/route").body

        assert [(each["name"], each["type"], each["required"]) for each in described["inputs"]] == [
            ("phone", "STRING", True)
        ]
        assert (described["name"], described["label"], described["type"], described["standard"]) == (
            "Route", "Route it", "FLOW", False,
        )  # fmt: skip
        assert sf.get("/actions/custom/flow").body["actions"][0]["url"] == f"{ROOT}/custom/flow/Route"

    @pytest.mark.parametrize("kind", ["flow", "apex"])
    def test_it_is_called_once_for_each_set_of_inputs(self, sf: Client, org: Org, kind: str):
        org.hooks.action(kind, "Double", lambda _, inputs: {"n": inputs["n"] * 2})

        answer = sf.post(f"/actions/custom/{kind}/Double", {"inputs": [{"n": 1}, {"n": "x"}]})

        assert answer.body == [
            {"actionName": "Double", "errors": None, "isSuccess": True, "outputValues": {"n": n}, "version": 1}
            for n in (2, "xx")
        ]

    def test_one_that_fails_is_undone_alone(self, sf: Client, org: Org):
        def save(call: HookCall, inputs: dict[str, Any]) -> None:
            call.create("Account", {"Name": "A"})
            if inputs["fail"]:
                raise ApexError("no")

        org.flow("Save", save)
        org.apex_action("Save", save)

        flow = sf.post("/actions/custom/flow/Save", {"inputs": [{"fail": False}, {"fail": True}]})
        apex = sf.post("/actions/custom/apex/Save", {"inputs": [{"fail": True}]})

        assert [(each["isSuccess"], each["outputValues"]) for each in flow.body] == [(True, {}), (False, None)]
        assert flow.body[1]["errors"] == [
            {
                "statusCode": "UNKNOWN_EXCEPTION",
                "message": "An error occurred when executing a flow interview.",
                "fields": [],
            }
        ]
        assert (apex.status, apex.body[0]["errors"][0]["message"]) == (400, "no")
        assert sf.soql("SELECT COUNT() FROM Account").body["totalSize"] == 1

    def test_inputs_that_it_does_not_take_are_refused(self, sf: Client, org: Org):
        org.flow("Route", lambda *_: None, inputs={"phone": "STRING!", "name": "STRING"})
        sets = [{}, {"phone": "1"}, {"phone": "1", "nonsense": 1}]

        answer = sf.post("/actions/custom/flow/Route", {"inputs": sets})

        assert [each["isSuccess"] for each in answer.body] == [False, True, False]
        assert answer.body[2]["errors"][0]["statusCode"] == "INVALID_API_INPUT"
