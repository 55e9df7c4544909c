"""The waits between attempts: exact without jitter, near their nominal length with it."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.backoff import Backoff


@pytest.mark.parametrize(("attempt", "delay_s"), [(1, 0.2), (2, 1.0), (3, 5.0), (4, 30.0), (5, 300.0), (6, None)])
def test_the_waits_are_those_of_the_schedule(attempt, delay_s):
    assert Backoff().delay_s(attempt, Random(0)) == delay_s


def test_all_waits_together_are_336_seconds_and_a_bit():
    backoff, dice = Backoff(), Random(0)

    delays = [backoff.delay_s(attempt, dice) or 0.0 for attempt in range(1, backoff.attempts)]

    assert (sum(delays), backoff.attempts) == (pytest.approx(336.2), 6)


def test_no_dice_fall_without_jitter():
    dice, untouched = Random(7), Random(7)

    Backoff().delay_s(3, dice)

    assert dice.random() == untouched.random()


@given(seed=st.integers(0, 10_000), attempt=st.integers(1, 5), jitter=st.floats(0.01, 1.0))
def test_jitter_stays_within_its_share_of_the_nominal_wait(seed, attempt, jitter):
    nominal_s = Backoff().schedule[attempt - 1]

    delay_s = Backoff(jitter=jitter).delay_s(attempt, Random(seed))

    assert delay_s is not None
    assert abs(delay_s - nominal_s) <= jitter * nominal_s * (1 + 1e-9)


def test_jitter_follows_from_the_seed():
    backoff = Backoff(jitter=0.5)

    assert backoff.delay_s(4, Random(1)) == backoff.delay_s(4, Random(1)) != backoff.delay_s(4, Random(2))
