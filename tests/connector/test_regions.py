"""Where agents and instances are, and what lies between."""

import pytest

from connector import regions
from connector.config import RegionConfig


@pytest.mark.parametrize(("agents", "instance"), [("eu", "EU2"), ("us", "NA130")])
def test_agents_are_pinned_to_the_instance_of_their_region(agents: str, instance: str):
    pair = regions.pairing(RegionConfig(agents=agents, instance=instance))

    assert regions.pin_of(agents) == instance
    assert pair.pinned
    assert not pair.crosses
    assert pair.rtt_ms is not None
    assert pair.rtt_ms < 10


@pytest.mark.parametrize(("agents", "instance"), [("eu", "NA130"), ("us", "EU2"), ("eu", "USA7"), ("us", "DEU12S")])
def test_a_pair_across_the_ocean_crosses_and_costs_its_round_trip(agents: str, instance: str):
    pair = regions.pairing(RegionConfig(agents=agents, instance=instance))

    assert pair.crosses
    assert pair.rtt_ms == 93


@pytest.mark.parametrize(
    ("name", "region"),
    [
        ("NA130", "us-east-1"),
        ("EU2", "eu-central-1"),
        ("gbr4", "eu-west-2"),
        ("JPN12S", "ap-northeast-1"),
        ("acme", None),
    ],
)
def test_an_instance_name_tells_its_region(name: str, region: str | None):
    assert regions.region_of(name) == region


def test_an_unnamed_end_leaves_the_round_trip_unknown():
    assert regions.pairing(RegionConfig(agents="eu")).rtt_ms is None
    assert not regions.pairing(RegionConfig()).pinned


def test_the_table_is_square_nearly_symmetric_and_cheapest_at_home():
    table = regions._table()
    names, rows = table["regions"], table["rtt_ms"]

    assert [len(row) for row in rows] == [len(names)] * len(names)
    assert all(abs(rows[a][b] - rows[b][a]) <= 3 for a in range(len(names)) for b in range(a))
    assert all(row[here] == min(row) for here, row in enumerate(rows))


@pytest.mark.parametrize(("parts", "rtt", "share"), [(3, 6, 0.51), (3, 85, 0.15), (5, 6, 0.19), (3, 227, 0.0)])
def test_the_predicted_share_agrees_with_the_simulated_one(parts: int, rtt: float, share: float):
    assert regions.share_within(200, parts, rtt) == pytest.approx(share, abs=0.02)
