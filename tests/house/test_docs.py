"""Docs that cannot lie: tables are read off the code, examples are run, nouns exist."""

import importlib
import inspect
import re
import subprocess
import sys

import pytest

from tests.house.source import ROOT

DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.glob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])
NOUN = re.compile(r"^\| (?P<noun>[\w ]+) \| .+ \| `(?P<where>[\w.]+)` \|$", re.MULTILINE)


def test_every_generated_table_is_fresh():
    run = subprocess.run(
        [sys.executable, str(DOCS / "generate.py"), "--check"], capture_output=True, text=True, check=False, cwd=ROOT
    )

    assert (run.returncode, run.stdout + run.stderr) == (0, "")


def test_the_example_of_the_readme_runs():
    example = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert example
    assert 10 <= example[1].count("\n") <= 25

    run = subprocess.run([sys.executable, "-W", "error", "-c", example[1]], capture_output=True, text=True, check=False)

    assert (run.returncode, run.stderr) == (0, "")


def test_the_fault_that_shows_how_to_add_one_is_a_fault():
    example = re.search(r"```python\n(.*?)```", (DOCS / "adding.md").read_text(encoding="utf-8"), re.DOTALL)
    assert example
    names: dict[str, object] = {"__name__": "sluggish"}

    exec(compile(example[1], "docs/adding.md", "exec"), names)

    fate = names["Sluggish"](seconds=2.0).fate(None)  # type: ignore[operator]
    assert (fate.there_s, fate.back_s) == (2.0, 2.0)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_between_pages_leads_somewhere(page):
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))

    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize(
    ("noun", "where"), NOUN.findall((DOCS / "glossary.md").read_text(encoding="utf-8")), ids=lambda text: text
)
def test_every_noun_of_the_glossary_is_in_the_code(noun: str, where: str):
    module = importlib.import_module(where)
    source = f"{where} {inspect.getsource(module)}".casefold()

    assert any(noun.replace(" ", between) in source for between in (" ", "_", ""))
