"""Load profiles: rows that hold together, and arrivals that can be worked out."""

import subprocess
import sys
from itertools import pairwise
from random import Random

import pytest

from loadtests.profiles import PROFILES, Closed, Poisson, Profile, outage, profile


@pytest.mark.parametrize("row", PROFILES, ids=lambda row: row.name)
class TestEveryProfile:
    def test_says_what_it_tells(self, row: Profile):
        assert row.tells.endswith(".")

    def test_brings_somebody_for_some_time(self, row: Profile):
        assert row.users > 0
        assert row.ramp_per_s > 0
        assert row.duration_s > 0

    def test_leaves_time_for_the_whole_schedule_to_end(self, row: Profile):
        schedule_s = 336.2 + 6 * 15  # the waits, and six attempts that nobody answers

        assert row.limits.drain_s >= schedule_s / row.scale or not row.weather

    def test_has_rules_with_a_kind(self, row: Profile):
        assert all("kind" in rule for rule in row.weather)


def test_names_are_unique():
    assert len({row.name for row in PROFILES}) == len(PROFILES)


def test_a_misspelt_name_is_answered_with_the_nearest():
    with pytest.raises(ValueError, match="no load profile is named 'shrot'; did you mean 'short'"):
        profile("shrot")


@pytest.mark.parametrize(("clock", "scale"), [("real", 1.0), ("scaled:60", 60.0), ("scaled:2.5", 2.5)])
def test_the_clock_gives_the_scale(clock: str, scale: float):
    row = Profile("p", "P.", users=1, ramp_per_s=1, duration_s=1, arrivals=Closed(1.0), clock=clock)

    assert row.scale == scale


def test_poisson_arrivals_are_in_order_and_within_the_run():
    instants = list(Poisson(calls_per_s=5).instants(100, Random(7)))

    assert instants == sorted(instants)
    assert instants[-1] < 100


def test_poisson_arrivals_come_at_their_rate_with_gaps_as_wide_as_their_mean():
    instants = list(Poisson(calls_per_s=5).instants(2000, Random(7)))
    gaps = [later - earlier for earlier, later in pairwise(instants)]
    mean = sum(gaps) / len(gaps)
    spread = (sum((gap - mean) ** 2 for gap in gaps) / len(gaps)) ** 0.5

    assert mean == pytest.approx(0.2, rel=0.05)
    assert spread == pytest.approx(mean, rel=0.05)  # an exponential's standard deviation is its mean


def test_the_same_seed_brings_the_same_callers():
    assert list(Poisson(3).instants(30, Random(1))) == list(Poisson(3).instants(30, Random(1)))


def test_an_outage_is_a_window_over_composites():
    rule = outage(300, 720)

    assert rule["how_often"] == {"window": {"from_s": 300, "to_s": 720}}
    assert rule["where"] == {"path": "*/composite"}


def test_neither_profiles_nor_verdicts_bring_locust_in():
    check = (
        "import sys, loadtests.profiles, loadtests.verdict; sys.exit(bool({'locust', 'gevent'} & sys.modules.keys()))"
    )

    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
