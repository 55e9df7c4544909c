"""The page of a company's day: everything that was told is on it, and nothing is fetched from elsewhere."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scenarios.__main__ import app
from scenarios.day import DayLived, company, live
from scenarios.laws import ALWAYS, AT_REST, name_of
from scenarios.page.day import render_day


@pytest.fixture(scope="module")
def day() -> DayLived:
    return live(company(seed=0, calls=24, orgs=2))


def test_every_turn_of_the_day_is_in_some_slot(day: DayLived) -> None:
    turns = sum(sum(slot.turns.values()) for branch in day.branches for slot in branch.slots)
    requests = sum(slot.requests for branch in day.branches for slot in branch.slots)

    assert turns > 24
    assert requests == sum(branch.requests for branch in day.branches)


def test_the_page_names_every_law_and_every_customer(day: DayLived) -> None:
    page = render_day(day)

    assert "every law holds" in page
    assert all(name_of(law) in page for law in (*ALWAYS, *AT_REST))
    assert all(branch.name in page for branch in day.branches)


def test_the_page_stands_alone_and_is_the_same_for_the_same_day(day: DayLived) -> None:
    page = render_day(day)

    assert re.findall(r'(?:src|href)="(?!#)[^"]*"', page) == []
    assert page == render_day(live(company(seed=0, calls=24, orgs=2)))


def test_a_broken_law_stands_out(day: DayLived) -> None:
    worse = replace(day.branches[0], breaches=(("the chain holds", "entry 7 does not follow"),))
    page = render_day(replace(day, branches=(worse, *day.branches[1:])))

    assert "a law is broken" in page
    assert "entry 7 does not follow" in page


def test_the_command_writes_the_page(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["report", "--day", "12", "--html", str(tmp_path / "day.html")])

    assert result.exit_code == 0, result.output
    assert "every law holds" in (tmp_path / "day.html").read_text(encoding="utf-8")


def test_a_day_and_a_story_exclude_each_other() -> None:
    result = CliRunner().invoke(app, ["report", "happy-call", "--day", "12"])

    assert result.exit_code == 2
    assert "exclude each other" in result.output
