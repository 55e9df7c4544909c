"""Chatter: posting on a record, in the manner of Connect."""

from typing import Any

import pytest

from mocksf.org import Org
from mocksf.settings import OrgSettings
from tests.client import Client

PATH = "/chatter/feed-elements"


def element(subject: str, *segments: dict[str, Any]) -> dict[str, Any]:
    return {"body": {"messageSegments": list(segments)}, "feedElementType": "FeedItem", "subjectId": subject}


def text(words: str) -> dict[str, Any]:
    return {"type": "Text", "text": words}


def alphabetical(value: Any) -> bool:
    if isinstance(value, dict):
        return list(value) == sorted(value) and all(alphabetical(each) for each in value.values())
    return not isinstance(value, list) or all(alphabetical(each) for each in value)


@pytest.fixture
def account(sf: Client) -> str:
    return sf.create("Account", Name="Acme")


def test_a_post_is_a_feed_item_of_the_record(sf: Client, account: str):
    answer = sf.post(PATH, element(account, text("call ref 42")))

    assert answer.status == 201
    assert answer.body["body"] == {
        "isRichText": False,
        "messageSegments": [{"text": "call ref 42", "type": "Text"}],
        "text": "call ref 42",
    }
    rows = sf.soql(f"SELECT Id, Body, Type FROM FeedItem WHERE ParentId = '{account}'").body["records"]
    assert [(row["Id"], row["Body"], row["Type"]) for row in rows] == [(answer.body["id"], "call ref 42", "TextPost")]


def test_keys_are_alphabetical_and_instants_end_in_z(sf: Client, account: str):
    body = sf.post(PATH, element(account, text("x"))).body

    assert alphabetical(body)
    assert body["createdDate"] == "2026-01-05T09:00:00.000Z"
    assert body["relativeCreatedDate"] == "January 5, 2026 at 9:00 AM"
    assert (body["parent"]["id"], body["parent"]["name"], body["parent"]["type"]) == (account, "Acme", "Account")
    assert body["url"] == f"/services/data/v66.0/chatter/feed-elements/{body['id']}"


def test_people_links_and_tags_become_text(sf: Client, org: Org, account: str):
    segments = (
        text("Hi "),
        {"type": "Mention", "id": org.admin_id},
        {"type": "Link", "url": "https://a.example"},
        {"type": "Hashtag", "tag": "call"},
    )

    assert sf.post(PATH, element(account, *segments)).body["body"]["text"] == "Hi @Admin Userhttps://a.example#call"


def test_me_and_the_query_string_work_too(sf: Client, org: Org):
    answer = sf.post(f"{PATH}?feedElementType=FeedItem&subjectId=me&text=Hello")

    assert (answer.status, answer.body["parent"]["id"]) == (201, org.admin_id)


def test_what_was_posted_can_be_read(sf: Client, account: str):
    posted = sf.post(PATH, element(account, text("x"))).body

    assert sf.get(f"{PATH}/{posted['id']}").body["body"]["text"] == "x"
    assert sf.get(f"{PATH}/{account}").body == [
        {"errorCode": "INVALID_ID_FIELD", "message": f"Invalid identifier: {account}"}
    ]


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"feedElementType": "Poll"}, 400, "MISSING_ARGUMENT"),
        ({"subjectId": None}, 400, "MISSING_ARGUMENT"),
        ({"subjectId": 7}, 400, "INVALID_ID_FIELD"),
        ({"subjectId": "nonsense"}, 400, "INVALID_ID_FIELD"),
        ({"subjectId": "001Rt0000000099IAA"}, 404, "NOT_FOUND"),
        ({"body": None}, 400, "MISSING_ARGUMENT"),
        ({"body": {"messageSegments": []}}, 400, "MISSING_ARGUMENT"),
        ({"body": {"messageSegments": [{"type": "Dance"}]}}, 400, "INVALID_INPUT"),
        ({"body": {"messageSegments": ["x"]}}, 400, "INVALID_INPUT"),
        ({"body": {"messageSegments": [{"type": "Mention", "id": "x"}]}}, 400, "INVALID_ID_FIELD"),
        ({"body": {"messageSegments": [{"type": "Text", "text": "x" * 10_001}]}}, 400, "INVALID_INPUT"),
    ],
)
def test_what_is_wrong_is_refused_code_first(sf: Client, account: str, change: dict[str, Any], status: int, code: str):
    answer = sf.post(PATH, element(account, text("x")) | change)

    assert (answer.status, answer.code) == (status, code)
    assert list(answer.body[0]) == ["errorCode", "message"]
    assert sf.soql("SELECT COUNT() FROM FeedItem").body["totalSize"] == 0


def test_switched_off_it_answers_403():
    sf = Client(Org(settings=OrgSettings(chatter=False)))

    assert sf.post(PATH, {}).status == 403
    assert sf.post(PATH, {}).body == [
        {
            "errorCode": "API_DISABLED_FOR_ORG",
            "message": "The Chatter Connect API is not enabled for this organization or user type.",
        }
    ]
