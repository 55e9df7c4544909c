"""What the rooms promise each other, checked on the rows themselves."""

import inspect
from pathlib import Path

import pytest

from connector.config.records import BUILT_IN, CHATTER
from mocksf.errors import Refuse
from mocksf.faults import KINDS, kind_name
from mocksf.rest import ROUTER
from mocksf.rest.routing import Route
from tests.house.source import ROOT

FAULTS = ROOT / "mocksf" / "faults"


@pytest.mark.parametrize("route", ROUTER.routes, ids=lambda route: f"{route.method} {route.path}")
class TestEveryRoute:
    def test_has_a_handler_that_takes_what_its_path_gives(self, route: Route):
        parameters = list(inspect.signature(route.handler).parameters)

        assert tuple(parameters[2:]) == route.names

    def test_has_a_handler_that_says_what_it_does(self, route: Route):
        assert inspect.getdoc(route.handler)


def test_no_two_routes_answer_the_same_request():
    asked = [(route.method, route.path) for route in ROUTER.routes]

    assert sorted({each for each in asked if asked.count(each) > 1}) == []


@pytest.mark.parametrize("kind", KINDS, ids=kind_name)
class TestEveryFault:
    def test_has_a_file_of_its_own(self, kind: type):
        assert Path(inspect.getfile(kind)) == FAULTS / f"{kind_name(kind)}.py"

    def test_explains_itself_in_a_sentence(self, kind: type):
        assert (inspect.getdoc(kind) or "").split("\n\n")[0].endswith(".")


def test_no_fault_is_named_outside_its_folder():
    # Words that others may use too: the schema has duplicate rules of its own.
    names = {kind.__name__ for kind in KINDS} - {"Error", "Reset", "Timeout", "DuplicateRule"}
    elsewhere = [path for path in (ROOT / "mocksf").rglob("*.py") if FAULTS not in path.parents]
    imports = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in elsewhere}

    named = [(path, name) for path, text in imports.items() for name in names if f"import {name}" in text]
    assert named == []


@pytest.mark.parametrize("situation", Refuse, ids=lambda situation: situation.name)
def test_every_refusal_has_a_status_a_code_and_a_sentence(situation: Refuse):
    row = situation.value

    assert 300 <= row.status < 600
    assert row.code
    assert row.sentence


@pytest.mark.parametrize("sobject", BUILT_IN)
def test_every_record_that_the_connector_writes_is_found_by_a_key(sobject: str):
    assert BUILT_IN[sobject].key or sobject in CHATTER
