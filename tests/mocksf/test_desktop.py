"""Tabs, themes, the app menu, rules and approvals: small, and honest about what there is not."""

from typing import Any

import pytest

from mocksf.org import Org
from mocksf.schema import changed_schema
from tests.client import Client


def test_objects_have_tabs(sf: Client):
    tabs = {each["sobjectName"]: each for each in sf.get("/tabs").body}

    assert (tabs["Account"]["name"], tabs["Account"]["label"]) == ("standard-Account", "Accounts")
    assert tabs["Account"]["url"] == "https://mock.example/001/o"
    assert "User" not in tabs
    assert {each["name"] for each in sf.get("/theme").body["themeItems"]} == set(tabs)


def test_tabs_are_rows_as_well_and_follow_the_schema(sf: Client):
    sf.org.change_schema(changed_schema(sf.org.schema, {"objects": {"Tour__c": {"label": "Tour"}}}))
    found = sf.soql("SELECT SobjectName FROM TabDefinition WHERE IsCustom = true AND SobjectName LIKE 'Tour%'")

    assert [each["SobjectName"] for each in found.body["records"]] == ["Tour__c"]
    rows = sf.soql("SELECT Name FROM TabDefinition").body["records"]
    assert {each["Name"] for each in rows} == {each["name"] for each in sf.get("/tabs").body}


def test_the_app_menu_has_its_items(sf: Client):
    for name, url in sf.get("/appMenu").body.items():
        answer = sf.get(url)
        assert (answer.status, url.rpartition("/")[2]) == (200, name)
        assert answer.body["appMenuItems"]
    assert sf.get("/appMenu/Nonsense").status == 404


def test_every_resource_of_a_version_is_there(sf: Client):
    for name, url in sf.get("/services/data/v66.0").body.items():
        if name not in {
            "identity",
            "jobs",
            "tooling",
            "connect",
            "ui-api",
        }:  # roots of others, not resources themselves
            answer = sf.get(url)
            assert answer.status in {200, 400}, (name, answer.body)


def test_a_resource_is_listed_from_its_version_on(org: Org):
    listed = {
        version: set(Client(org, version=version).get(f"/services/data/v{version}").body)
        for version in ("31.0", "32.0", "40.0", "41.0")
    }

    assert listed["32.0"] - listed["31.0"] == {"actions"}
    assert listed["41.0"] - listed["40.0"] == {"ui-api"}


class TestProcess:
    def test_there_are_no_rules_and_no_approvals(self, sf: Client):
        assert sf.get("/process").body == {
            "rules": "/services/data/v66.0/process/rules",
            "approvals": "/services/data/v66.0/process/approvals",
        }
        assert sf.get("/process/rules").body == {"rules": {}}
        assert sf.get("/process/rules/account").body == {"rules": {"Account": []}}
        assert sf.get("/process/rules/nonsense").status == 404
        assert sf.get("/process/approvals").body == {"approvals": {}}

    def test_rules_of_records_are_fired(self, sf: Client):
        account = sf.create("Account", Name="A")

        assert sf.post("/process/rules", {"contextIds": [account]}).body == {"errors": None, "success": True}

    @pytest.mark.parametrize(
        ("body", "code"),
        [({}, "JSON_PARSER_ERROR"), ({"contextIds": "x"}, "JSON_PARSER_ERROR"), ({"contextIds": ["x"]}, "MALFORMED_ID"),
         ({"contextIds": [1]}, "MALFORMED_ID"), ({"contextIds": ["001Rt0000000009IAA"]}, "NOT_FOUND")],
    )  # fmt: skip
    def test_those_of_none_are_not(self, sf: Client, body: Any, code: str):
        assert sf.post("/process/rules", body).code == code

    def test_each_request_for_an_approval_has_its_result(self, sf: Client):
        account = sf.create("Account", Name="A")
        requests = [
            {"actionType": "Submit", "contextId": account},
            {"actionType": "Approve", "contextId": "04iRt0000000001AAA"},
            {"actionType": "Submit", "contextId": "x"},
            {"actionType": "Nonsense", "contextId": account},
        ]

        answer = sf.post("/process/approvals", {"requests": requests})

        assert answer.status == 200
        assert [each["errors"][0]["statusCode"] for each in answer.body] == [
            "NO_APPLICABLE_PROCESS", "INVALID_CROSS_REFERENCE_KEY", "MALFORMED_ID", "INVALID_FIELD",
        ]  # fmt: skip
        assert (answer.body[0]["entityId"], answer.body[0]["success"]) == (account, False)

    @pytest.mark.parametrize("body", [{}, {"requests": 1}, {"requests": [1]}])
    def test_another_body_is_none(self, sf: Client, body: Any):
        assert sf.post("/process/approvals", body).code == "JSON_PARSER_ERROR"
