"""asyncio on virtual time: waits are exact, ordered and free."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocksf.clock import EPOCH, VirtualClock
from mocksf.doors.loop import run

SCHEDULE = (0.2, 1, 5, 30, 300)


async def doze(*waits: float) -> None:
    for wait in waits:
        await asyncio.sleep(wait)


def test_five_minutes_cost_nothing():
    clock = VirtualClock()

    run(doze(*SCHEDULE), clock)

    assert clock.now() - EPOCH == timedelta(seconds=336.2)


@given(st.lists(st.integers(0, 10**7), max_size=20))
def test_sums_of_waits_are_exact_to_the_microsecond(waits: list[int]):
    clock = VirtualClock()

    run(doze(*(wait / 1_000_000 for wait in waits)), clock)

    assert clock.now() - EPOCH == timedelta(microseconds=sum(waits))


def test_whoever_waits_less_goes_first():
    clock, order = VirtualClock(), []

    async def note(wait: float) -> None:
        await asyncio.sleep(wait)
        order.append(wait)

    async def main() -> None:
        await asyncio.gather(*(note(wait) for wait in (3, 1, 2)))

    run(main(), clock)
    assert order == [1, 2, 3]
    assert clock.now() - EPOCH == timedelta(seconds=3)


def test_a_timeout_ends_at_its_instant():
    clock = VirtualClock()

    with pytest.raises(TimeoutError):
        run(asyncio.wait_for(doze(10), 0.2), clock)

    assert clock.now() - EPOCH == timedelta(seconds=0.2)


def test_a_thread_is_waited_for():
    clock = VirtualClock()

    async def main() -> int:
        return await asyncio.to_thread(lambda: 7)

    assert run(main(), clock) == 7
