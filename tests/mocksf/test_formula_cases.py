"""The formula language, case by case: text files of formulas and what comes of them.

A case is a formula on one line (`zero | ` before it counts blank numbers as zero, `rule | ` makes it a validation
rule's on a record that changes, `new | ` on a new record) and what comes of it on the next:

    => 7                a value, as JSON; dates are written as texts
    ## sentence         no value for this record, and why
    !! @5 sentence      refused when it is read, at this character; `…` ends a shortened sentence
"""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mocksf.formula import Compiler, FormulaError, Frame, Trouble, Use, World
from mocksf.schema import load_schema

CASES = Path(__file__).parent / "formula_cases"
SCHEMA = load_schema([CASES / "thing.yaml"])
THING = SCHEMA["Thing__c"]
ROWS: dict[str, dict[str, Any]] = {
    "001000000000001AAA": {"Id": "001000000000001AAA", "Name": "Acme", "AnnualRevenue": 500, "OwnerId": "005A"},
    "005A": {"Id": "005A", "FirstName": "Ann", "Username": "ann@mock.example", "ProfileId": "00eA"},
    "00eA": {"Id": "00eA", "Name": "Standard User"},
}
ROW: dict[str, Any] = {
    "Count__c": 1250,
    "Share__c": 2500,
    "Price__c": 9999,
    "Title__c": "Blue Whale",
    "Ready__c": 1,
    "Day__c": "2024-02-29",
    "Moment__c": 1709245815000,
    "Clock__c": 63045125,
    "Color__c": "Red",
    "Tags__c": "Hot;Wet",
    "Account__c": "001000000000001AAA",
    "OwnerId": "005A",
}
WORLD = World(datetime(2026, 3, 1, 10, 20, 30, 999, tzinfo=UTC), "005A", ROWS.get)


def cases() -> Iterator[Any]:
    for path in sorted(CASES.glob("*.txt")):
        lines = path.read_text().splitlines()
        for number, line in enumerate(lines):
            if line.startswith(("=> ", "!! ", "## ")):
                yield pytest.param(lines[number - 1], line, id=f"{path.stem}:{number}")


def worked_out(case: str) -> Any:
    *options, text = case.split(" | ")
    rule = bool({"rule", "new"} & set(options))
    formula = Compiler(SCHEMA).compile(
        text, THING, "F", Use.RULE if rule else Use.FIELD, kind=None, blank_as_zero="zero" in options
    )
    before = {**ROW, "Title__c": "Red Whale"} if "rule" in options else None
    return formula.value(Frame(WORLD, ROW, before, new="new" in options))


def written(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, time):
        return value.isoformat("milliseconds")
    return value.isoformat() if isinstance(value, date) else value


def of(mark: str) -> list[Any]:
    return [case for case in cases() if case.values[1].startswith(mark)]


@pytest.mark.parametrize(("case", "expected"), of("=>"))
def test_a_formula_has_a_value(case: str, expected: str):
    wanted = json.loads(expected[3:], parse_float=Decimal, parse_int=Decimal)

    found = written(worked_out(case))

    assert (found, type(found)) == (wanted, type(wanted))


@pytest.mark.parametrize(("case", "expected"), of("##"))
def test_a_formula_has_no_value_for_this_record(case: str, expected: str):
    with pytest.raises(Trouble) as caught:
        worked_out(case)

    assert str(caught.value).startswith(expected[3:])


@pytest.mark.parametrize(("case", "expected"), of("!!"))
def test_a_formula_is_refused(case: str, expected: str):
    with pytest.raises(FormulaError) as caught:
        worked_out(case)

    at, sentence = expected[3:].split(" ", 1)
    said = caught.value.reason
    assert f"@{caught.value.at + 1}" == at
    assert said.startswith(sentence[:-1]) if sentence.endswith("…") else said == sentence


def test_an_error_names_the_formula_and_the_character():
    with pytest.raises(FormulaError, match=r"^Thing__c\.Double__c, character 3: "):
        Compiler(SCHEMA).compile("2 x", THING, "Thing__c.Double__c", Use.FIELD, kind=None)


def test_every_file_of_cases_is_read():
    assert len(list(cases())) > 230
