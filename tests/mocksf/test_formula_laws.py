"""Laws of the formula language: it agrees with another evaluation, never breaks, and its page can be followed."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mocksf.automation import outside
from mocksf.formula import FORMS, FUNCTIONS, OUTSIDE, WRITTEN, Compiler, FormulaError, Frame, Trouble, Use, World
from mocksf.schema import load_schema
from tests.desk import Desk

PAGE = Path(__file__).parents[2] / "docs" / "formulas.md"
SCHEMA = load_schema([Path(__file__).parent / "formula_cases" / "thing.yaml"])
THING = SCHEMA["Thing__c"]
WORLD = World(datetime(2026, 3, 1, 10, 20, 30, tzinfo=UTC), "005A", {}.get)
COMPILER = Compiler(SCHEMA)
ROW: dict[str, Any] = {"Count__c": 1250, "Title__c": "Whale", "Ready__c": 1, "Day__c": "2024-02-29", "Color__c": "Red"}


def value(text: str, row: dict[str, Any] = ROW) -> Any:
    return COMPILER.compile(text, THING, "F", Use.RULE, kind=None).value(Frame(WORLD, row, row))


# -- agreement: an expression is a text and, beside it, what a stranger makes of it ------------------------------------

Tree = tuple[str, Any]
"""A formula's text, fully parenthesised, and its value as a fraction, a truth, or None for blank."""

_MATHS: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": lambda one, other: one + other,
    "-": lambda one, other: one - other,
    "*": lambda one, other: one * other,
}
_TESTS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "<": lambda one, other: one < other,
    ">=": lambda one, other: one >= other,
    "=": lambda one, other: one == other,
    "<>": lambda one, other: one != other,
}

NUMBERS: st.SearchStrategy[Tree] = st.one_of(
    st.integers(0, 999).map(lambda number: (str(number), Fraction(number))),
    st.integers(0, 99_999).map(lambda cents: (f"{cents / 100:.2f}", Fraction(cents, 100))),
    st.sampled_from([("Count__c", Fraction(25, 2)), ("Empty__c", None)]),
)
TRUTHS: st.SearchStrategy[Tree] = st.sampled_from([("TRUE", True), ("FALSE", False), ("Ready__c", True)])


def maths(one: Tree, sign: str, other: Tree) -> Tree:
    blank = one[1] is None or other[1] is None
    return f"({one[0]} {sign} {other[0]})", None if blank else _MATHS[sign](one[1], other[1])


def compared(one: Tree, sign: str, other: Tree) -> Tree:
    blank = one[1] is None or other[1] is None
    return f"({one[0]} {sign} {other[0]})", None if blank else _TESTS[sign](one[1], other[1])


def joined(one: Tree, sign: str, other: Tree) -> Tree:
    both = (bool(one[1]), bool(other[1]))
    word = {"&&": f"({one[0]} && {other[0]})", "||": f"OR({one[0]}, {other[0]})"}[sign]
    return word, all(both) if sign == "&&" else any(both)


def chosen(test: Tree, one: Tree, other: Tree) -> Tree:
    return f"IF({test[0]}, {one[0]}, {other[0]})", one[1] if test[1] else other[1]


def denied(one: Tree) -> Tree:
    return f"NOT({one[0]})", None if one[1] is None else not one[1]


def deeper(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    """Numbers out of numbers and of truths about numbers."""
    tests = st.builds(compared, inner, st.sampled_from(sorted(_TESTS)), inner)
    truths = st.one_of(
        TRUTHS, tests, st.builds(denied, tests), st.builds(joined, tests, st.sampled_from(["&&", "||"]), TRUTHS)
    )
    return st.one_of(
        st.builds(maths, inner, st.sampled_from(sorted(_MATHS)), inner), st.builds(chosen, truths, inner, inner)
    )


@given(st.recursive(NUMBERS, deeper, max_leaves=12))
def test_it_agrees_with_fractions(tree: Tree):
    text, wanted = tree

    found = value(text)

    assert (None if found is None else Fraction(found)) == wanted


# -- totality ----------------------------------------------------------------------------------------------------------

_ATOMS = [
    "Count__c",
    "Empty__c",
    "Title__c",
    "Ready__c",
    "Day__c",
    "NoDay__c",
    "Moment__c",
    "Color__c",
    "Tags__c",
    "Clock__c",
]
_ATOMS += [
    "1",
    "0.5",
    "99999999999999999999",
    '"a"',
    '""',
    "TRUE",
    "NULL",
    "TODAY()",
    "NOW()",
    "Account__r.Name",
    "$User.Id",
]
_SIGNS = ["+", "-", "*", "/", "^", "&", "&&", "||", "=", "<>", "<", ">=", ","]


def combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    name = st.sampled_from(sorted({*FUNCTIONS, *FORMS, *OUTSIDE}))
    return st.one_of(
        st.builds("{} {} {}".format, inner, st.sampled_from(_SIGNS), inner),
        st.builds("{}({})".format, name, st.lists(inner, max_size=4).map(", ".join)),
        st.builds("{}{}".format, st.sampled_from(["-", "!", "NOT "]), inner),
        st.builds("({})".format, inner),
    )


@settings(max_examples=400)
@given(st.recursive(st.sampled_from(_ATOMS), combined, max_leaves=10))
def test_whatever_looks_like_a_formula_has_a_value_or_a_reason(text: str):
    answered(text)


@given(st.text(alphabet=st.sampled_from("aA1\"'\\/*()&|=<>!^+-,.$_ \n\x00é"), max_size=40))
def test_whatever_is_written_has_a_value_or_a_reason(text: str):
    answered(text)


@pytest.mark.parametrize(
    "text", ["(" * 3000, "-" * 3000 + "1", "1" + "+1" * 1900, "IF(" * 500, "NOT " * 900, "x" * 4000]
)
def test_however_long_it_is_it_has_a_value_or_a_reason(text: str):
    answered(text)


def answered(text: str) -> None:
    """Nothing but a value, FormulaError or Trouble comes of a formula; raises what else does."""
    for row in (ROW, {}):
        try:
            value(text, row)
        except (FormulaError, Trouble) as refusal:
            assert str(refusal)  # noqa: PT017


# -- the page ----------------------------------------------------------------------------------------------------------


def test_every_form_is_written_down():
    assert set(WRITTEN) == set(FORMS)


def test_the_example_of_the_page_works(tmp_path: Path):
    (tmp_path / "firm.yaml").write_text(re.findall(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL)[0])
    schema = load_schema([tmp_path / "firm.yaml"])
    desk = Desk(schema)

    project = desk.create("Project__c", Name="Bridge", Budget__c=100)
    item = desk.create("Item__c", Name="Stone", Project__c=project, Amount__c=100)

    assert list(outside(schema)) == []
    assert desk.read("Project__c", project, "Total__c", "Over__c")["Over__c"] is True
    assert desk.value("Item__c", item, "Number__c") == "I-2026-100"
