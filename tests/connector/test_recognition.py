"""Who a caller is, where nobody looked the number up: the delivery asks, and writes that person."""

import asyncio

import pytest

from connector.commands import Send, TakePlace
from connector.intents import Call, Ending
from connector.ledger import MemoryLedger
from connector.live.places import Places
from connector.messages import Answer, Silence
from connector.replay import Selection
from tests.connector.talk import BUSY, EXPIRED, NEVER_ASKED, TOKEN, Talk, a_connector, fine
from tests.connector.test_lookup import ADA, FIRM, LEAD, NO_SEARCH, found

ASKED = ["read", "identified"]
NOBODY = [found(), NO_SEARCH]
SLACK = Answer(200, "ok")
QUIET = Silence("timeout")
REFUSED = Answer(403, [{"errorCode": "INSUFFICIENT_ACCESS", "message": "no"}])
BY_ID = {"Contact": ADA["Id"], "Account": ADA["AccountId"], "Lead": LEAD["Id"]}


def told(*names: str, replies, connector=None, **values) -> Talk:
    """A turn of somebody of whom nobody asked, seen through."""
    talk = Talk(connector or a_connector())
    talk.deliver(*names, caller=NEVER_ASKED, replies=replies, **values)
    return talk


def urls(talk: Talk) -> list[str]:
    """Where the last composite that was sent writes."""
    (last,) = [each for each in talk.sent if each.body and each.body.get("allOrNone")][-1:]
    return [part["url"].partition("/sobjects/")[2] for part in last.body["compositeRequest"]]


def last(talk: Talk, kind: str) -> dict:
    return [entry.detail for entry in talk.connector.ledger.entries() if entry.kind == kind][-1]


class TestTheOneFound:
    def test_is_written_by_id(self):
        talk = told("demo_requested", channel="Email", replies=[found(Contact=ADA), fine("opp")])

        assert talk.asked == [*ASKED, "send", "committed"]
        assert urls(talk) == [f"Contact/{ADA['Id']}", "Opportunity/Call_Key__c/call-1"]

    def test_is_noted_before_anything_is_sent(self):
        talk = told("demo_requested", replies=[found(Contact=ADA), fine("opp")])

        assert talk.ledger == ["accepted", "identified", "committed"]
        assert last(talk, "identified")["contact_id"] == ADA["Id"]

    def test_is_nobody_and_becomes_a_new_contact(self):
        talk = told("demo_requested", replies=[*NOBODY, fine()])

        assert urls(talk)[1] == "Contact/Caller_Key__c/%2B14155550100"

    def test_has_only_an_account_and_gets_a_contact_under_it(self):
        talk = told("demo_requested", replies=[found(Account=FIRM), fine("con", "opp")])

        assert talk.sent[-1].body["compositeRequest"][0]["body"]["AccountId"] == FIRM["Id"]

    def test_is_an_open_lead_that_gets_no_contact(self):
        talk = told("demo_requested", replies=[found(Lead=LEAD), fine("acc", "opp")])

        assert [url.partition("/")[0] for url in urls(talk)] == ["Account", "Opportunity"]

    def test_is_an_open_lead_that_is_updated(self):
        assert urls(told("qualified", replies=[found(Lead=LEAD), fine("lead")])) == [f"Lead/{LEAD['Id']}"]

    def test_is_known_to_the_next_turn_without_another_lookup(self):
        talk = told("demo_requested", replies=[found(Contact=ADA), fine("opp")])

        talk.deliver(channel="Email", turn=2, caller=NEVER_ASKED, replies=[fine("con")])

        assert urls(talk)[0] == f"Contact/{ADA['Id']}"

    def test_is_asked_for_once_where_a_lookup_heard_it_lately(self):
        talk = Talk(a_connector())
        talk.run(talk.connector.looked_up("+1 415 555 0100"), [found(Contact=ADA)])

        talk.deliver(channel="Email", caller=NEVER_ASKED, replies=[fine("con")])

        assert urls(talk)[0] == f"Contact/{ADA['Id']}"

    def test_is_linked_to_by_the_calls_task(self):
        talk = told("demo_requested", replies=[found(Contact=ADA), fine("opp")])
        (log,) = talk.connector.end_call(Call("call-1", NEVER_ASKED), Ending("Done"), talk.at).deliveries

        talk.run(talk.connector.deliver(log), [fine("task")])

        assert talk.sent[-1].body["compositeRequest"][0]["body"]["WhoId"] == ADA["Id"]


class TestWhatDoesNotFit:
    @pytest.mark.parametrize(
        ("said", "who", "sentence"),
        [
            ({"channel": "Email"}, {"Lead": LEAD}, "convert the lead first"),
            ({"interest": "vans"}, {"Contact": ADA}, "a contact without an open lead"),
        ],
    )
    def test_is_a_dead_letter_that_says_why(self, said, who, sentence):
        talk = told(**said, replies=[found(**who), SLACK])

        assert talk.asked == [*ASKED, "failed", "dead", "alert", "alerted"]
        assert last(talk, "dead")["category"] == "person"
        (failed,) = [entry for entry in talk.connector.ledger.entries() if entry.kind == "failed"]
        assert sentence in talk.connector.ledger.payload(failed.payload_sha256)["said"]

    def test_is_written_once_a_replay_finds_somebody_else(self):
        talk = told(channel="Email", replies=[found(Lead=LEAD), SLACK])
        (flow,) = talk.connector.replay(Selection(everything=True), "mara", "the lead is converted")

        talk.run(flow, [found(Contact=ADA), fine("con")])

        assert urls(talk)[0] == f"Contact/{ADA['Id']}"

    def test_a_lead_that_nobody_asked_for_is_not_made_of_a_contact(self):
        talk = Talk(a_connector())
        lead, _ = talk.connector.end_call(Call("call-1", NEVER_ASKED), Ending("Done"), talk.at).deliveries

        talk.run(talk.connector.deliver(lead), [found(Contact=ADA)])

        assert talk.asked == [*ASKED, "committed"]


class TestALookupThatFails:
    @pytest.mark.parametrize("mishap", [QUIET, BUSY, Answer(200, "<html>"), Silence("refused")])
    def test_is_a_failed_attempt_that_wrote_nothing(self, mishap):
        talk = told("demo_requested", replies=[mishap, found(Contact=ADA), fine("opp")])

        assert talk.asked == ["read", "failed", "wait 0.2", "trying", *ASKED, "send", "committed"]
        assert not last(talk, "failed")["perhaps"]

    def test_is_tried_six_times_and_never_more(self):
        talk = told("demo_requested", replies=[*[BUSY] * 6, SLACK])

        assert (talk.asked.count("read"), talk.asked.count("send")) == (6, 0)
        assert (last(talk, "dead")["reason"], last(talk, "dead")["perhaps"]) == ("lookup: SERVER_UNAVAILABLE", False)

    def test_leaves_the_rest_of_the_schedule_to_the_write(self):
        talk = told("demo_requested", replies=[BUSY, BUSY, found(Contact=ADA), *[BUSY] * 4, SLACK])

        assert (talk.asked.count("read"), talk.asked.count("send")) == (3, 4)

    def test_half_way_is_not_taken_for_nobody(self):
        talk = told("demo_requested", replies=[found(), QUIET, found(Contact=ADA), fine("opp")])

        assert talk.asked == ["read", "read", "failed", "wait 0.2", "trying", *ASKED, "send", "committed"]

    def test_with_an_expired_session_earns_one_login(self):
        talk = told("demo_requested", replies=[EXPIRED, TOKEN, found(Contact=ADA), fine("opp")])

        assert talk.asked == ["read", "login", *ASKED, "send", "committed"]

    def test_for_good_leaves_the_keys(self):
        talk = told("demo_requested", replies=[REFUSED, fine()])

        assert (urls(talk)[0].partition("/")[0], last(talk, "identified")["refused"]) == (
            "Account",
            "INSUFFICIENT_ACCESS",
        )


class TestTwoAtOnce:
    def test_intents_of_one_call_ask_once_and_keep_their_order(self):
        """The second waits at the place of the call while the first asks and writes."""
        talk = Talk(a_connector())
        first, second = (
            talk.connector.deliver(*talk.tell(caller=NEVER_ASKED, turn=turn, seats=turn).deliveries) for turn in (1, 2)
        )

        assert "Call/call-1" in next(first).keys
        assert "Call/call-1" in next(second).keys
        talk.run(rest(first), [found(Contact=ADA), fine("opp")])
        talk.run(rest(second), [fine("opp")])

        assert talk.asked == [*ASKED, "send", "committed", "send", "committed"]

    def test_calls_of_one_stranger_make_one_lead(self):
        talk = Talk(a_connector())
        talk.run(talk.connector.looked_up("+14155550100"), NOBODY)
        first, second = (
            talk.connector.deliver(*talk.tell("qualified", caller=NEVER_ASKED, call=call).deliveries)
            for call in ("call-1", "call-2")
        )

        assert set(next(first).keys) & set(next(second).keys) == {"Caller/+14155550100"}
        talk.run(rest(first), [fine("lead")])
        talk.run(rest(second), [found(Lead=LEAD), fine("lead")])

        assert urls(talk) == [f"Lead/{LEAD['Id']}"]

    def test_an_id_that_is_found_is_waited_for_ahead_of_who_waits_already(self):
        talk = Talk(a_connector())
        (delivery,) = talk.tell(channel="Email", caller=NEVER_ASKED).deliveries

        commands = list(talk.steps(talk.connector.deliver(delivery), [found(Contact=ADA), fine("con")]))

        (more,) = [each for each in commands if isinstance(each, TakePlace) and each.ahead]
        assert f"Contact/{ADA['Id']}" in more.keys

    def test_who_learns_an_id_waits_for_its_holder_and_for_nobody_behind_itself(self):
        async def let_in() -> list[str]:
            places, order = Places(), []

            async def taking(owner: str, *keys: str, ahead: bool = False) -> None:
                await places.take(owner, keys, ahead)
                order.append(owner)

            await taking("holder", "id")
            await taking("asker", "key")
            waits = [asyncio.ensure_future(taking("known", "key", "id"))]
            await asyncio.wait(waits, timeout=0)
            waits.append(asyncio.ensure_future(taking("asker", "id", ahead=True)))
            await asyncio.wait(waits, timeout=0)
            places.leave("holder")
            await waits[1]
            places.leave("asker")
            await waits[0]
            return order

        assert asyncio.run(let_in()) == ["holder", "asker", "asker", "known"]


class TestADeath:
    @pytest.mark.parametrize("said", [{"channel": "Email"}, {"qualified": None}, {"seats": 3}])
    @pytest.mark.parametrize("who", [{}, {"Contact": ADA, "Lead": LEAD}])
    def test_at_any_step_writes_the_person_that_was_noted(self, said, who):
        for step in range(1, 30):
            ledger = MemoryLedger()
            talk, noted = Talk(a_connector(ledger)), None
            (delivery,) = talk.tell(caller=NEVER_ASKED, **said).deliveries
            stopped(talk, talk.connector.deliver(delivery), step, who)
            noted = ledger.readings.identities.get("call-1")

            again = Talk(a_connector(ledger), talk.at)
            for flow in again.connector.recover():
                again.run(flow, answering({} if noted and not who else who))

            assert ledger.readings.standings[delivery.key].status == "committed"
            assert "identified" not in again.asked or noted is None


def answering(who):
    """An org that knows these people, and takes every write."""

    def answer(command: Send) -> Answer:
        body = command.request.body
        if command.request.method == "GET":
            return NO_SEARCH
        if body["allOrNone"]:
            return fine(*(part["referenceId"] for part in body["compositeRequest"]))
        return found(**who)

    return answer


def stopped(talk: Talk, flow, step: int, who) -> None:
    for number, _ in enumerate(talk.steps(flow, answering(who)), 1):
        if number == step:
            flow.close()
            return


def rest(flow):
    """What a flow that has taken its first place does from there on."""
    reply = None
    while True:
        try:
            command = flow.send(reply)
        except StopIteration as end:
            return end.value
        reply = yield command
