"""Several processes on one ledger: one chain, and one decision about each promise."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest

from connector.chain import Draft, first_broken
from connector.intents import Conflict, Intent
from connector.live.opening import LedgerBroken
from connector.live.runner import LedgerBusy
from connector.messages import Answer
from connector.replay import Selection
from tests.connector.fleets import SEATS, Member, call, kinds
from tests.connector.ledgers import DatabaseShelf
from tests.connector.talk import KNOWN, NINE, STRANGER, Talk, halted


class TestTheChain:
    def test_is_one_whoever_appends(self, database: DatabaseShelf, two):
        def append(member: Member) -> None:
            for number in range(30):
                member.ledger.append(Draft("refreshed", f"{member.ledger.process}/{number}", NINE, {}, {"n": number}))
                member.ledger.flush()

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(append, two))

        entries = database.stored()
        assert (len(entries), first_broken(entries), database.verified_by_anchor().broken) == (60, None, None)
        for member in two:
            own = [entry.delivery for entry in entries if entry.delivery.startswith(member.ledger.process)]
            assert own == [f"{member.ledger.process}/{number}" for number in range(30)]

    def test_is_known_to_all(self, two):
        first, second = two
        Talk(first.connector).tell(seats=7, caller=KNOWN)
        first.ledger.flush()

        second.ledger.flush()

        assert second.connector.delivery("call-1/1/seats").intents[0].value == 7
        assert second.ledger.head() == first.ledger.head()

    def test_goes_on_after_the_connection_was_cut(self, database: DatabaseShelf, two):
        first, _ = two
        first.ledger.append(Draft("refreshed", "before", NINE, {}))
        first.ledger.flush()
        database.run(["SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"])

        first.ledger.append(Draft("refreshed", "after", NINE, {}))
        first.ledger.flush()

        assert [entry.delivery for entry in database.stored()] == ["before", "after"]

    def test_belongs_to_one_org_each(self, database: DatabaseShelf, two):
        other = database.opened(org="hooli")

        other.append(Draft("refreshed", "theirs", NINE, {}))
        other.close()
        two[0].ledger.append(Draft("refreshed", "ours", NINE, {}))
        two[0].ledger.flush()

        rows = database.run(["SELECT org, seq, delivery FROM entries ORDER BY org"])
        assert rows == [("acme", 1, "ours"), ("hooli", 1, "theirs")]

    def test_takes_nothing_that_it_cannot_keep(self, two):
        with pytest.raises(ValueError, match="null character"):
            two[0].ledger.append(Draft("refreshed", "a\0b", NINE, {}))


class TestAPromise:
    def test_is_made_once_however_many_are_told_of_it(self, database: DatabaseShelf, two):
        async def play():
            told = [each.hub.tell(call(), 1, SEATS, None) for each in (*two, *two)]
            answers = await asyncio.gather(*told)
            await asyncio.gather(*(each.rest() for each in two))
            return [len(answer.deliveries) for answer in answers]

        assert asyncio.run(play()) == [1] * 4
        assert kinds(database) == ["accepted", "committed"]
        assert sum(len(each.sent) for each in two) == 1

    def test_with_another_value_is_a_conflict_at_whichever_process(self, two):
        async def play():
            await two[0].hub.tell(call(), 1, SEATS, None)
            with pytest.raises(Conflict):
                await two[1].hub.tell(call(), 1, [Intent("seats", 8)], None)
            await two[0].rest()

        asyncio.run(play())

    def test_is_not_waited_for_without_end(self, two):
        async def play():
            await two[0].runner.places.take("somebody", ("Alone/call-1",))
            two[1].hub.deciding = timedelta(seconds=1)
            with pytest.raises(LedgerBusy, match="ask again"):
                await two[1].hub.tell(call(), 1, SEATS, None)
            two[0].runner.places.leave("somebody")

        asyncio.run(play())

    def test_is_kept_in_order_of_acceptance_among_processes(self, two):
        """The second waits for the first, whose org is silent meanwhile."""
        first, second = two

        async def play():
            first.open = asyncio.Event()
            await first.hub.tell(call(), 1, SEATS, None)
            await second.hub.tell(call(), 2, [Intent("seats", 8)], None)
            waiting = len(second.sent)
            first.open.set()
            await asyncio.gather(first.rest(), second.rest())
            return waiting, len(second.sent)

        assert asyncio.run(play()) == (0, 1)

    def test_makes_others_forget_that_its_caller_was_nobody(self, two):
        first, second = two
        number = STRANGER.phone
        second.connector.desk.callers.remember(number, second.connector.desk.callers.age(number), NINE, None)

        Talk(first.connector).tell(interest="demo")
        first.ledger.flush()
        second.ledger.flush()

        assert second.connector.desk.callers.recall(number, NINE) is None


def test_a_letter_is_decided_once(database: DatabaseShelf, two):
    first, second = two
    Talk(first.connector).deliver(seats=7, caller=KNOWN, replies=[halted("opp", "STRING_TOO_LONG"), Answer(200, "ok")])
    first.ledger.flush()
    second.ledger.flush()
    both = Selection(everything=True)

    async def play():
        first.hub.replay(both, "mara", "mended", {})
        gone = await second.hub.discard(both, "noor", "spam")
        await asyncio.gather(first.rest(), second.rest())
        return gone

    gone = asyncio.run(play())
    after = kinds(database)[4:]
    assert (gone, after) in [(["call-1/1/seats"], ["discarded"]), ([], ["replayed", "committed"])]


def test_a_database_that_is_not_there_is_told_without_its_password(database: DatabaseShelf):
    gone = DatabaseShelf("postgresql://me:secret@127.0.0.1:9/none", database.anchor)

    with pytest.raises(LedgerBroken, match=r"postgresql://me:…@127.0.0.1:9/none cannot be reached") as told:
        gone.opened()
    assert "secret" not in str(told.value)


def test_a_process_that_ends_leaves_nothing_behind(database: DatabaseShelf):
    with psycopg.connect(database.place) as link:
        database.filled()

        assert link.execute("SELECT count(*) FROM processes").fetchone() == (0,)
