"""The clock of a served org: never early, movable, and only forwards."""

import asyncio
from datetime import timedelta

import pytest

from mocksf.clock import EPOCH
from mocksf.doors.served_clock import ServedClock


def still() -> ServedClock:
    return ServedClock(0, EPOCH)


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


async def woken(clock: ServedClock, after_s: float, log: list[float]) -> None:
    await clock.until(EPOCH + seconds(after_s))
    log.append((clock.now() - EPOCH).total_seconds())


class TestARunningClock:
    @pytest.mark.parametrize("factor", [1, 60, 1000])
    def test_nobody_is_woken_early(self, factor: float):
        async def main() -> list[float]:
            clock = ServedClock(factor, EPOCH)
            log: list[float] = []
            waits = [step * 0.0007 * factor for step in range(40)]
            await asyncio.gather(*(woken(clock, wait, log) for wait in waits))
            return [late - wait for late, wait in zip(sorted(log), waits, strict=True)]

        assert min(asyncio.run(main())) >= 0

    def test_it_goes_on_from_where_it_is_at_another_pace(self):
        async def main() -> tuple[bool, float]:
            clock = ServedClock(1, EPOCH)
            clock.run_at(0)
            stopped = clock.now()
            return clock.now() == stopped, clock.factor

        assert asyncio.run(main()) == (True, 0)

    def test_a_change_of_pace_wakes_those_it_concerns(self):
        async def main() -> list[float]:
            clock, log = still(), []
            waiting = asyncio.create_task(woken(clock, 3600, log))
            await asyncio.sleep(0)
            clock.run_at(1_000_000)
            await waiting
            return log

        assert asyncio.run(main())[0] >= 3600


class TestAStandingClock:
    def test_it_moves_only_when_told_to(self):
        async def main() -> None:
            clock = still()
            await clock.advance(0.25)
            assert clock.now() == EPOCH + seconds(0.25)

        asyncio.run(main())

    def test_waiters_are_woken_at_their_own_instants_in_order(self):
        async def main() -> list[float]:
            clock, log = still(), []
            waiters = [asyncio.create_task(woken(clock, after, log)) for after in (300, 0.2, 5, 5)]
            await asyncio.sleep(0)
            await clock.advance(400)
            await asyncio.gather(*waiters)
            return log

        assert asyncio.run(main()) == [0.2, 5, 5, 300]

    def test_whoever_waits_again_on_the_way_is_woken_again(self):
        async def chain(clock: ServedClock, log: list[float]) -> None:
            for after in (1, 2, 3):
                await woken(clock, after, log)

        async def main() -> list[float]:
            clock, log = still(), []
            waiting = asyncio.create_task(chain(clock, log))
            await asyncio.sleep(0)
            await clock.advance(10)
            await waiting
            return log

        assert asyncio.run(main()) == [1, 2, 3]

    def test_time_never_runs_backwards(self):
        with pytest.raises(ValueError, match="backwards"):
            asyncio.run(still().move_to(EPOCH - seconds(1)))

    def test_only_a_restored_state_may_set_it_back(self):
        async def main() -> None:
            clock = still()
            await clock.advance(10)
            clock.set_back(EPOCH)
            assert clock.now() == EPOCH

        asyncio.run(main())
