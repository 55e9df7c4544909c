"""Measuring a host: gives a row in the form of the data file."""

from pathlib import Path

from scenarios.figures import figures, quantiles
from scenarios.measure import measured


def test_a_measurement_is_a_row_of_the_data_file(tmp_path: Path) -> None:
    row = measured(tmp_path, turns=120)

    assert row.keys() <= figures("own_time")["hosts"]["ordinary"].keys()
    assert all(quantiles(each).values_s[-1] > 0 for each in row.values())
