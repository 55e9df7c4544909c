"""Slack hears of every death, at most once a second, and of many deaths at once under a flood."""

from datetime import timedelta
from itertools import pairwise

import pytest

from connector.commands import Send, WaitUntil
from connector.messages import Answer, Silence
from connector.slack import FIELDS_MAX, SECTION_MAX, Death, message
from tests.connector.talk import BUSY, WEBHOOK, Talk, a_connector, halted

OK = Answer(200, "ok")
WRONG = halted("opp", "STRING_TOO_LONG")


def deaths(talk: Talk, count: int) -> list[str]:
    """The keys of so many dead letters of which nobody has been told."""
    keys = []
    for turn in range(1, count + 1):
        (delivery,) = talk.tell("demo_requested", turn=turn).deliveries
        for _ in talk.steps(talk.connector.deliver(delivery), [WRONG, OK]):
            if talk.ledger[-1] == "dead":
                break
        keys.append(delivery.key)
    talk.asked.clear()
    talk.sent.clear()
    return keys


def a_talk(count: int, **held) -> tuple[Talk, list[str]]:
    talk = Talk(a_connector(**held))
    keys = deaths(talk, count)
    return Talk(a_connector(talk.connector.ledger, **held), talk.at), keys


class TestOneDeath:
    def test_is_one_message_and_one_entry(self):
        talk, (key,) = a_talk(1)

        talk.run(talk.connector.desk.alerts.tell(key), [OK])

        assert (talk.asked, talk.sent[0].url) == (["alert", "alerted"], WEBHOOK)

    def test_is_told_with_the_ledgers_head_and_nothing_personal(self):
        talk, (key,) = a_talk(1)
        head = talk.connector.ledger.head().hash

        talk.run(talk.connector.desk.alerts.tell(key), [OK])

        text = talk.sent[0].body["text"]
        assert (key in text, head in text, "Ada" in text) == (True, True, False)

    @pytest.mark.parametrize("mishap", [Silence("timeout"), BUSY, Answer(500, "oops"), Answer(429, "slow down")])
    def test_is_told_again_when_slack_did_not_take_it(self, mishap):
        talk, (key,) = a_talk(1)

        talk.run(talk.connector.desk.alerts.tell(key), [mishap, OK])

        assert talk.asked == ["alert", "wait 1", "alert", "alerted"]

    def test_waits_as_long_as_slack_asks(self):
        talk, (key,) = a_talk(1)

        talk.run(talk.connector.desk.alerts.tell(key), [Answer(429, "", {"Retry-After": "30"}), OK])

        assert talk.asked == ["alert", "wait 30", "alert", "alerted"]

    def test_outlasts_hours_without_slack(self):
        talk, (key,) = a_talk(1)

        talk.run(talk.connector.desk.alerts.tell(key), [*[BUSY] * 40, OK])

        assert talk.asked[-1] == "alerted"
        assert [each for each in talk.asked if each.startswith("wait")][:6] == [
            "wait 1",
            "wait 5",
            "wait 30",
            *["wait 300"] * 3,
        ]

    def test_that_cannot_be_told_for_a_day_is_given_up_visibly(self):
        talk, (key,) = a_talk(1)
        died = talk.at

        talk.run(talk.connector.desk.alerts.tell(key), lambda _: BUSY)

        assert talk.asked[-1] == "alert_failed"
        assert timedelta(hours=24) < talk.at - died < timedelta(hours=24, minutes=10)

    def test_of_many_intents_is_told_in_a_line_that_slack_takes(self):
        death = Death("call-1/1/" + "+".join(["an_intent_of_some_length"] * 500), "value", "STRING_TOO_LONG", False)

        assert len(message("queue", [death], "0" * 64)["text"]) < 1000

    def test_is_given_up_at_once_where_the_webhook_is_gone(self):
        talk, (key,) = a_talk(1)

        talk.run(talk.connector.desk.alerts.tell(key), [Answer(404, "no_service")])

        assert talk.asked == ["alert", "alert_failed"]

    def test_without_a_webhook_says_so_in_the_ledger(self):
        talk, (key,) = a_talk(1, slack_webhook=None)

        talk.run(talk.connector.desk.alerts.tell(key), [])

        (entry,) = [entry for entry in talk.connector.ledger.entries() if entry.kind == "alert_failed"]
        assert entry.detail == {"reason": "no Slack webhook is configured"}


class TestAFlood:
    def test_is_one_message_for_all_that_come_while_one_is_under_way(self):
        talk, keys = a_talk(13)
        alerts = talk.connector.desk.alerts
        first = talk.steps(alerts.tell(keys[0]), [OK, OK])
        while not isinstance(next(first), Send):
            pass
        for key in keys[1:]:
            talk.run(alerts.tell(key), [])

        for _ in first:
            pass

        assert talk.asked == ["alert", "alerted", "wait 1", "alert", *["alerted"] * 12]
        assert "12 dead letters" in talk.sent[1].body["text"]
        assert "and 2 more; in all 12 × value" in talk.sent[1].body["text"]

    def test_is_told_at_most_once_a_second(self):
        talk, keys = a_talk(3)
        alerts = talk.connector.desk.alerts

        waits = [
            command.instant
            for key in keys
            for command in talk.steps(alerts.tell(key), [OK])
            if isinstance(command, WaitUntil)
        ]

        assert [(later - earlier).total_seconds() for earlier, later in pairwise(waits)] == [1.0]


class TestBlocks:
    def test_name_categories_with_counts_and_link_to_the_review(self):
        told = [
            Death(f"call-{n}/1/seats", "value" if n % 3 else "row lock", "STRING_TOO_LONG", False) for n in range(9)
        ]

        header, counts, lines, links, head = message("q", told, "0" * 64, "https://c.example/ui/letters")["blocks"]

        assert header["text"]["text"] == "9 dead letters in q"
        assert [each["text"] for each in counts["fields"]] == ["*value*\n6", "*row lock*\n3"]
        assert lines["text"]["text"].count("•") == 9
        assert "<https://c.example/ui/letters?category=row%20lock|row lock>" in links["text"]["text"]
        assert head["elements"][0]["text"] == f"ledger head {'0' * 64}"

    def test_link_to_nothing_where_no_page_is_named(self):
        blocks = message("q", [Death("call-1/1/seats", "value", "X", False)], "0" * 64)["blocks"]

        assert [each["type"] for each in blocks] == ["header", "section", "section", "context"]

    def test_are_such_as_slack_takes_in_any_flood(self):
        told = [Death("k" * 500, f"category {n}", "r" * 500, True) for n in range(500)]

        blocks = message("q" * 80, told, "0" * 64, "https://c.example/" + "p" * 480)["blocks"]

        texts = [each["text"]["text"] for each in blocks if "text" in each]
        assert (len(blocks) <= 50, max(map(len, texts)) <= SECTION_MAX, len(texts[0]) <= 150) == (True, True, True)
        assert max(len(each.get("fields", ())) for each in blocks) == FIELDS_MAX

    def test_show_what_means_something_to_slack_as_it_is(self):
        told = message("q", [Death("<!channel>/1/a&b", "value", "x", False)], "0" * 64)

        assert "<!channel>" not in str(told)
        assert "&lt;!channel&gt;/1/a&amp;b" in told["text"]

    def test_change_with_the_configuration(self):
        talk, (key,) = a_talk(1)
        alerts = talk.connector.desk.alerts
        alerts.change(WEBHOOK, "other", "https://c.example/review")

        talk.run(alerts.tell(key), [OK])

        assert "https://c.example/review" in str(talk.sent[0].body["blocks"])
