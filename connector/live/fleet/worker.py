"""The thread that takes a process's orders to the database, all that wait at once, and hears what others do."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import Any

import psycopg
import structlog

from connector.live.clock import LiveClock
from connector.live.fleet.clerk import Clerk
from connector.live.fleet.founding import IDLE
from connector.live.fleet.link import linked
from connector.live.fleet.orders import Append, Ask, Done, Order, Want
from connector.live.fleet.tickets import Turn
from connector.live.opening import LedgerBroken, Noted

PATIENCE_S = 10.0
"""How long a database that is away is waited for before nothing more is accepted."""
AGAIN_S = 0.2
BEATS = 4
"""How often a lease is renewed before it would end."""
LOOK_S = 1.0
"""How often others are looked at, whether or not they said that there is news."""

log = structlog.get_logger("connector.ledger")


class Lease:
    """How long the others take this process for alive, by its own clock."""

    def __init__(self, clock: LiveClock, lasts: timedelta) -> None:
        self.now, self._lasts = clock.now, lasts
        self.pause_s = clock.real_seconds((lasts / BEATS).total_seconds())
        """How long on the wall until it is renewed."""
        self._renewed = clock.now()

    def renewed(self, at: datetime) -> None:
        """The others have been told, by a transaction that began at `at`."""
        self._renewed = at

    @property
    def due(self) -> bool:
        """Whether it is time to renew it."""
        return self.now() - self._renewed >= self._lasts / BEATS

    @property
    def over(self) -> bool:
        """Whether the others may take this process for dead by now."""
        return self.now() - self._renewed > self._lasts


class Worker:
    """One thread for orders, one for news. `hear` is told of everything, in order, before any order is answered."""

    def __init__(
        self,
        clerk: Clerk,
        address: str,
        hear: Callable[[Done], None],
        failpoint: Callable[[str], None],
        noted: Noted | None,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self.heard: Callable[[], None] = lambda: None
        """Called from the thread whenever there is something to be folded."""
        self.lease: Lease | None = None
        self._clerk, self._address, self._hear = clerk, address, hear
        self._failpoint, self._noted, self._patience_s = failpoint, noted, patience_s
        self._orders: list[Order] = []
        self._waiting: dict[Turn, Future[None]] = {}
        self._broken: Exception | None = None
        self._closing = self._news = False
        self._wake = threading.Condition()
        self._threads = [
            threading.Thread(target=self._work, name="ledger", daemon=True),
            threading.Thread(target=self._listen, name="ledger news", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    @property
    def broken(self) -> Exception | None:
        """Why nothing can be written any more, or None."""
        return self._broken

    def waiting(self) -> int:
        """How many turns have been asked for and have not come."""
        return len(self._waiting)

    def order(self, order: Order) -> None:
        """Have it done, after everything that was ordered before."""
        with self._wake:
            self._orders.append(order)
            self._wake.notify()

    def close(self) -> None:
        """Do what is ordered, leave the fleet, end."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        for thread in self._threads:
            thread.join()

    # -- orders --------------------------------------------------------------------------------------------------

    def _work(self) -> None:
        while True:
            with self._wake:
                pause_s = self.lease.pause_s if self.lease else None
                self._wake.wait_for(lambda: self._orders or self._news or self._closing, pause_s)
                orders, self._orders = self._orders, []
                self._news, closing = False, self._closing
            if orders or not closing:
                self._do(orders)
            else:
                self._leave()
                return

    def _do(self, orders: list[Order]) -> None:
        self._waiting |= {(each.take.owner, each.take.turn): each.granted for each in orders if isinstance(each, Want)}
        try:
            if self._broken is None:
                self._tell(self._done(orders))
                self._do_beside([each for each in orders if isinstance(each, Ask) and each.loose])
        except Exception as problem:  # whatever it is: a thread that dies unheard would leave everyone waiting
            self._broken = problem
            log.critical("the ledger could not be written; nothing more is accepted", problem=repr(problem))
        if self._broken is not None:
            refusal = LedgerBroken(f"the ledger could not be written: {self._broken}")
            for each in (*(order.answer for order in orders if isinstance(order, Ask)), *self._waiting.values()):
                settle(each, problem=refusal)
            self._waiting.clear()

    def _done(self, orders: Sequence[Order]) -> Done:
        self._waiting = {turn: each for turn, each in self._waiting.items() if not each.done()}
        owners = [owner for owner, _ in self._waiting]
        if not orders and not (self.lease and self.lease.due):
            return self._persistently(lambda: self._clerk.glance(owners))
        appends = any(isinstance(each, Append) for each in orders)
        if appends:
            self._failpoint("before_group")
        began = self.lease.now() if self.lease else None
        done = self._persistently(lambda: self._clerk.serve(orders, owners))
        self._clerk.beat += 1
        if self.lease and began:
            self.lease.renewed(began)
        if appends:
            self._failpoint("after_group")
        return done

    def _persistently(self, do: Callable[[], Done]) -> Done:
        """Do it; where the connection breaks, over a new one, and nothing twice. Raises what lasts too long."""
        until = monotonic() + self._patience_s
        while True:
            try:
                return do()
            except psycopg.OperationalError as problem:
                log.warning("the ledger's database is away", problem=repr(problem))
                self._reconnect(until, problem)
                if self._clerk.attempted is not None and self._clerk.committed():
                    return self._clerk.attempted

    def _reconnect(self, until: float, problem: Exception) -> None:
        self._clerk.link.close()
        while monotonic() < until:
            sleep(AGAIN_S)
            try:
                self._clerk.link = linked(self._address)
                self._clerk.link.execute(IDLE)
            except (LedgerBroken, psycopg.OperationalError):
                continue
            return
        raise problem

    def _tell(self, done: Done) -> None:
        self._clerk.known = max(self._clerk.known, done.head.seq)
        if done.appended and self._noted is not None:
            self._noted.note(done.head)
        if done.foreign or done.appended:
            self._hear(done)
            self.heard()
        for turn in done.granted & self._waiting.keys():
            settle(self._waiting.pop(turn), None)
        for answer, value in done.answers:
            settle(answer, value)

    def _do_beside(self, asks: Sequence[Ask]) -> None:
        """What needs no lock, and may fail without harm."""
        for ask in asks:
            try:
                settle(ask.answer, ask.do(self._clerk.crew))
            except psycopg.Error as problem:
                settle(ask.answer, problem=LedgerBroken(f"the ledger's database could not be asked: {problem}"))

    def _leave(self) -> None:
        left: Future[None] = Future()
        if self._broken is None:
            self._do([Ask(lambda crew: crew.depart(), left)])
            with suppress(psycopg.Error):
                self._clerk.speak()
        self._clerk.link.close()

    # -- news ----------------------------------------------------------------------------------------------------

    def _listen(self) -> None:
        """Look at what others do when they say that there is news, and every now and then."""
        while not self._closing:
            try:
                with linked(self._address) as link:
                    link.execute(f"LISTEN {self._clerk.channel}")
                    self._hark(link)
            except (LedgerBroken, psycopg.Error):
                sleep(AGAIN_S)

    def _hark(self, link: Any) -> None:
        while not self._closing:
            told = {notice.payload for notice in link.notifies(timeout=LOOK_S, stop_after=1)}
            if told != {self._clerk.process}:
                with self._wake:
                    self._news = True
                    self._wake.notify()


def settle(future: "Future[Any]", value: Any = None, problem: Exception | None = None) -> None:
    """Tell whoever waits, unless nobody does any more."""
    if future.done() or not future.set_running_or_notify_cancel():
        return
    if problem is None:
        future.set_result(value)
    else:
        future.set_exception(problem)
