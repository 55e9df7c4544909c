"""Dead letters brought back or given up: once, in order, with an actor and a reason."""

import pytest

from connector.intents import Unfit
from connector.messages import Answer
from connector.replay import Selection
from tests.connector.talk import BUSY, KNOWN, Talk, a_connector, fine, halted

OK = Answer(200, "ok")
WRONG = halted("opp", "STRING_TOO_LONG")
GONE = halted("opp", "ENTITY_IS_DELETED")
ALL = Selection(everything=True)


@pytest.fixture
def talk() -> Talk:
    """Three dead letters, the second of another category."""
    talk = Talk(a_connector())
    for turn, mishap in enumerate((WRONG, GONE, WRONG), 1):
        talk.deliver(seats=turn, turn=turn, caller=KNOWN, replies=[mishap, OK])
    talk.asked.clear()
    return talk


def entries(talk: Talk, kind: str):
    return [entry for entry in talk.connector.ledger.entries() if entry.kind == kind]


def replay(talk: Talk, selection: Selection, replies, **more):
    return [talk.run(flow, replies) for flow in talk.connector.replay(selection, "mara", "the map was mended", **more)]


class TestReplay:
    def test_of_one_writes_it_and_says_who_and_why(self, talk: Talk):
        (outcome,) = replay(talk, Selection(("call-1/1/seats",)), [fine("opp")])

        (entry,) = entries(talk, "replayed")
        assert outcome.status == "committed"
        assert (entry.detail["actor"], entry.detail["reason"]) == ("mara", "the map was mended")

    def test_of_a_category_leaves_the_others_dead(self, talk: Talk):
        replay(talk, Selection(category="value"), [fine("opp"), fine("opp")])

        assert [each.delivery for each in talk.connector.ledger.readings.dead_letters()] == ["call-1/2/seats"]

    def test_of_all_goes_in_the_order_in_which_they_were_accepted(self, talk: Talk):
        replay(talk, ALL, lambda _: fine("opp"))

        assert [entry.delivery for entry in entries(talk, "committed")] == [
            "call-1/1/seats",
            "call-1/2/seats",
            "call-1/3/seats",
        ]

    def test_twice_changes_nothing_the_second_time(self, talk: Talk):
        replay(talk, ALL, lambda _: fine("opp"))
        before = talk.connector.ledger.head()

        assert (replay(talk, ALL, []), talk.connector.ledger.head()) == ([], before)

    def test_that_was_ordered_twice_at_once_happens_once(self, talk: Talk):
        selection = Selection(("call-1/1/seats",))
        flows = [
            *talk.connector.replay(selection, "mara", "mended"),
            *talk.connector.replay(selection, "ben", "mended"),
        ]

        outcomes = [talk.run(flow, lambda _: fine("opp")) for flow in flows]

        assert [outcome.status for outcome in outcomes] == ["committed", "moot"]
        assert len(entries(talk, "replayed")) == 1

    def test_is_a_new_round_of_six_attempts(self, talk: Talk):
        replay(talk, Selection(("call-1/1/seats",)), [*[BUSY] * 6, OK])

        standing = talk.connector.ledger.readings.standings["call-1/1/seats"]
        assert (standing.status, standing.round, standing.attempt) == ("dead", 2, 6)
        assert talk.asked.count("send") == 6

    def test_at_a_set_rate_spaces_the_letters(self, talk: Talk):
        start = talk.at
        flows = talk.connector.replay(ALL, "mara", "mended", rate_per_s=2.0)
        begun = []
        for flow in flows:
            alone = Talk(talk.connector, start)
            alone.run(flow, lambda _: fine("opp"))
            begun.append((alone.at - start).total_seconds())

        assert begun == [0.0, 0.5, 1.0]


class TestAnEditedReplay:
    def test_writes_the_new_value_and_notes_both_hashes(self, talk: Talk):
        before = talk.connector.ledger.readings.standings["call-1/1/seats"].payload_sha256

        replay(talk, Selection(("call-1/1/seats",)), [fine("opp")], edits={"seats": 7})

        (entry,) = entries(talk, "replayed")
        assert talk.sent[-1].body["compositeRequest"][-1]["body"]["Seats__c"] == 7
        assert (entry.detail["before"], entry.payload_sha256 not in {None, before}) == (before, True)

    def test_is_what_a_later_recovery_goes_by(self, talk: Talk):
        replay(talk, Selection(("call-1/1/seats",)), [fine("opp")], edits={"seats": 7})

        assert talk.connector.delivery("call-1/1/seats").intents[0].value == 7

    @pytest.mark.parametrize("edits", [{"seats": "many"}, {"colour": "red"}])
    def test_that_does_not_fit_is_refused_and_leaves_no_trace(self, talk: Talk, edits):
        before = talk.connector.ledger.head()

        with pytest.raises(Unfit):
            talk.connector.replay(Selection(("call-1/1/seats",)), "mara", "mended", edits=edits)

        assert talk.connector.ledger.head() == before


class TestDiscarding:
    def test_ends_a_letter_for_a_reason(self, talk: Talk):
        (outcome,) = [
            talk.run(flow, []) for flow in talk.connector.discard(Selection(("call-1/1/seats",)), "mara", "spam")
        ]

        (entry,) = entries(talk, "discarded")
        assert (outcome.status, entry.detail) == ("discarded", {"actor": "mara", "reason": "spam"})

    def test_leaves_nothing_to_be_replayed(self, talk: Talk):
        for flow in talk.connector.discard(ALL, "mara", "spam"):
            talk.run(flow, [])

        assert replay(talk, ALL, []) == []

    def test_of_what_has_been_replayed_meanwhile_does_nothing(self, talk: Talk):
        (flow,) = talk.connector.discard(Selection(("call-1/1/seats",)), "mara", "spam")
        replay(talk, Selection(("call-1/1/seats",)), [fine("opp")])

        assert talk.run(flow, []).status == "moot"
