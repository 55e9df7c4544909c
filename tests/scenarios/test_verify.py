"""The verdict and its page: six claims, the same bytes for the same seed, nothing from outside."""

import re
from dataclasses import replace
from io import StringIO
from pathlib import Path

import orjson
import pytest
from rich.console import Console

from scenarios.claims import NAMES, Effort
from scenarios.laws import ALWAYS, AT_REST, name_of
from scenarios.page.ink import INKS
from scenarios.page.render import render
from scenarios.report import claims_table
from scenarios.verify import Verdict, verify, write_json

SMALL = Effort(maps=3, storms=20, turns=240)


@pytest.fixture(scope="module")
def verdict() -> Verdict:
    return verify(0, effort=SMALL)


@pytest.fixture(scope="module")
def page(verdict: Verdict) -> str:
    return render(verdict)


def test_all_six_claims_hold(verdict: Verdict) -> None:
    assert [claim.name for claim in verdict.claims] == list(NAMES)
    assert verdict.holds


def test_the_json_is_what_others_rely_on(verdict: Verdict, tmp_path: Path) -> None:
    write_json(verdict, tmp_path / "new folder" / "verify.json")

    written = orjson.loads((tmp_path / "new folder" / "verify.json").read_bytes())
    assert sorted(written) == ["claims", "seed", "version"]
    assert all(sorted(claim) == ["evidence", "holds", "name"] for claim in written["claims"])
    assert written["seed"] == 0


def test_the_same_seed_gives_the_same_verdict_and_page(verdict: Verdict, page: str) -> None:
    again = verify(0, effort=SMALL)

    assert again.as_json() == verdict.as_json()
    assert render(again) == page


def test_another_seed_gives_another_verdict_that_holds(verdict: Verdict) -> None:
    other = verify(3, effort=replace(SMALL, storms=33))

    assert other.holds
    assert other.as_json()["claims"] != verdict.as_json()["claims"]


def test_the_page_needs_nothing_from_outside(page: str) -> None:
    addresses = set(re.findall(r"""(?:src|href)=["']([^"'#][^"']*)""", page))

    assert addresses == set()
    assert "<script" not in page
    assert "@import" not in page
    assert "url(http" not in page


def test_the_page_shows_every_claim_and_every_law(page: str) -> None:
    assert all(f'id="{name}"' in page for name in NAMES)
    assert all(name_of(law) in page for law in (*ALWAYS, *AT_REST))


def test_the_page_has_its_pictures_as_text_in_the_pages_own_colours(page: str) -> None:
    assert page.count("<svg") == 5
    assert page.count('role="img" aria-label=') == 5
    assert "budget 200 ms" in page
    assert "expected 300 s, measured 300.000000 s" in page
    assert "prefers-color-scheme: dark" in page
    assert not any(colour in page.lower() for colour in INKS.values())


def test_a_claim_that_fails_is_shown_as_failing(verdict: Verdict) -> None:
    broken = Verdict((replace(verdict.claims[0], holds=False), *verdict.claims[1:]), 0)

    assert "5 of 6 claims hold" in render(broken)
    assert "does not hold" in render(broken)
    assert not broken.holds


def test_the_verdict_is_read_in_a_terminal(verdict: Verdict) -> None:
    console = Console(width=200, record=True, file=StringIO())
    console.print(claims_table(verdict.as_json()))

    text = console.export_text()
    assert text.count("holds ") == 6
    assert "6 of 6 claims hold (seed 0" in text
