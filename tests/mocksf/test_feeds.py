"""Feeds: what was posted on a record, on a person's page, and the news."""

import pytest

from mocksf.clock import VirtualClock
from mocksf.org import Org
from mocksf.settings import OrgSettings
from tests.client import Client


def post(sf: Client, subject: str, text: str) -> str:
    segments = [{"type": "Text", "text": text}]
    body = {"body": {"messageSegments": segments}, "feedElementType": "FeedItem", "subjectId": subject}
    return sf.post("/chatter/feed-elements", body).id


def texts(sf: Client, feed: str) -> list[str]:
    return [each["body"]["text"] for each in sf.get(f"/chatter/feeds/{feed}/feed-elements").body["elements"]]


@pytest.fixture
def account(sf: Client) -> str:
    return sf.create("Account", Name="Acme")


def test_the_latest_post_comes_first(sf: Client, clock: VirtualClock, account: str):
    for text in ("one", "two"):
        post(sf, account, text)
        clock.advance(1)
    post(sf, "me", "mine")

    assert texts(sf, f"record/{account}") == ["two", "one"]
    assert texts(sf, "user-profile/me") == ["mine"]
    assert texts(sf, "news/me") == ["mine", "two", "one"]


def test_a_feed_comes_in_pages(sf: Client, account: str):
    for number in range(5):
        post(sf, account, str(number))

    page = sf.get(f"/chatter/feeds/record/{account}/feed-elements?pageSize=2").body
    seen = [each["body"]["text"] for each in page["elements"]]
    while page["nextPageUrl"]:
        page = sf.get(page["nextPageUrl"]).body
        seen += [each["body"]["text"] for each in page["elements"]]

    assert seen == ["4", "3", "2", "1", "0"]


def test_a_post_is_taken_back(sf: Client, account: str):
    item = post(sf, account, "x")

    assert sf.delete(f"/chatter/feed-elements/{item}").status == 204

    assert texts(sf, f"record/{account}") == []
    assert sf.get(f"/chatter/feed-elements/{item}").status == 404


def test_people_are_shown_by_their_id(sf: Client, org: Org):
    assert sf.get(f"/chatter/users/{org.admin_id}").body == sf.get("/chatter/users/me").body


@pytest.mark.parametrize(
    ("path", "code"),
    [("feeds/record/x/feed-elements", "INVALID_ID_FIELD"),
     ("feeds/record/001Rt0000000009IAA/feed-elements", "NOT_FOUND"),
     ("feeds/news/005Rt0000000099IAA/feed-elements", "NOT_FOUND"), ("users/x", "INVALID_ID_FIELD"),
     ("users/001Rt0000000001IAA", "INVALID_ID_FIELD"), ("feeds/news/me/feed-elements?pageSize=0", "INVALID_INPUT"),
     ("feeds/news/me/feed-elements?page=-1", "INVALID_INPUT"),
     ("feeds/news/me/feed-elements?pageSize=101", "INVALID_INPUT")],
)  # fmt: skip
def test_what_there_is_not_is_refused(sf: Client, path: str, code: str):
    assert sf.get(f"/chatter/{path}").code == code


def test_only_posts_are_taken_back(sf: Client, account: str):
    assert sf.delete(f"/chatter/feed-elements/{account}").code == "INVALID_ID_FIELD"
    assert sf.delete("/chatter/feed-elements/0D5Rt0000000009").code == "INVALID_CROSS_REFERENCE_KEY"


def test_there_are_no_sites(sf: Client):
    assert sf.get("/connect/communities").body == {"communities": [], "total": 0}
    assert set(sf.get("/chatter").body) == {"feeds", "users"}


def test_without_chatter_there_are_no_feeds():
    answer = Client(Org(settings=OrgSettings(chatter=False))).get("/chatter/feeds/news/me/feed-elements")

    assert (answer.status, answer.code) == (403, "API_DISABLED_FOR_ORG")
