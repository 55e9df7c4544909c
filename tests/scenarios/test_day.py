"""A company's day: calls by a curve, customers that keep to themselves, the same day for the same seed."""

import os
import subprocess
import sys
from pathlib import Path
from random import Random

import orjson
import pytest
from typer.testing import CliRunner

from connector.backoff import Backoff
from scenarios.__main__ import app
from scenarios.day import company, live
from scenarios.day.curve import HOUR_S, arrivals, hours, open_s
from scenarios.day.told import as_json
from scenarios.recordings import recording
from scenarios.story import Rings


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["day", *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_calls_arrive_as_the_curve_says() -> None:
    instants = arrivals(20_000, Random(1))
    shares = [sum(hour * HOUR_S <= at_s < (hour + 1) * HOUR_S for at_s in instants) / 20_000 for hour in range(10)]

    assert instants == sorted(instants)
    assert instants[-1] < open_s()
    assert shares == pytest.approx(hours(), abs=0.01)


def test_the_calls_of_a_day_are_shared_out_among_the_customers() -> None:
    day = company(seed=3, calls=500, orgs=6)
    counts = [sum(isinstance(each, Rings) for each in branch.story.when) for branch in day.branches]

    assert sum(counts) == 500
    assert all(counts)
    assert len({branch.name for branch in day.branches}) == 6


def test_contacts_leads_and_strangers_ring_and_some_ring_again() -> None:
    rings = [each.recording for each in company(1, 400, 1).branches[0].story.when if isinstance(each, Rings)]
    callers = [recording(name).caller for name in rings]

    assert any("." in name for name in rings)
    assert any(each.known and each.known.account for each in callers)
    assert any(each.known and each.known.account is None for each in callers)
    assert any(each.stranger for each in callers)


def test_no_two_people_of_a_day_have_the_same_number() -> None:
    phones = [recording(f"caller-{number}").caller.phone for number in range(2000)]

    assert len({"".join(filter(str.isdigit, phone))[-9:] for phone in phones}) == 2000


def test_a_day_holds_every_law_and_everything_comes_to_an_end() -> None:
    day = live(company(seed=2, calls=80, orgs=3))

    assert day.breaches == []
    assert sum(branch.calls for branch in day.branches) == 80
    assert all(branch.deaths for branch in day.branches)
    assert all("pending" not in branch.ends for branch in day.branches)


def test_a_sabotaged_day_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Backoff, "delay_s", lambda _, attempt, __: 0.5 if attempt < 6 else None)

    code, said = run("--calls", "60", "--orgs", "2", "--seed", "1")

    assert code == 1
    assert "no attempt comes early or late" in said


def test_the_command_tells_and_writes_what_came_of_it(tmp_path: Path) -> None:
    code, said = run("--calls", "30", "--orgs", "2", "--json", str(tmp_path / "day.json"))

    written = orjson.loads((tmp_path / "day.json").read_bytes())
    assert code == 0
    assert "1 days, 0 broke a law" in said
    assert [each["name"] for each in written["days"][0]["customers"]] == ["northgate", "kranich"]


def test_a_day_that_has_not_seen_everything_says_so_where_that_is_demanded() -> None:
    code, said = run("--calls", "5", "--orgs", "1", "--require-coverage")

    assert code == 1
    assert "never seen: " in said


@pytest.mark.parametrize("hash_seed", ["42"])
def test_a_day_is_the_same_in_another_process(hash_seed: str) -> None:
    def told(day: object) -> bytes:
        found = as_json([day])  # type: ignore[list-item]
        found["days"][0].pop("processor_s")
        return orjson.dumps(found, option=orjson.OPT_SORT_KEYS)

    code = (
        "import orjson; from scenarios.day import company, live; from scenarios.day.told import as_json;"
        "found = as_json([live(company(4, 20, 2))]); found['days'][0].pop('processor_s');"
        "print(orjson.dumps(found, option=orjson.OPT_SORT_KEYS).decode())"
    )
    command = [sys.executable, "-c", code]
    there = subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": hash_seed}, capture_output=True, check=True)

    assert there.stdout.strip() == told(live(company(4, 20, 2)))
