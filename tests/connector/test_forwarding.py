"""Dead letters on their way to a real queue: after the ledger, at least once, and never what was said."""

import asyncio
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import aio_pika
import pytest

from connector.engine import Connector
from connector.ledger import MemoryLedger
from connector.live.broker import Broker, BrokerAway
from connector.live.forwarder import Forwarder
from connector.live.hub import Hub
from connector.live.runner import Runner
from connector.messages import Answer
from connector.replay import Selection
from tests.connector.livewire import JumpingClock, Wire
from tests.connector.rabbit import Rabbit, free_port
from tests.connector.talk import KNOWN, Talk, a_connector, fine, halted

QUEUE = "aicall-salesforce-deadletter"
PERSON = "Ada Berg"
URL = "amqp://me:secret@broker"


class Post:
    """A broker that is away so many times, and then takes everything. A stand-in for no test of the wire."""

    def __init__(self, away: int = 0) -> None:
        self.away = away
        self.held: list[tuple[str, dict[str, Any], str]] = []

    async def put(self, url: str, queue: str, body: dict[str, Any], message_id: str, at: datetime) -> None:
        del url, at
        if self.away:
            self.away -= 1
            raise BrokerAway("nobody is there")
        self.held.append((queue, body, message_id))

    async def close(self) -> None:
        self.away = 0


def with_deaths(count: int, ledger: MemoryLedger | None = None, broker: bool = True) -> Connector:
    """A connector with so many dead letters."""
    delivery = {"dead_letter_broker": {"env": "BROKER"}} if broker else {}
    connector = a_connector(ledger, delivery)
    for number in range(count):
        replies = [halted("opp", "STRING_TOO_LONG", PERSON), Answer(200, "ok")]
        Talk(connector).deliver(seats=number, call=f"call-{number}", caller=KNOWN, replies=replies)
    return connector


def forwarder(connector: Connector, broker: Any, url: str = URL, clock: JumpingClock | None = None) -> Forwarder:
    clock = clock or JumpingClock()
    runner = Runner(connector.ledger, clock, Wire(clock, lambda _: fine("opp")))
    return Forwarder(connector, Hub(connector, runner).runner, broker, {"BROKER": url})


def forwarded(ledger: MemoryLedger) -> list[str]:
    return [entry.delivery for entry in ledger.entries() if entry.kind == "forwarded"]


class TestALetter:
    def test_goes_once_in_the_order_of_deaths_and_the_ledger_says_so(self):
        connector, post = with_deaths(3), Post()
        way = forwarder(connector, post)

        counts = [asyncio.run(way.forward()), asyncio.run(way.forward())]

        keys = [f"call-{number}/1/seats" for number in range(3)]
        assert (counts, [body["delivery"] for _, body, _ in post.held]) == ([3, 0], keys)
        assert forwarded(connector.ledger) == keys

    def test_goes_to_the_queue_of_the_same_name_under_a_name_of_its_own(self):
        post = Post()

        asyncio.run(forwarder(with_deaths(1), post).forward())

        [(queue, body, message_id)] = post.held
        assert (queue, message_id) == (QUEUE, "default/call-0/1/seats#1")
        assert (body["category"], body["reason"], body["culprit"]) == ("value", "STRING_TOO_LONG", "opp")

    def test_tells_nothing_of_what_was_said(self):
        post = Post()

        asyncio.run(forwarder(with_deaths(1), post).forward())

        assert not [word for word in (PERSON, KNOWN.phone, KNOWN.contact_id) if word in json.dumps(post.held)]

    def test_that_nobody_confirmed_goes_again_after_a_crash(self):
        """At least once: the entry that says it was forwarded comes after the confirmation."""
        ledger = MemoryLedger()
        with pytest.raises(BrokerAway):
            asyncio.run(forwarder(with_deaths(2, ledger), Post(away=1)).forward())

        again = Post()
        asyncio.run(forwarder(with_deaths(0, MemoryLedger("default", ledger.entries())), again).forward())

        assert [body["delivery"] for _, body, _ in again.held] == ["call-0/1/seats", "call-1/1/seats"]

    def test_that_was_replayed_meanwhile_does_not_go(self):
        connector, post = with_deaths(1), Post()
        (flow,) = connector.replay(Selection(everything=True), "mara", "mended")
        Talk(connector).run(flow, [fine("opp")])

        assert (asyncio.run(forwarder(connector, post).forward()), post.held) == (0, [])

    def test_that_dies_a_second_time_goes_a_second_time(self):
        connector, post = with_deaths(1), Post()
        way = forwarder(connector, post)
        asyncio.run(way.forward())
        (flow,) = connector.replay(Selection(everything=True), "mara", "mended")
        Talk(connector).run(flow, [halted("opp", "STRING_TOO_LONG"), Answer(200, "ok")])

        asyncio.run(way.forward())

        assert [message_id for _, _, message_id in post.held] == [f"default/call-0/1/seats#{n}" for n in (1, 2)]

    def test_stays_where_no_broker_is_configured(self):
        post = Post()

        assert asyncio.run(forwarder(with_deaths(1, broker=False), post).forward()) == 0


def test_a_broker_that_is_away_is_tried_again_later_and_later():
    connector, post = with_deaths(1), Post(away=3)
    clock = JumpingClock()
    way = forwarder(connector, post, clock=clock)

    async def play() -> float:
        began = clock.now()
        way.begin()
        while not post.held:
            await asyncio.sleep(0)
        waited = clock.now() - began
        await way.end()
        return waited.total_seconds()

    assert asyncio.run(play()) == 1 + 5 + 30


@pytest.fixture
def rabbit() -> Iterator[Rabbit]:
    broker = Rabbit()
    yield broker
    broker.close()


@pytest.mark.sockets
class TestARealBroker:
    def test_has_letters_for_good_once_it_has_confirmed_them(self, rabbit: Rabbit):
        connector = with_deaths(2)

        asyncio.run(sent(forwarder(connector, Broker(), rabbit.url)))

        held = asyncio.run(taken(rabbit.url, 2))
        assert [message.message_id for message in held] == [f"default/call-{n}/1/seats#1" for n in range(2)]
        assert [json.loads(message.body)["category"] for message in held] == ["value", "value"]
        assert {message.delivery_mode for message in held} == {aio_pika.DeliveryMode.PERSISTENT}
        assert forwarded(connector.ledger) == ["call-0/1/seats", "call-1/1/seats"]


@pytest.mark.sockets
def test_a_broker_that_is_not_there_is_told_without_its_password():
    nowhere = f"amqp://me:secret@127.0.0.1:{free_port()}/"

    with pytest.raises(BrokerAway, match="did not take a dead letter") as told:
        asyncio.run(sent(forwarder(with_deaths(1), Broker(), nowhere)))
    assert "secret" not in str(told.value)


async def sent(way: Forwarder) -> None:
    try:
        await way.forward()
    finally:
        await way.end()


async def taken(url: str, count: int) -> list[Any]:
    """So many messages out of the queue."""
    connection = await aio_pika.connect(url)
    async with connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(QUEUE, durable=True)
        return [await queue.get(no_ack=True) for _ in range(count)]
