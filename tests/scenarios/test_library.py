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
    "deploy-47-minutes",
    "lock-storm",
    "daily-limit-1600",
    "dead-letter-flood",
    "thundering-herd",
    "herd-with-jitter",
    "duplicate-rule-contact",
    "lost-answer-account",
    "lost-answer-contact",
    "lost-answer-opportunity",
    "token-revoked",
    "region-mispinned",
    "fields-200",
    "sandbox-refresh",
    "stale-describe",
    "converted-lead",
    "merged-account",
    "short-ids",
    "clock-step",
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


def test_a_story_that_misses_the_rest_of_its_end_says_so_too() -> None:
    story = stories()["token-revoked"]
    then = replace(
        story.then,
        told={"happy-call/2": "dead"},
        ends={"happy-call/1": "discarded"},
        in_time=(0, 2),
        dead={"limit": 1},
        sent={"/services/oauth2/token": 1},
        busiest_second=(50, 60),
    )

    assert play(replace(story, then=then)).missed[:-1] == [
        "happy-call/2 was told ['committed'], not 'dead'",
        "6 turns were committed in time, not 0 to 2",
        "happy-call/1 ended ['committed'], not 'discarded'",
        "the dead letters are {}, not {'limit': 1}",
        "2 requests were sent to /services/oauth2/token, not 1",
    ]


def test_a_herd_without_jitter_is_at_least_three_times_as_dense() -> None:
    def busiest(name: str) -> int:
        then = replace(stories()[name].then, busiest_second=(-1, -1))
        (missed,) = play(replace(stories()[name], then=then)).missed
        return int(missed.split()[4])

    assert busiest("thundering-herd") >= 3 * busiest("herd-with-jitter")


def test_every_story_tells_one_thing_in_a_line() -> None:
    assert [name for name, story in stories().items() if not 20 <= len(story.tells) <= 130] == []
    assert len({story.tells for story in stories().values()}) == len(stories())
