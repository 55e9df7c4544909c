"""Latency recording against values that can be worked out by hand."""

from pathlib import Path

import pytest

from loadtests.recorder import Recorder


def test_percentiles_keep_three_digits():
    recorder = Recorder()

    for value_ms in range(1, 1001):
        recorder.record("intents", float(value_ms))

    assert recorder.series["intents"].percentile_ms(95) == pytest.approx(950, rel=0.001)
    assert recorder.series["intents"].percentile_ms(50) == pytest.approx(500, rel=0.001)


def test_204_ms_is_not_reported_as_200():
    recorder = Recorder()

    recorder.record("intents", 204.0)

    assert recorder.series["intents"].percentile_ms(95) == pytest.approx(204, rel=0.001)


def test_a_stall_in_a_closed_loop_is_counted_for_every_request_it_kept_back():
    recorder = Recorder()

    for service_ms in [10.0] * 9 + [100.0]:
        recorder.record("intents", service_ms, interval_ms=10.0)

    series = recorder.series["intents"]
    assert series.service.get_total_count() == 10
    assert series.response.get_total_count() == 19  # 100 ms hides nine more: 90, 80, … 10 ms
    assert series.percentile_ms(50, "service") == pytest.approx(10, rel=0.001)
    assert series.percentile_ms(95, "response") == pytest.approx(90, rel=0.02)


def test_an_open_arrival_is_measured_from_its_intended_start():
    recorder = Recorder()

    recorder.record("intents", 20.0, late_ms=400.0)

    series = recorder.series["intents"]
    assert series.percentile_ms(50, "service") == pytest.approx(20, rel=0.001)
    assert series.percentile_ms(50, "response") == pytest.approx(420, rel=0.001)


@pytest.mark.parametrize(("limit_ms", "share"), [(50.0, 0.0), (200.0, 0.5), (400.0, 1.0)])
def test_the_share_within_a_limit(limit_ms: float, share: float):
    recorder = Recorder()

    for service_ms in (100.0, 200.0, 201.0, 300.0):
        recorder.record("intents", service_ms)

    assert recorder.series["intents"].within_ms(limit_ms) == share


def test_histograms_survive_the_way_through_a_file(tmp_path: Path):
    recorder = Recorder()
    recorder.record("intents", 123.0, late_ms=7.0, failed=True)
    recorder.record("lookup", 45.0)

    recorder.dump(tmp_path / "latencies.json")

    assert Recorder.load(tmp_path / "latencies.json").summary() == recorder.summary()
    assert recorder.summary()["intents"]["failures"] == 1


def test_what_several_processes_saw_adds_up(tmp_path: Path):
    paths = [tmp_path / "one.json", tmp_path / "two.json"]
    for path, service_ms in zip(paths, (10.0, 30.0), strict=True):
        recorder = Recorder()
        recorder.record("intents", service_ms)
        recorder.dump(path)

    both = Recorder.load(*paths).series["intents"]

    assert both.service.get_total_count() == 2
    assert both.percentile_ms(100) == pytest.approx(30, rel=0.001)
