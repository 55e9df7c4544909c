"""What becomes of a process's work when it dies or ends: others take it up, once, at its places in line."""

import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.chain import Draft
from connector.intents import Intent
from connector.live.fleet.keeper import Watch
from connector.live.fleet.places import SharedPlaces
from connector.live.opening import LedgerBroken
from connector.live.places import Places
from tests.connector.fleets import SEATS, Member, bury, call, kinds, kinds_so_far
from tests.connector.ledgers import DatabaseShelf
from tests.connector.talk import KNOWN, NINE, Talk, halted


class TestTheDead:
    def test_leave_their_work_to_one_of_the_others_in_its_place_in_line(self, database: DatabaseShelf, two):
        first, second = two
        third = Member(database.opened())

        async def play():
            first.open = asyncio.Event()
            await first.hub.tell(call(), 1, SEATS, None)
            await second.hub.tell(call(), 2, [Intent("seats", 8)], None)
            await first.runner.stop()
            await bury(first, second)
            taken = await asyncio.gather(second.keeper.round(), third.keeper.round())
            await asyncio.gather(second.rest(), third.rest())
            return sorted(taken)

        assert asyncio.run(play()) == [0, 1]
        committed = [entry.delivery for entry in database.stored() if entry.kind == "committed"]
        assert committed == ["call-1/1/seats", "call-1/2/seats"]
        assert kinds(database) == ["accepted", "failed", "trying", "committed"]
        assert database.run(["SELECT count(*) FROM tickets"]) == [(0,)]
        assert database.run(["SELECT count(*) FROM work"]) == [(0,)]
        third.ledger.close()

    def test_that_end_in_good_order_leave_their_place_in_line_too(self, database: DatabaseShelf, two):
        first, second = two

        async def play():
            first.open = asyncio.Event()
            await first.hub.tell(call(), 1, SEATS, None)
            await second.hub.tell(call(), 2, [Intent("seats", 8)], None)
            await first.runner.stop()
            await asyncio.to_thread(first.leave)
            await second.keeper.round()
            await second.rest()

        asyncio.run(play())
        committed = [entry.delivery for entry in database.stored() if entry.kind == "committed"]
        assert committed == ["call-1/1/seats", "call-1/2/seats"]

    def test_write_nothing_any_more(self, database: DatabaseShelf, two):
        first, second = two

        async def play():
            await bury(first, second)
            first.ledger.append(Draft("refreshed", "too late", NINE, {}))
            with pytest.raises(LedgerBroken, match="took this process for dead"):
                await first.ledger.safe()

        asyncio.run(play())
        assert database.stored() == []

    def test_send_nothing_any_more(self, two):
        first, second = two

        async def play():
            delivery = Talk(first.connector).tell(seats=7, caller=KNOWN).deliveries[0]
            await first.ledger.safe()
            await bury(first, second)
            with suppress(LedgerBroken):
                await first.runner.run(first.connector.deliver(delivery))

        asyncio.run(play())
        assert first.sent == []

    def test_that_left_in_good_order_are_followed_at_once(self, database: DatabaseShelf, two):
        Talk(two[0].connector).tell(seats=7, caller=KNOWN)
        two[0].leave()

        async def play():
            taken = await two[1].keeper.round()
            await two[1].rest()
            return taken

        assert asyncio.run(play()) == 1
        assert kinds(database)[-1] == "committed"

    def test_whose_death_nobody_was_told_of_are_told_of_by_others(self, database: DatabaseShelf, two):
        flow = Talk(two[0].connector)
        (delivery,) = flow.tell(seats=7, caller=KNOWN).deliveries
        for _ in flow.steps(two[0].connector.deliver(delivery), [halted("opp", "STRING_TOO_LONG")]):
            if kinds_so_far(two[0]) == ["accepted", "failed", "dead"]:
                break
        two[0].leave()

        async def play():
            await two[1].keeper.round()
            await two[1].rest()

        asyncio.run(play())
        assert kinds(database) == ["accepted", "failed", "dead", "alerted"]


class TestALease:
    LEASE = timedelta(seconds=30)

    def watched(self, *looks: tuple[float, dict[str, int]]) -> list[dict[str, int]]:
        watch = Watch(self.LEASE)
        return [watch.silent(beats, NINE + timedelta(seconds=at_s)) for at_s, beats in looks]

    def test_is_over_when_nothing_was_heard_for_that_long(self):
        looks = [(at_s, {"a": 1, "b": at_s}) for at_s in range(0, 50, 10)]

        assert self.watched(*looks) == [{}, {}, {}, {}, {"a": 1}]

    def test_begins_anew_for_who_could_not_look(self):
        """Whoever was stopped for an hour has seen nobody live meanwhile, and buries nobody."""
        assert self.watched((0, {"a": 1}), (3600, {"a": 1}), (3610, {"a": 1})) == [{}, {}, {}]

    def test_is_measured_from_the_last_sign_of_life(self):
        looks = [(0, 1), (10, 1), (20, 2), (30, 2), (40, 2), (50, 2), (60, 2)]

        assert [bool(each) for each in self.watched(*((at, {"a": beat}) for at, beat in looks))] == [False] * 6 + [True]


KEYS = st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True)
MOVES = st.lists(st.tuples(st.integers(0, 4), KEYS, st.booleans()), min_size=1, max_size=12)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(moves=MOVES)
def test_a_line_in_the_database_moves_as_one_in_memory(two, moves):
    """A flow that may go takes more places, passing who waits for it, or ends; one that waits does nothing."""
    ledger = two[0].ledger

    async def play(places) -> list[set[int]]:
        turns: dict[int, list[asyncio.Task[None]]] = {}
        seen = []
        for owner, keys, ends in moves:
            own = turns.get(owner, [])
            if own and all(each.done() for each in own) and ends:
                places.leave(owner)
                del turns[owner]
            elif all(each.done() for each in own) and len(own) < 2:
                taking = asyncio.ensure_future(places.take(owner, [f"{key}{len(own)}" for key in keys], bool(own)))
                turns[owner] = [*own, taking]
            await asyncio.sleep(0)
            await ledger.safe()
            for _ in range(5):
                await asyncio.sleep(0)
            seen.append({owner for owner, own in turns.items() if all(each.done() for each in own)})
        for each in turns:
            for task in turns[each]:
                task.cancel()
            places.leave(each)
        await ledger.safe()
        return seen

    assert asyncio.run(play(SharedPlaces(ledger))) == asyncio.run(play(Places()))
