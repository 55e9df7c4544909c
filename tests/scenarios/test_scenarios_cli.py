"""The command line: exit codes, sentences for what went wrong, and nothing that looks like a traceback."""

from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from connector.backoff import Backoff
from connector.engine import Connector
from scenarios.__main__ import app
from scenarios.claims import NAMES
from scenarios.library import stories

GOOD = {"claims": [{"name": name, "holds": True, "evidence": {}} for name in NAMES], "seed": 0, "version": "1"}


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(words))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_the_list_names_every_story_and_what_it_tells() -> None:
    code, said = run("list")

    assert code == 0
    assert all(name in said for name in stories())


def test_playing_prints_a_timeline() -> None:
    code, said = run("play", "opportunity-rejected")

    assert code == 0
    assert "dead, reason FIELD_CUSTOM_VALIDATION_EXCEPTION, culprit opp" in said


def test_an_unknown_story_earns_the_nearest_name() -> None:
    assert run("play", "lost-anser") == (2, "lost-anser: no such story; did you mean 'lost-answer'?\n")


def test_a_story_with_a_broken_law_ends_with_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Backoff, "delay_s", lambda *_: 0.5)

    code, said = run("play", "outage-90s")

    assert code == 1
    assert "BROKEN  no attempt comes early or late" in said


def test_a_negative_seed_is_a_usage_error() -> None:
    assert run("play", "happy-call", "--seed", "-1")[0] == 2


def test_a_sweep_in_which_all_holds_ends_with_zero(tmp_path: Path) -> None:
    code, said = run("sweep", "--seeds", "4", "--failing", str(tmp_path / "failing.json"))

    assert code == 0
    assert "4 storms, 0 broke a law" in said
    assert not (tmp_path / "failing.json").exists()


def test_a_sweep_keeps_the_seeds_that_broke_a_law(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Connector, "recover", lambda _: [])

    code, said = run("sweep", "--seeds", "22", "--failing", str(tmp_path / "failing.json"))

    kept = orjson.loads((tmp_path / "failing.json").read_bytes())
    assert code == 1
    assert "nothing is left undone" in said
    assert all({"seed", "calls", "breaches", "storm"} == set(each) for each in kept)


def test_shrinking_leaves_only_what_breaks_the_law(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Connector, "recover", lambda _: [])
    run("sweep", "--seeds", "22", "--failing", str(tmp_path / "failing.json"))
    seed = orjson.loads((tmp_path / "failing.json").read_bytes())[0]["seed"]

    code, said = run("shrink", str(seed), "--failing", str(tmp_path / "failing.json"))

    assert code == 1
    assert said.count("Rings(") == 1
    assert said.count("Dies(") + said.count("Stumbles(") == 1
    assert said.count('"kind"') <= 1


def test_a_sweep_that_has_not_seen_everything_says_so_where_that_is_demanded(tmp_path: Path) -> None:
    code, said = run("sweep", "--seeds", "2", "--require-coverage", "--failing", str(tmp_path / "failing.json"))

    assert code == 1
    assert "never seen: " in said


def test_shrinking_a_good_seed_ends_with_zero() -> None:
    assert run("shrink", "1")[0] == 0


def test_two_jobs_find_what_one_finds() -> None:
    assert run("sweep", "--seeds", "4", "--jobs", "2")[0] == 0


def verdict_file(tmp_path: Path, content: bytes) -> str:
    path = tmp_path / "verify.json"
    path.write_bytes(content)
    return str(path)


def test_a_report_of_a_good_verdict_ends_with_zero(tmp_path: Path) -> None:
    code, said = run("report", "--json", verdict_file(tmp_path, orjson.dumps(GOOD)))

    assert (code, "6 of 6 claims hold" in said) == (0, True)


def test_a_report_of_a_bad_verdict_ends_with_one(tmp_path: Path) -> None:
    claims = [{**GOOD["claims"][0], "holds": False}, *GOOD["claims"][1:]]

    assert run("report", "--json", verdict_file(tmp_path, orjson.dumps({**GOOD, "claims": claims})))[0] == 1


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"claims": [1]}', b'{"claims": [{"name": "x"}]}'])
def test_a_report_of_something_else_says_so(tmp_path: Path, content: bytes) -> None:
    code, said = run("report", "--json", verdict_file(tmp_path, content))

    assert code == 2
    assert "is no verdict of `scenarios verify`" in said


def test_a_report_without_a_verdict_says_how_to_get_one(tmp_path: Path) -> None:
    code, said = run("report", "--json", str(tmp_path / "absent.json"))

    assert code == 2
    assert "`scenarios verify` writes it" in said
