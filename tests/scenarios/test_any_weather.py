"""Any weather, any calls, any deaths: at rest every law holds. The heart of the matter."""

import pytest
from hypothesis import HealthCheck, given, settings

from scenarios.strategies import storms
from scenarios.weather import Storm, shrunk, storm, weathered


@given(storms())
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_law_holds_in_any_weather(any_storm: Storm) -> None:
    assert weathered(any_storm).broken == []


ONCE_FAILED = [213, 279, 2088, 2228, 2348, 2591, 2614, 2836, 3775, 4268]
"""Seeds whose storms once broke a law: a second person in mid-call, logins in a row, laws that misread them."""


@pytest.mark.parametrize("seed", [*range(44), *ONCE_FAILED])
def test_every_law_holds_in_the_swarm(seed: int) -> None:
    assert weathered(storm(seed)).broken == []


def test_a_storm_is_the_same_for_the_same_seed() -> None:
    assert storm(7) == storm(7)
    assert storm(7) != storm(8)


def test_a_storm_that_breaks_nothing_is_not_made_smaller() -> None:
    assert shrunk(storm(1)) == storm(1)
