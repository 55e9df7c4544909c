"""Deploys rehearsed by the service: what stands before one, the one under way, and those of before, in the ledger."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Thread
from typing import Any, TypeVar

import structlog

from connector.chain import Draft
from connector.intents import Intent
from connector.live.book import Book
from connector.live.hub import Hub
from connector.live.opening import LedgerBroken
from connector.live.trial import address_in
from connector.readings import Rehearsal
from connector.rehearsal.deploy import Missing, heard, told
from connector.rehearsal.going import PROBLEMS, Deploy, rehearsed_deploy, unprovisioned

T = TypeVar("T")

KEY = "rehearsal"
"""Under which the ledger keeps reports."""
PATIENCE_S = 30.0
"""How long another process may write down a report of its own."""
MAPS: Mapping[str, tuple[str, bool, bool]] = {
    "automap": ("all that the automap proposes", False, True),
    "both": ("the map in force, and what the automap adds", True, True),
    "keep": ("the map in force as it is", True, False),
}
"""What may be rehearsed: in words, whether the map in force is kept, whether the automap adds to it."""
USER, RECORDING = "API user", "sample call recording"
CURE = "paste one, or take the sample's"
OWN_ERROR = "it broke off by an error of the connector's own; the log says more"

log = structlog.get_logger("connector.rehearsals")


class UnderWay(Exception):
    """One is being played already."""


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody asks for on the page."""

    place: str
    """The mock's address."""
    map: str
    """One of `MAPS`."""
    recording: str
    """The text of a sample call recording."""


@dataclass(frozen=True, slots=True)
class Check:
    """One precondition: whether it is there, and else what is missing, with the cure."""

    name: str
    good: bool
    tells: str


@dataclass(slots=True)
class Now:
    """The rehearsal that is being played."""

    actor: str
    begun: datetime
    step: str = "discover"


class Rehearsals:
    """One org's. They are played one at a time, beside the calls; a report is an entry of the ledger."""

    def __init__(self, hub: Hub, book: Book) -> None:
        self.now: Now | None = None
        self._hub, self._book = hub, book
        self._task: asyncio.Task[None] | None = None

    @property
    def own(self) -> str:
        """The address that the configuration in force writes to."""
        return address_in(self._book.config, self._book.ground.address) or ""

    @property
    def variable(self) -> str:
        """Begins the variables of a mock that is not at the org's own address: its TOKEN, and its ADMIN_TOKEN."""
        return f"{self._book.ground.prefix}MOCK_"

    @property
    def kept(self) -> list[Rehearsal]:
        """Those that were played, the latest first."""
        return self._hub.connector.ledger.readings.rehearsals[::-1]

    def report(self, run: Rehearsal) -> dict[str, Any] | None:
        """What was written down of one; None where that does not read any more."""
        return self._hub.connector.ledger.payload(run.payload_sha256)

    async def checked(self, order: Order) -> tuple[tuple[Intent, ...], tuple[Check, ...]]:
        """The two preconditions, looked at; and what the recording says."""
        problem = await self._hub.beside(self._unprovisioned, order)
        seen = f"logs in to {order.place} and sees its objects"
        user = Check(USER, problem is None, (problem or seen).removeprefix(f"{USER}: "))
        try:
            said = heard(order.recording, "the recording", CURE) if order.recording.strip() else ()
            tells = f"intents that are heard: {len(said)}" if said else f"there is none; {CURE}"
        except Missing as missing:
            said, tells = (), str(missing).removeprefix(f"{RECORDING}: ")
        return said, (user, Check(RECORDING, bool(said), tells))

    def begin(self, order: Order, said: tuple[Intent, ...], actor: str) -> None:
        """Play one behind the answer. Raises UnderWay."""
        if self.now is not None:
            sentence = f"a rehearsal is under way, begun by {self.now.actor}; wait until it has ended"
            raise UnderWay(sentence)
        self.now = Now(actor, self._hub.runner.clock.now())
        self._task = asyncio.get_running_loop().create_task(self._played(order, said, self.now), name="rehearsal")

    async def _played(self, order: Order, said: tuple[Intent, ...], now: Now) -> None:
        def begins(step: str) -> None:
            now.step = step

        told_of: dict[str, Any] = {
            "org": order.place,
            "map": order.map,
            "recording": order.recording,
            "report": None,
            "problem": None,
        }
        try:
            steps = await _in_a_thread(lambda: rehearsed_deploy(self._deploy(order), said, begins))
            told_of["report"] = told(steps)
        except PROBLEMS as problem:
            told_of["problem"] = f"{now.step}: {problem}"
        except Exception as problem:  # whatever it is: who waits for a report is told that there is none
            log.critical("a rehearsal broke off", step=now.step, problem=type(problem).__name__)
            told_of["problem"] = f"{now.step}: {OWN_ERROR}"
        try:
            await self._noted(told_of, now.actor)
        except LedgerBroken as problem:
            log.warning("a rehearsal's report could not be kept", problem=str(problem))
        finally:
            self.now = None

    async def _noted(self, told_of: dict[str, Any], actor: str) -> None:
        """Put the report into the ledger: its text is the payload, sealed like any other. Raises LedgerBroken."""
        runner, ledger = self._hub.runner, self._hub.connector.ledger
        report = told_of["report"]
        async with runner.alone(KEY, PATIENCE_S):
            detail = {
                "number": len(ledger.readings.rehearsals) + 1,
                "actor": actor,
                "good": report is not None and all(each["good"] for each in report["steps"]),
                "total_min": report and report["total_min"],
            }
            ledger.append(Draft("rehearsed", KEY, runner.clock.now(), detail, told_of))
            await runner.ledger.safe()

    def _unprovisioned(self, order: Order) -> str | None:
        if not order.place.startswith(("http://", "https://")):
            return f"{order.place or 'nothing'} is no address; write that of a running mocksf serve"
        if order.place != self.own and not self._book.ground.environ.get(f"{self.variable}TOKEN"):
            return (
                f"not provisioned: {order.place} is not where this configuration writes to, and is not shown"
                f" its secrets; put a token of that mock in {self.variable}TOKEN and start the connector with it"
            )
        return unprovisioned(self._deploy(order))

    def _deploy(self, order: Order) -> Deploy:
        """The org's own secrets are for its own address alone; any other has a token of its own."""
        ground, config = self._book.ground, self._book.config
        keeps, adds = MAPS.get(order.map, MAPS["automap"])[1:]
        deploy = Deploy(order.place, config, keeps, ground.environ, ground.trust, adds)
        admin = ground.environ.get(f"{self.variable}ADMIN_TOKEN")
        if order.place == self.own:
            return replace(deploy, admin_token=admin)
        token = {"CONNECTOR_TOKEN": ground.environ.get(f"{self.variable}TOKEN", "")}
        silent = config.model_copy(update={"org": config.org.model_copy(update={"login": None})})
        place = f"its token in {self.variable}TOKEN"
        return replace(deploy, base=silent, environ=token, admin_token=admin, token_place=place)


def _in_a_thread(work: Callable[[], T]) -> "asyncio.Future[T]":
    """Do it beside the event loop, in a thread that keeps nobody from ending."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def tell(do: Callable[[Any], None], what: Any) -> None:
        with suppress(RuntimeError):  # the loop has ended, and nobody waits any more
            loop.call_soon_threadsafe(lambda: None if future.done() else do(what))

    def run() -> None:
        try:
            result = work()
        except Exception as problem:
            tell(future.set_exception, problem)
        else:
            tell(future.set_result, result)

    Thread(target=run, name="rehearsal", daemon=True).start()
    return future
