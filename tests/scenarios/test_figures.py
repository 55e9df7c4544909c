"""Figures: quantile tables are drawn from as they read, and the composite's formula is the documented one."""

from random import Random

import pytest

from scenarios.figures import NO_TIME, figures, own_time, quantiles, service_median_ms


def test_draws_follow_the_table() -> None:
    table = quantiles({"0": 1, "0.5": 2, "0.9": 10, "1": 100})

    draws = sorted(table.draw(Random(seed)) for seed in range(4000))

    assert draws[0] >= 0.001
    assert draws[-1] <= 0.1
    assert draws[2000] == pytest.approx(0.002, rel=0.05)
    assert draws[3600] == pytest.approx(0.010, rel=0.1)


@pytest.mark.parametrize("row", [{"0.1": 1, "1": 2}, {"0": 1, "0.5": 2}, {"0": 5, "1": 2}])
def test_a_table_that_is_no_distribution_is_refused(row: dict[str, float]) -> None:
    with pytest.raises(AssertionError):
        quantiles(row)


def test_no_time_is_no_time() -> None:
    assert NO_TIME.work.draw(Random(1)) == NO_TIME.journal.draw(Random(1)) == 0.0


def test_a_composite_costs_its_base_and_half_of_each_part() -> None:
    assert service_median_ms(["upsert"] * 3) == 25 + 0.5 * 3 * 120
    assert service_median_ms(["create"] * 3) == 190


@pytest.mark.parametrize("name", ["regions", "service_times", "own_time"])
def test_every_file_of_figures_says_how_sure_it_is(name: str) -> None:
    assert "evidence: " in str(figures(name)).replace("'evidence': '", "evidence: ")


def test_every_host_says_whether_it_was_measured() -> None:
    hosts = figures("own_time")["hosts"]

    assert {hosts[name]["evidence"] for name in hosts} <= {"measured", "assumed"}
    assert all(own_time(name) for name in hosts)
