"""Slack's webhook: takes a few messages a second, refuses floods, and may be away."""

from datetime import timedelta

from connector.messages import Answer
from mocksf.clock import EPOCH
from scenarios.slack import Away, Slack


def test_a_message_is_kept_with_all_its_words() -> None:
    slack = Slack(EPOCH)

    answer = slack.take({"text": "one", "blocks": [{"type": "section", "text": {"text": "two"}}]}, EPOCH)

    assert answer == Answer(200, "ok")
    assert slack.messages[0].text == "one two"


def test_a_flood_is_told_to_wait_a_second() -> None:
    slack = Slack(EPOCH)

    statuses = [slack.take({"text": "x"}, EPOCH).status for _ in range(7)]

    assert statuses == [200] * 5 + [429] * 2
    assert slack.take({"text": "x"}, EPOCH + timedelta(seconds=1)).status == 200


def test_nobody_answers_while_slack_is_away() -> None:
    slack = Slack(EPOCH, (Away(10, 20),))

    assert slack.take({"text": "x"}, EPOCH + timedelta(seconds=15)) is None
    assert slack.take({"text": "x"}, EPOCH + timedelta(seconds=20)) == Answer(200, "ok")
