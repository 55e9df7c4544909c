"""The way to a RabbitMQ: one connection, a durable queue, and a message is there once the broker has confirmed it."""

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import orjson

from connector.messages import Json

if TYPE_CHECKING:
    from aio_pika.abc import AbstractChannel, AbstractConnection

TIMEOUT_S = 10.0
NEEDS_EXTRA = "forwarding dead letters needs aio-pika: pip install 'mocksf[rabbitmq]'"


class BrokerAway(Exception):
    """The broker did not take it; the sentence says why, and names no password."""


class Queues(Protocol):
    """What whoever forwards needs of a broker."""

    async def put(self, url: str, queue: str, body: Json, message_id: str, at: datetime) -> None:
        """Come back when the broker has it for good. Raises BrokerAway."""
        ...

    async def close(self) -> None:
        """Let go of the connection."""
        ...


class Broker:
    """RabbitMQ by aio-pika: publisher confirms, persistent messages, a queue that outlives the broker."""

    def __init__(self) -> None:
        self._url = ""
        self._connection: AbstractConnection | None = None
        self._channel: AbstractChannel | None = None

    async def put(self, url: str, queue: str, body: Json, message_id: str, at: datetime) -> None:
        """Come back when the broker has it for good. Raises BrokerAway."""
        try:
            import aio_pika
        except ImportError as problem:
            raise BrokerAway(NEEDS_EXTRA) from problem
        message = aio_pika.Message(
            orjson.dumps(body),
            content_type="application/json",
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            message_id=message_id,
            timestamp=at,
        )
        try:
            async with asyncio.timeout(TIMEOUT_S):
                channel = await self._open(url)
                await channel.declare_queue(queue, durable=True)
                await channel.default_exchange.publish(message, routing_key=queue, mandatory=True)
        except (aio_pika.exceptions.AMQPError, OSError, TimeoutError, ValueError, RuntimeError) as problem:
            await self.close()
            sentence = f"the broker did not take a dead letter: {type(problem).__name__}"
            raise BrokerAway(sentence) from problem

    async def close(self) -> None:
        """Let go of the connection."""
        connection, self._connection, self._channel = self._connection, None, None
        if connection is not None:
            await asyncio.gather(connection.close(), return_exceptions=True)

    async def _open(self, url: str) -> "AbstractChannel":
        import aio_pika

        if self._channel is not None and self._url == url and not self._channel.is_closed:
            return self._channel
        await self.close()
        self._url = url
        self._connection = await aio_pika.connect(url, timeout=TIMEOUT_S)
        self._channel = await self._connection.channel(publisher_confirms=True)
        return self._channel
