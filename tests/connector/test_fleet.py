"""Several processes on one ledger: one chain, one line before each record, one decision about each promise."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import timedelta

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.chain import Draft, first_broken
from connector.intents import Call, Conflict, Intent
from connector.live.clock import ScaledClock
from connector.live.fleet.keeper import Keeper, Watch
from connector.live.fleet.ledger import FleetLedger
from connector.live.fleet.places import SharedPlaces
from connector.live.hub import Hub
from connector.live.opening import LedgerBroken
from connector.live.places import Places
from connector.live.runner import LedgerBusy, Runner
from connector.messages import Answer, Reply, Request
from connector.replay import Selection
from tests.connector.ledgers import DatabaseShelf
from tests.connector.talk import KNOWN, NINE, STRANGER, Talk, a_connector, fine, halted

SEATS = [Intent("seats", 7)]


@dataclass
class Member:
    """One process of a fleet, as far as it matters: its ledger, its hub, and an org that answers as told."""

    ledger: FleetLedger
    say: list[Reply] = field(default_factory=list)
    sent: list[Request] = field(default_factory=list)
    open: asyncio.Event | None = None
    """Until it is set, the org answers nothing."""
    gone: bool = False

    def __post_init__(self) -> None:
        self.clock = ScaledClock(100.0)
        self.connector = a_connector(self.ledger)
        self.runner = Runner(self.ledger, self.clock, self, places=SharedPlaces(self.ledger))
        self.hub = Hub(self.connector, self.runner)
        self.hub.deciding = timedelta(minutes=10)
        self.keeper = Keeper(self.connector, self.runner, self.ledger, timedelta(seconds=60))

    async def send(self, request: Request, timeout_s: float, lane: str) -> Reply:
        del timeout_s, lane
        self.sent.append(request)
        if self.open is not None:
            await self.open.wait()
        return self.say.pop(0) if self.say else fine("opp")

    def leave(self) -> None:
        if not self.gone:
            self.gone = True
            self.ledger.close()

    async def rest(self) -> None:
        while self.runner.busy():
            await asyncio.gather(*self.runner.busy(), return_exceptions=True)


@pytest.fixture
def two(database: DatabaseShelf) -> Iterator[tuple[Member, Member]]:
    """Two processes on one ledger."""
    with ExitStack() as stack:
        members = [Member(database.opened()) for _ in range(2)]
        for each in members:
            stack.callback(each.leave)
        yield members[0], members[1]


def call(number: int = 1) -> Call:
    return Call(f"call-{number}", KNOWN)


def kinds(shelf: DatabaseShelf, delivery: str = "call-1/1/seats") -> list[str]:
    return [entry.kind for entry in shelf.stored() if entry.delivery == delivery]


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


def kinds_so_far(member: Member) -> list[str]:
    member.ledger.flush()
    return [entry.kind for entry in member.ledger.entries()]


async def bury(dead: Member, undertaker: Member) -> None:
    """Have a process taken for dead by another."""
    beats = await undertaker.ledger.ask(lambda crew: crew.beats())
    beat = beats[dead.ledger.process]
    assert await undertaker.ledger.ask(lambda crew: crew.bury(dead.ledger.process, beat))


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


def test_a_database_that_is_not_there_is_told_without_its_password(database: DatabaseShelf):
    gone = DatabaseShelf("postgresql://me:secret@127.0.0.1:9/none", database.anchor)

    with pytest.raises(LedgerBroken, match=r"postgresql://me:…@127.0.0.1:9/none cannot be reached") as told:
        gone.opened()
    assert "secret" not in str(told.value)


def test_a_process_that_ends_leaves_nothing_behind(database: DatabaseShelf):
    with psycopg.connect(database.place) as link:
        database.filled()

        assert link.execute("SELECT count(*) FROM processes").fetchone() == (0,)
