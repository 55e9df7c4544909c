"""The frame of the repository: pins, version, changelog, and one command for each wish."""

import re
import tomllib

from tests.house.source import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
WISHES = ("demo", "test", "bench", "soak", "load", "lint", "clients")


def _name(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~; ]", requirement.strip())[0]).lower()


def _wanted() -> set[str]:
    project = PROJECT["project"]
    lists = [
        project["dependencies"],
        *project["optional-dependencies"].values(),
        *PROJECT["dependency-groups"].values(),
    ]
    return {_name(requirement) for each in lists for requirement in each}


def _pinned() -> set[str]:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return {_name(line) for line in lines if "==" in line}


def test_every_dependency_is_pinned():
    assert sorted(_wanted() - _pinned()) == []


def test_every_line_of_the_requirements_is_a_pin():
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if not re.match(r"^[a-z0-9-]+==[\w.+]+( ; .+)?$", line)] == []


def test_the_changelog_begins_with_what_is_not_released_or_with_this_version():
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)

    assert headings[0] in {"Unreleased", PROJECT["project"]["version"]}
    assert [heading for heading in headings[1:] if not re.fullmatch(r"\d+\.\d+\.\d+", heading)] == []


def test_the_makefile_grants_every_wish():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    assert [wish for wish in WISHES if not re.search(rf"^{wish}:", makefile, re.MULTILINE)] == []


def test_continuous_integration_lets_nothing_be_skipped():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")

    assert "export REQUIRE_ALL=1" in script
    assert "make test" in script
    assert "make clients" in script
