"""Chatter posts have no key of their own: they carry a reference, and after any failure the feed is read first."""

import pytest

from connector.messages import Answer, Silence
from tests.connector.talk import BUSY, EXPIRED, KNOWN, TOKEN, Talk, a_connector, fine

POSTED = Answer(201, {"id": "0D5Rt0000000001KAA"})
QUIET = Silence("timeout")
FIRST = ["failed", "wait 0.2", "trying"]
MARK = "[ref call-1/1/notice]"


def feed(*texts: str) -> Answer:
    return Answer(200, {"records": [{"Id": f"0D5Rt000000000{at}KAA", "Body": text} for at, text in enumerate(texts)]})


def posted(*replies, caller=KNOWN) -> Talk:
    talk = Talk(a_connector())
    talk.deliver(notice="Look!", caller=caller, replies=replies)
    return talk


class TestAPost:
    def test_goes_to_the_feed_of_a_record_with_its_reference(self):
        (request,) = posted(POSTED).sent

        assert request.path == "/services/data/v66.0/chatter/feed-elements"
        assert request.body == {
            "body": {"messageSegments": [{"type": "Text", "text": f"Look!\n{MARK}"}]},
            "feedElementType": "FeedItem",
            "subjectId": "003Rt0000000001IAA",
        }

    def test_goes_to_the_opportunity_where_the_call_has_one(self):
        talk = Talk(a_connector())
        talk.deliver("demo_requested", replies=[fine()])

        talk.deliver(notice="Look!", replies=[POSTED])

        assert talk.sent[-1].body["subjectId"] == "006Rt0000000001IAA"

    def test_is_looked_for_on_every_record_that_the_call_has_by_now(self):
        talk = Talk(a_connector())
        talk.deliver("demo_requested", replies=[fine()])

        talk.deliver(notice="Look!", replies=[QUIET, feed(f"Look!\n{MARK}")])

        assert "ParentId%20IN%20%28%27006Rt0000000001IAA%27" in talk.sent[-1].path

    def test_that_is_too_long_keeps_its_reference(self):
        talk = Talk(a_connector())

        talk.deliver(notice="x" * 20_000, caller=KNOWN, replies=[POSTED])

        (segment,) = talk.sent[0].body["body"]["messageSegments"]
        assert (len(segment["text"]), segment["text"].endswith(MARK)) == (10_000, True)

    def test_without_a_record_to_post_on_is_a_dead_letter(self):
        talk = Talk(a_connector())

        outcome = talk.deliver(notice="Look!", replies=[Answer(200, "ok")])

        assert (outcome.status, outcome.reason) == ("dead", "no parent")

    @pytest.mark.parametrize(
        ("told", "asked"),
        [
            ([POSTED], ["send", "committed"]),
            ([BUSY, feed(), POSTED], ["send", "failed", "wait 0.2", "trying", "read", "send", "committed"]),
            ([BUSY, feed(f"Look!\n{MARK}")], ["send", "failed", "wait 0.2", "trying", "read", "committed"]),
            ([QUIET, feed(f"Look!\n{MARK}")], ["send", "failed", "wait 0.2", "trying", "read", "committed"]),
            ([QUIET, feed("else"), POSTED], ["send", "failed", "wait 0.2", "trying", "read", "send", "committed"]),
            (
                [QUIET, QUIET, feed(), POSTED],
                ["send", *FIRST, "read", "failed", "wait 1", "trying", "read", "send", "committed"],
            ),
            ([EXPIRED, TOKEN, POSTED], ["send", "login", "refreshed", "send", "committed"]),
        ],
    )
    def test_is_sent_again_only_where_the_feed_lacks_it(self, told, asked):
        assert posted(*told).asked == asked


def test_a_post_is_looked_for_on_contact_and_account():
    request = posted(QUIET, feed(f"Look!\n{MARK}")).sent[1]

    assert "WHERE%20ParentId%20IN%20%28%27003Rt0000000001IAA%27%2C%20%27001Rt0000000001IAA%27%29" in request.path
