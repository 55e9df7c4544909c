"""Recordings: what ships can be played, and what cannot be played says where and why."""

from pathlib import Path

import pytest

from scenarios.recordings import BadRecording, load_recording, recording
from scenarios.recordings.loader import parse_recording

HAPPY = (Path(__file__).parents[2] / "scenarios/recordings/happy_call.yaml").read_text(encoding="utf-8")


def test_the_happy_call_has_both_speakers_and_six_turns() -> None:
    call = recording("happy-call")

    assert {said.speaker for said in call.utterances} == {"agent", "caller"}
    assert [turn for _, turn, _ in call.turns()] == [1, 2, 3, 4, 5, 6]


def test_every_intent_of_a_recording_is_one_its_script_listens_for() -> None:
    for name in ("happy-call", "unknown-caller"):
        call = recording(name)
        listened = {intent for step in call.script for intent in step.hears}
        assert {heard.name for heard in call.intents} <= listened


BROKEN = [
    ("speaker: caller", "speaker: customer", "utterances.1.speaker", "'agent' or 'caller'"),
    ("disposition:", "dispositon:", "end.dispositon", "did you mean 'disposition'?"),
    ("until_s: 6.1", "until_s: 0.1", "utterances.0", "before it begins"),
    ("at_s: 6.9,", "at_s: 0.1,", "utterances.1", "put them in order"),
    ("name: seats", "name: seat", "intents.1", "did you mean 'seats'?"),
    ("at_s: 12.95, turn: 1", "at_s: 1.0, turn: 1", "intents.0", "before the caller said anything"),
    ("at_s: 53.65, turn: 6", "at_s: 99.0, turn: 6", "intents.5", "after the call ended"),
    ("at_s: 22.05, turn: 2", "at_s: 22.05, turn: 9", "intents", "turns must not fall"),
    ("at_s: 22.05, turn: 2", "at_s: 22.05, turn: two", "intents.1.turn", "valid integer"),
    ("  known:", "  stranger: {first_name: A, last_name: B, country: C}\n  known:", "caller", "exactly one of the two"),
    ("name: happy-call", "name: [happy", "line", "not YAML"),
]


@pytest.mark.parametrize(("right", "wrong", "place", "cure"), BROKEN)
def test_a_mistake_is_named_with_its_place_and_its_cure(right: str, wrong: str, place: str, cure: str) -> None:
    assert right in HAPPY

    with pytest.raises(BadRecording) as caught:
        parse_recording(HAPPY.replace(right, wrong, 1), "mine.yaml")

    assert str(caught.value).startswith("mine.yaml: ")
    assert place in str(caught.value)
    assert cure in str(caught.value)


@pytest.mark.parametrize("text", ["", "42", "- a list", "just words"])
def test_what_is_no_mapping_is_told_what_one_looks_like(text: str) -> None:
    with pytest.raises(BadRecording, match="a recording is a mapping with the keys name, tells"):
        parse_recording(text, "mine.yaml")


def test_an_unknown_name_earns_the_nearest_one() -> None:
    with pytest.raises(BadRecording, match="did you mean 'happy-call'"):
        recording("hapy-call")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadRecording, match=r"absent.yaml: cannot be read"):
        load_recording(tmp_path / "absent.yaml")


def test_a_file_of_ones_own_is_read(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(HAPPY, encoding="utf-8")

    assert load_recording(mine) == recording("happy-call")
