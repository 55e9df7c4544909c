"""Putting a live connector together: configuration, secrets, ledger, clock and transport, each problem with a cure."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import structlog

from connector.config import ConfigError, ConnectorConfig
from connector.describe import DescribeError
from connector.engine import Connector
from connector.live.book import Book, in_force
from connector.live.broker import Broker
from connector.live.clock import ScaledClock
from connector.live.describing import described
from connector.live.disk import DiskLedger
from connector.live.failpoints import Failpoint, failpoint_from
from connector.live.forwarder import Forwarder
from connector.live.hub import Hub
from connector.live.ledgers import keeper_of, line_of, opened
from connector.live.runner import Runner
from connector.live.trial import Ground, address_in, secrets_in
from connector.live.written import Written, written_in
from connector.login import credentials_of
from connector.scopes import lacking
from connector.settle import settle

if TYPE_CHECKING:
    from connector.live.fleet.keeper import Keeper
    from connector.live.fleet.ledger import FleetLedger

LEASE = timedelta(seconds=30)
ASK_AGAIN = timedelta(seconds=30)

log = structlog.get_logger("connector.start")


class CannotStart(Exception):
    """The connector cannot be put together; the sentence says what is missing."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What the command line says. `org` overrides the configuration's instance_url; `ca` is a PEM file to trust."""

    config: Path
    ledger: Path | str
    """A file, or the address of a database that several processes share."""
    org: str | None = None
    ca: Path | None = None
    seed: int | None = None
    lease: timedelta = LEASE
    """How long a process of a fleet may be silent before others take up its work."""
    anchor: Path | None = None
    """Where the head is noted of a ledger that is no file."""


@dataclass(frozen=True, slots=True)
class Stack:
    """A connector that is ready to work, and what must be closed after it."""

    hub: Hub
    ledger: "DiskLedger | FleetLedger"
    book: Book
    org: str
    keeper: "Keeper | None" = None
    """Who keeps the fleet, where this process is one of several."""
    forwarder: Forwarder | None = None

    async def begin(self) -> int:
        """Take up what was promised before and not kept, as far as nobody else does; how many deliveries that is."""
        if self.forwarder is not None:
            self.forwarder.begin()
        return self.hub.recover() if self.keeper is None else await self.keeper.begin()

    async def join(self) -> None:
        """Be one of a fleet without taking anything up, for who has but one thing to do."""
        if self.keeper is not None:
            await self.keeper.begin(takes_up=False)

    async def settle(self) -> bool:
        """Ask the org what its fields take: the short form is filled in, values are checked by it. Whether it said."""
        connector = self.hub.connector
        try:
            org = await described(connector, self.hub.runner)
        except DescribeError as problem:
            log.warning("the org was not described; values are taken as the configuration says", problem=str(problem))
            return False
        connector.know(settle(connector.config, org), org)
        granted = connector.desk.session.scope
        if granted is not None and (lacks := lacking(connector.config, granted)):
            log.warning("the login gives fewer scopes than the map needs", lacking=lacks, granted=granted)
        return True

    async def settle_later(self) -> None:
        """Ask again until the org has said it, for it may be away just when the connector starts."""
        clock = self.hub.runner.clock
        settled = False
        while not settled:
            await clock.sleep_until(clock.now() + ASK_AGAIN)
            settled = await self.settle()

    async def close(self) -> None:
        """Stop all flows (the ledger knows where they stood) and let go of connections and file."""
        if self.keeper is not None:
            self.keeper.end()
        if self.forwarder is not None:
            await self.forwarder.end()
        await self.hub.runner.stop()
        await self.book.close()
        self.ledger.close()


def put_together(setting: Setting, clock: ScaledClock, environ: Mapping[str, str]) -> Stack:
    """The connector of one org. Raises CannotStart, ConfigError, SecretMissing, KeyProblem or LedgerBroken."""
    file = written_in(setting.config)
    asked = file.config()
    org = address_of(asked, setting)
    credentials_of(asked, environ)
    failpoint, trust = failpoint_from(environ), trust_of(setting.ca)
    name = asked.org.name or org
    ledger = opened(setting.ledger, environ, name, failpoint, setting.anchor)
    try:
        secrets = frozenset(secret for _, secret in secrets_in(asked))
        ground = Ground(ledger, name, clock, environ, trust, setting.org, secrets)
        stack = _stack(ground, ledger, file, Random(setting.seed), failpoint)  # noqa: S311 - jitter is not a secret
        connector, runner = stack.hub.connector, stack.hub.runner
        keeper = keeper_of(ledger, connector, runner, setting.lease)
        return replace(stack, keeper=keeper, forwarder=Forwarder(connector, runner, Broker(), environ))
    except BaseException:
        ledger.close()
        raise


def _stack(
    ground: Ground, ledger: "DiskLedger | FleetLedger", file: Written, dice: Random, failpoint: Failpoint
) -> Stack:
    current = in_force(ledger, file, ground.clock.now())
    try:
        config = current.config()
    except ConfigError as problem:
        sentence = f"what was activated last cannot be used any more; change {file.name}, and it is taken: {problem}"
        raise CannotStart(sentence) from problem
    connector = Connector(config, ledger, dice, credentials_of(config, ground.environ))
    transport = ground.transport(config)
    hub = Hub(connector, Runner(ledger, ground.clock, transport, failpoint, line_of(ledger)))
    return Stack(hub, ledger, Book(hub, ground, file, current, transport), address_in(config, ground.address) or "")


def address_of(config: ConnectorConfig, setting: Setting) -> str:
    """The org's address: --org, else the login section's. Raises CannotStart."""
    login = config.org.login
    address = setting.org or (login.instance_url if login else None)
    if address is None:
        sentence = f"{setting.config} names no org (org.login.instance_url): say --org URL"
        raise CannotStart(sentence)
    if not address.startswith(("http://", "https://")):
        sentence = f"{address} is no address; write https://…"
        raise CannotStart(sentence)
    return address.rstrip("/")


def trust_of(ca: Path | None) -> ssl.SSLContext:
    """One TLS context for everything. Raises CannotStart where the authority's file is none."""
    try:
        return ssl.create_default_context(cafile=str(ca) if ca else None)
    except (OSError, ssl.SSLError) as problem:
        sentence = f"{ca} is no certificate authority (PEM): {problem}"
        raise CannotStart(sentence) from problem
