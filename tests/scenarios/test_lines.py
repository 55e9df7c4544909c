"""The line: a cold connection costs two round trips more, a kept one none, and stalls are rare."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from mocksf.clock import EPOCH
from scenarios.lines import NEXT_DOOR, Distance, Line, distance

OCEAN = Distance(round_trip_s=0.1)


def test_the_first_request_pays_for_tcp_and_tls() -> None:
    line = Line(OCEAN, Random(1))

    assert line.dial("critical", EPOCH) == (pytest.approx(0.25), True)


def test_a_kept_connection_pays_only_the_way() -> None:
    line = Line(OCEAN, Random(1))
    line.keep("critical", EPOCH)

    assert line.dial("critical", EPOCH + timedelta(seconds=59)) == (pytest.approx(0.05), False)


def test_a_connection_that_idled_too_long_is_cold_again() -> None:
    line = Line(OCEAN, Random(1))
    line.keep("critical", EPOCH)

    assert line.dial("critical", EPOCH + timedelta(seconds=60))[1] is True


def test_lanes_share_no_connections() -> None:
    line = Line(OCEAN, Random(1))
    line.keep("async", EPOCH)

    assert line.dial("critical", EPOCH)[1] is True


def test_two_requests_at_once_need_two_connections() -> None:
    line = Line(OCEAN, Random(1))
    line.keep("critical", EPOCH)

    assert [line.dial("critical", EPOCH)[1] for _ in range(2)] == [False, True]


def test_next_door_costs_nothing_and_rolls_no_dice() -> None:
    line = Line(NEXT_DOOR, Random(1))

    assert (line.dial("critical", EPOCH)[0], line.way_back_s()) == (0.0, 0.0)
    assert line.dice.random() == Random(1).random()


def test_jitter_spreads_as_the_figures_say() -> None:
    line = Line(replace(distance("us", "NA130"), hiccup=None), Random(1))

    trips = sorted(line.way_back_s() for _ in range(20_000))

    assert trips[0] == pytest.approx(0.003, abs=1e-5)
    assert trips[18_000] - trips[10_000] == pytest.approx(0.0018, rel=0.1)


def test_one_answer_in_two_hundred_stalls() -> None:
    line = Line(distance("us", "NA130"), Random(1))

    stalled = sum(line.way_back_s() > 0.4 for _ in range(20_000))

    assert 60 <= stalled <= 140


@pytest.mark.parametrize(
    ("agents", "instance", "seconds"),
    [("us", "NA130", 0.006), ("eu", "EU2", 0.003), ("eu", "NA130", 0.078), ("us", "EU2", 0.078)],
)
def test_pairs_lie_as_far_apart_as_the_table_says(agents: str, instance: str, seconds: float) -> None:
    apart = distance(agents, instance).round_trip_s

    assert apart == pytest.approx(seconds)
