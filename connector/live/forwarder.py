"""Dead letters on their way to a real queue: after their entry in the ledger, in order, until the broker has them.

What is still to be forwarded is a reading of the ledger, so that a crash loses nothing; it may send a letter twice.
"""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

import structlog

from connector.chain import Draft
from connector.config import SecretMissing
from connector.engine import Connector
from connector.forwarding import RETRIES_S, letter, letter_id
from connector.live.broker import BrokerAway, Queues
from connector.live.opening import LedgerBroken
from connector.live.runner import Runner

LOOK = timedelta(seconds=1)
PLACE = ("Forward/",)
"""One process of a fleet forwards at a time; the others stand in line."""

log = structlog.get_logger("connector.forwarder")


class Forwarder:
    """One org's forwarding, where its configuration names a broker."""

    def __init__(self, connector: Connector, runner: Runner, broker: Queues, environ: Mapping[str, str]) -> None:
        self._connector, self._runner, self._broker, self._environ = connector, runner, broker, environ
        self._task: asyncio.Task[None] | None = None
        self._failures = 0

    def begin(self) -> None:
        """Forward from now on."""
        self._task = asyncio.get_running_loop().create_task(self._keep(), name="forwarder")

    async def end(self) -> None:
        """Forward no more; what is left is in the ledger."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._broker.close()

    async def _keep(self) -> None:
        clock = self._runner.clock
        while True:
            try:
                await self.forward()
                self._failures, pause = 0, LOOK
            except (BrokerAway, SecretMissing) as problem:
                log.warning("dead letters wait to be forwarded", problem=str(problem))
                pause = timedelta(seconds=RETRIES_S[min(self._failures, len(RETRIES_S) - 1)])
                self._failures += 1
            except LedgerBroken as problem:
                log.warning("dead letters wait for the ledger", problem=str(problem))
                pause = timedelta(seconds=RETRIES_S[2])
            await clock.sleep_until(clock.now() + pause)

    async def forward(self) -> int:
        """Forward what waits, those that died first before others; how many. Raises BrokerAway, LedgerBroken."""
        readings = self._connector.ledger.readings
        if self._connector.config.delivery.dead_letter_broker is None or not readings.unforwarded:
            return 0
        owner, count = object(), 0
        try:
            await self._runner.places.take(owner, PLACE)
            for key in list(readings.unforwarded):
                count += await self._forwarded(key) if key in readings.unforwarded else 0
        finally:
            self._runner.places.leave(owner)
        return count

    async def _forwarded(self, key: str) -> int:
        connector, now = self._connector, self._runner.clock.now()
        delivery = connector.config.delivery
        if delivery.dead_letter_broker is None:
            return 0
        url, queue = delivery.dead_letter_broker.reveal(self._environ), delivery.dead_letter_queue
        standing = connector.ledger.readings.standings[key]
        name = letter_id(connector.ledger.org, standing)
        await self._broker.put(url, queue, letter(connector.ledger.org, queue, standing), name, now)
        self._runner.ledger.append(Draft("forwarded", key, self._runner.clock.now(), {"queue": queue, "message": name}))
        await self._runner.ledger.safe()
        return 1
