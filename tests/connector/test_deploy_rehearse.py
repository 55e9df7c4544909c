"""`connector deploy`: the sample project, the two preconditions, and the way from discovery to going live."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from connector.__main__ import app
from connector.project import project_describe
from connector.rehearsal.deploy import MARK_MIN, Missing, heard_in, page, timed, told
from connector.rehearsal.sample import OBJECTS, names, project
from tests.connector.served import started

NOWHERE = "http://127.0.0.1:9"


def run(*arguments: object, token: str = "") -> Any:
    return CliRunner().invoke(app, ["deploy", *(str(each) for each in arguments)], env={"CONNECTOR_TOKEN": token})


def test_the_sample_has_three_objects_and_220_fields_and_no_apex(tmp_path: Path):
    assert run("sample", "--into", tmp_path / "p").exit_code == 0
    described = project_describe(tmp_path / "p")

    found = [described.get(name) for name in OBJECTS]

    assert all(each is not None for each in found)
    assert sum(len(names(each)) for each in OBJECTS) == 220
    assert all(each.get(name) for each in found if each for name in names(each.name))
    assert not any("apex" in path.lower() or path.endswith((".cls", ".trigger")) for path, _ in project())


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path):
    (tmp_path / "mine").write_text("x")

    assert run("sample", "--into", tmp_path).exit_code == 2
    assert [each.name for each in tmp_path.iterdir()] == ["mine"]


def test_both_missing_preconditions_are_named_with_their_cures():
    done = run("rehearse", "--org", NOWHERE)

    assert done.exit_code == 2
    assert "missing precondition: API user" in done.output
    assert "missing precondition: sample call recording" in done.output
    assert "connector deploy sample" in done.output


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("intents: [{name: a}]", "write `script:`"),
        ("script: [{step: a, hears: [a]}]", "hears no intent"),
        ("script: [{step: a, hears: [a]}]\nintents: [{name: b}]", "no step listens for"),
        ("script: [", "cannot be read"),
    ],
)
def test_a_recording_that_cannot_be_played_is_missing_and_says_why(tmp_path: Path, text: str, cure: str):
    file = tmp_path / "recording.yaml"
    file.write_text(text)

    with pytest.raises(Missing, match=cure):
        heard_in(file)


def test_the_phases_of_the_deploy_make_the_mark_and_what_follows_the_commit_comes_after_it():
    steps = timed([("discover", 6, True, "")], [("smoke call", 30, True, "")])
    found = {each.name: each for each in steps}

    assert found["deploy: commit"].to_min == pytest.approx(MARK_MIN)
    assert found["discover"].from_min == 0
    assert found["smoke call"].from_min == pytest.approx(MARK_MIN)
    assert told(steps)["beyond_mark_min"] == 0.5
    assert page(steps).count("<rect") == len(steps)


@pytest.mark.sockets
def test_the_sample_goes_from_discovery_to_going_live(tmp_path: Path):
    run("sample", "--into", tmp_path / "p")
    mock = started("mocksf", "serve", "--port", 0, "--schema", tmp_path / "p", "--clock", "manual")
    try:
        recording = tmp_path / "p" / "recording.yaml"
        asked = ("rehearse", "--org", mock.url, "--recording", recording, "--html", tmp_path / "r.html", "--json")
        done = run(*asked, token=mock.said["token"])
    finally:
        mock.ended()

    assert done.exit_code == 0, done.output
    steps = {each["name"]: each for each in json.loads(done.stdout)["steps"]}
    assert steps["automap"]["tells"] == "220 mapped, 0 refused"
    assert "Fleet_Profile__c +1" in steps["smoke call"]["tells"]
    assert "<svg" in (tmp_path / "r.html").read_text()
