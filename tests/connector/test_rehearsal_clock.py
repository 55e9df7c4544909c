"""The clock of a rehearsal: what is answered at an instant is heard at it."""

import asyncio
from datetime import datetime, timedelta

import httpx

from connector.rehearsal.stage import Moment, Stage
from connector.rehearsal.time import StageClock
from tests.connector.talk import NINE

SOON = NINE + timedelta(seconds=2)


class Late(Stage):
    """A mock whose word about its clock comes after an answer that it gave meanwhile."""

    def answers(self, clock: StageClock, answered: asyncio.Event) -> None:
        object.__setattr__(self, "waiting", (clock, answered))

    async def moment(self) -> Moment:
        clock, answered = self.waiting  # type: ignore[attr-defined]
        clock.out, clock.heard = 0, 1
        answered.set()
        return Moment(NINE, 0, None)


def test_whoever_hears_something_while_the_mock_is_asked_goes_on_before_time_does():
    async def play() -> str:
        async with httpx.AsyncClient() as control:
            stage, answered = Late(control), asyncio.Event()
            clock = StageClock(stage, NINE)
            stage.answers(clock, answered)
            clock.out = 1

            async def waits() -> str:
                await answered.wait()
                await asyncio.sleep(0)
                return "went on"

            return await clock.until(asyncio.ensure_future(waits()))  # type: ignore[no-any-return]

    assert asyncio.run(play()) == "went on"


class Prompt(Stage):
    """A mock that answers a request that waits for an instant while it is still being told of it."""

    def answers(self, clock: StageClock, answered: asyncio.Event) -> None:
        object.__setattr__(self, "waiting", (clock, answered))

    async def moment(self) -> Moment:
        return Moment(NINE, 1, SOON)

    async def move_to(self, instant: datetime) -> None:
        assert instant == SOON
        clock, answered = self.waiting  # type: ignore[attr-defined]
        clock.out -= 1
        answered.set()
        for _ in range(10):
            await asyncio.sleep(0)


def test_an_answer_that_comes_while_the_mock_is_told_to_move_on_is_heard_at_the_new_instant():
    async def play() -> datetime:
        async with httpx.AsyncClient() as control:
            stage, answered = Prompt(control), asyncio.Event()
            clock = StageClock(stage, NINE)
            stage.answers(clock, answered)
            clock.out = 1

            async def waits() -> datetime:
                await answered.wait()
                return clock.now()

            return await clock.until(asyncio.ensure_future(waits()))  # type: ignore[no-any-return]

    assert asyncio.run(play()) == SOON
