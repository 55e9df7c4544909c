"""The page of a run: true to what happened, the same bytes for the same seed, nothing from outside."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scenarios.__main__ import app
from scenarios.laws import ALWAYS, AT_REST, name_of
from scenarios.library import stories
from scenarios.page.axis import Axis, spoken
from scenarios.page.outcomes import INKS, outcome_of
from scenarios.page.run import render_run
from scenarios.play import Played, play


@pytest.fixture(scope="module")
def lost() -> Played:
    return play(stories()["lost-answer"])


@pytest.fixture(scope="module")
def page(lost: Played) -> str:
    return render_run(lost, 0, "lost-answer")


def test_the_page_needs_nothing_from_outside(page: str) -> None:
    assert not re.findall(r"(?:src|href)=\"(?!#)|url\((?!#)|@import|<script", page)


def test_the_page_serves_light_and_dark(page: str) -> None:
    assert "prefers-color-scheme: dark" in page
    assert "color-scheme: light dark" in page


def test_the_same_seed_gives_the_same_page(page: str) -> None:
    assert render_run(play(stories()["lost-answer"]), 0, "lost-answer") == page


def test_every_law_is_named_and_linked(page: str) -> None:
    for law in (*ALWAYS, *AT_REST):
        anchor = name_of(law).replace(" ", "-")
        assert f'href="#{anchor}"' in page
        assert f'id="{anchor}"' in page


def test_every_link_leads_somewhere(page: str) -> None:
    targets = set(re.findall(r"id=\"([^\"]+)\"", page))

    assert set(re.findall(r"href=\"#([^\"]+)\"", page)) <= targets


def test_every_request_is_drawn_once(lost: Played, page: str) -> None:
    drawn = re.findall(r"<title>(?:GET|POST|PATCH) [^<]* at [^<]*</title>", page)

    assert len(drawn) == len(lost.world.trace.exchanges)


def test_the_lost_answer_is_drawn_as_silence(lost: Played, page: str) -> None:
    assert [outcome_of(each) for each in lost.world.trace.exchanges].count("silence") == 1
    assert re.search(r"POST /v66.0/composite at 12.950 s, 15 s: silence", page)


def test_what_landed_is_read_back_from_the_org(lost: Played) -> None:
    lost_page = render_run(lost, 0, "lost-answer")
    table = lost_page[lost_page.index('id="landed"') : lost_page.index('id="laws"')]

    assert table.count('<td class="yes">yes</td>') == len(lost.seen.wanted)
    assert '<td class="no">' not in table


def test_a_story_that_fails_says_so_on_its_page(lost: Played) -> None:
    wrong = replace(lost, missed=["Slack took 0 messages, not 3"], broken=[(name_of(ALWAYS[0]), "a turn vanished")])

    page = render_run(wrong, 0, "lost-answer")
    assert "did not come true" in page
    assert "Slack took 0 messages, not 3" in page
    assert "a turn vanished" in page


@pytest.mark.parametrize("name", ["crash-loop", "lock-storm", "dead-letter-flood", "import-beside"])
def test_every_outcome_has_an_ink(name: str) -> None:
    played = play(stories()[name])

    assert {outcome_of(each) for each in played.world.trace.exchanges} <= set(INKS)
    assert "<svg" in render_run(played, 0, name)


def test_the_axis_leaves_out_what_is_empty_and_keeps_the_order() -> None:
    axis = Axis([(0, 60), (20_000, 20_060)], 0, 1000)

    places = [axis.px(second) for second in (0, 30, 60, 10_000, 20_000, 20_060)]
    assert places == sorted(places)
    assert places[-1] - places[-2] > 400
    assert [round(left_out) for _, left_out in axis.breaks()] == [19_939]


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.18, "180 ms"), (0, "0 s"), (3.2, "3.2 s"), (336, "5 min 36 s"), (18_000, "5 h 0 min")]
)
def test_lengths_of_time_are_said_as_people_say_them(seconds: float, words: str) -> None:
    assert spoken(seconds) == words


def report(*asked: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["report", *asked])
    return done.exit_code, done.output


def test_a_story_becomes_a_page(tmp_path: Path) -> None:
    code, said = report("happy-call", "--html", str(tmp_path / "new" / "page.html"))

    assert (code, "came true, every law holds" in said) == (0, True)
    assert (tmp_path / "new" / "page.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_storm_becomes_a_page(tmp_path: Path) -> None:
    code, said = report("--storm", "7", "--html", str(tmp_path / "page.html"))

    assert (code, "storm 7 came true" in said) == (0, True)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (("hapy-call",), "did you mean 'happy-call'?"),
        (("happy-call", "--storm", "1"), "give one of them"),
        (("happy-call", "--calls", "9"), "give --storm as well"),
        (("happy-call", "--html", "/dev/null/page.html"), "cannot be written"),
    ],
)
def test_what_cannot_be_reported_is_said(asked: tuple[str, ...], sentence: str) -> None:
    code, said = report(*asked)

    assert code == 2
    assert sentence in said
