"""Quick actions: log a call, make a record for the one that is looked at."""

from typing import Any

import pytest

from mocksf.org import Org
from tests.client import Client, contents

ROOT = "/services/data/v66.0"


@pytest.mark.parametrize("place", ["", "/sobjects/Account"])
def test_actions_are_listed_with_their_addresses(sf: Client, place: str):
    listed = {each["name"]: each for each in sf.get(f"{place}/quickActions").body}

    address = f"{ROOT}{place}/quickActions/LogACall"
    assert listed["LogACall"] == {
        "label": "Log a Call",
        "name": "LogACall",
        "type": "LogACall",
        "urls": {
            "defaultValues": f"{address}/defaultValues",
            "quickAction": address,
            "describe": f"{address}/describe",
            "defaultValuesTemplate": f"{address}/defaultValues/{{ID}}",
        },
    }
    assert listed["NewContact"]["type"] == "Create"


def test_every_address_answers(sf: Client):
    account = sf.create("Account", Name="A")

    for place in ("", "/sobjects/Account"):
        for each in sf.get(f"{place}/quickActions").body:
            urls = [each["urls"]["quickAction"], each["urls"]["describe"], each["urls"]["defaultValues"]]
            urls.append(each["urls"]["defaultValuesTemplate"].replace("{ID}", account))
            assert [sf.get(url).status for url in urls] == [200] * 4


def test_an_action_says_what_it_makes(sf: Client):
    described = sf.get("/sobjects/Account/quickActions/NewContact/describe").body

    assert (described["targetSobjectType"], described["contextSobjectType"]) == ("Contact", "Account")
    assert described["targetParentField"] == "AccountId"
    rows = described["layout"]["layoutRows"]
    assert "LastName" in [row["layoutItems"][0]["layoutComponents"][0]["value"] for row in rows]


def test_what_is_filled_in_beforehand_is_shown(sf: Client):
    account = sf.create("Account", Name="A")
    contact = sf.create("Contact", LastName="x", AccountId=account)
    path = "/quickActions/LogACall/defaultValues"
    values = {"Subject": "Call", "Status": "Completed", "TaskSubtype": "Call", "ActivityDate": "2026-01-05"}

    assert sf.get(path).body == {"attributes": {"type": "Task"}, **values}
    assert sf.get(f"{path}/{account}").body["WhatId"] == account
    assert sf.get(f"{path}/{contact}").body["WhoId"] == contact


@pytest.mark.parametrize("place", ["", "/sobjects/Account"])
def test_a_call_is_logged(sf: Client, place: str):
    account = sf.create("Account", Name="A")

    answer = sf.post(
        f"{place}/quickActions/LogACall",
        {"contextId": account[:15], "record": {"subject": "Call from Ada", "Description": "x"}},
    )

    assert answer.status == 201
    assert {name: answer.body[name] for name in ("contextId", "created", "errors", "success", "feedItemIds")} == {
        "contextId": account, "created": True, "errors": [], "success": True, "feedItemIds": None,
    }  # fmt: skip
    task = sf.get(f"/sobjects/Task/{answer.id}").body
    assert (task["Subject"], task["Status"], task["TaskSubtype"], task["WhatId"], task["IsClosed"]) == (
        "Call from Ada", "Completed", "Call", account, True,
    )  # fmt: skip


def test_a_record_is_made_for_its_context(sf: Client):
    account = sf.create("Account", Name="A")

    contact = sf.post("/quickActions/NewContact", {"contextId": account, "record": {"LastName": "x"}}).id

    assert sf.get(f"/sobjects/Contact/{contact}").body["AccountId"] == account


def test_what_the_caller_says_goes_before_the_context(sf: Client):
    first, second = sf.create("Account", Name="A"), sf.create("Account", Name="B")

    contact = sf.post(
        "/quickActions/NewContact", {"contextId": first, "record": {"LastName": "x", "accountid": second}}
    ).id

    assert sf.get(f"/sobjects/Contact/{contact}").body["AccountId"] == second


@pytest.mark.parametrize(
    ("body", "code"),
    [({"record": {}}, "REQUIRED_FIELD_MISSING"), ({}, "REQUIRED_FIELD_MISSING"),
     ({"contextId": "x", "record": {"LastName": "x"}}, "MALFORMED_ID"),
     ({"contextId": 1, "record": {"LastName": "x"}}, "MALFORMED_ID"),
     ({"contextId": "001Rt0000000009IAA", "record": {"LastName": "x"}}, "NOT_FOUND"), ([], "JSON_PARSER_ERROR")],
)  # fmt: skip
def test_what_cannot_be_made_is_refused(sf: Client, org: Org, body: Any, code: str):
    before = contents(org)

    assert sf.post("/quickActions/NewContact", body).code == code
    assert contents(org) == before


@pytest.mark.parametrize(
    "path", ["/quickActions/Nonsense", "/sobjects/Account/quickActions/Nonsense", "/sobjects/Nonsense/quickActions"]
)
def test_what_there_is_not_is_not_found(sf: Client, path: str):
    assert sf.get(path).status == 404
