"""The stories: each comes true, under any seed, with every law holding."""

from dataclasses import replace
from pathlib import Path

import pytest

from scenarios.library import stories
from scenarios.play import play

MUST = {
    "happy-call",
    "opportunity-rejected",
    "outage-90s",
    "outage-long",
    "lost-answer",
    "row-lock",
    "expired-session",
    "wrong-region",
}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", stories())
def test_the_story_comes_true(name: str, seed: int) -> None:
    played = play(stories()[name], seed)

    assert played.broken == []
    assert played.missed == []


def test_every_promised_story_is_there() -> None:
    assert set(stories()) >= MUST


def test_a_story_is_named_as_its_file() -> None:
    files = {path.stem.replace("_", "-") for path in Path("scenarios/library").glob("*.py")} - {"--init--"}

    assert set(stories()) == files


def test_a_story_that_does_not_come_true_says_what_is_missing() -> None:
    story = stories()["lost-answer"]
    wrong = replace(
        story, then=replace(story.then, tries={"happy-call/1": 5}, alerts=3, rows={"SELECT Id FROM Lead": [{}]})
    )

    assert play(wrong).missed == [
        "happy-call/1 was tried 2 times, not 5",
        "Slack took 0 messages, not 3",
        "SELECT Id FROM Lead gives [], not [{}]",
    ]
