"""Filters of roll-ups and lookups: conditions on a record, numbered, joined by AND or by a filter logic."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from mocksf.formula import Compiler, Formula, FormulaError, Frame, Kind, Trouble, Use
from mocksf.schema.definitions import FilterItem
from mocksf.schema.model import SObject


@dataclass(frozen=True, slots=True)
class Source:
    """Where a filter stands: the object it looks at, the one whose lookup it guards, its name for errors."""

    target: SObject
    source: SObject | None
    name: str


Test = Callable[[Any, Any], bool]


def _folded(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


def _ordered(compare: Callable[[Any, Any], bool]) -> Test:
    return lambda value, wanted: value is not None and wanted is not None and compare(_folded(value), _folded(wanted))


def _text(compare: Callable[[str, str], bool]) -> Test:
    return lambda value, wanted: compare(str(_folded(value or "")), str(_folded(wanted or "")))


def _includes(value: Any, wanted: Any) -> bool:
    chosen = [_folded(each) for each in str(value or "").split(";")]
    return any(_folded(each.strip()) in chosen for each in str(wanted or "").split(";"))


_TESTS: Mapping[str, Test] = {
    "equals": lambda value, wanted: _folded(value) == _folded(wanted),
    "lessThan": _ordered(lambda value, wanted: value < wanted),
    "greaterThan": _ordered(lambda value, wanted: value > wanted),
    "lessOrEqual": _ordered(lambda value, wanted: value <= wanted),
    "greaterOrEqual": _ordered(lambda value, wanted: value >= wanted),
    "contains": _text(lambda value, wanted: wanted in value),
    "startsWith": _text(lambda value, wanted: value.startswith(wanted)),
    "includes": _includes,
}
_OPPOSITE = {"notEqual": "equals", "notContain": "contains", "excludes": "includes"}


class Matcher:
    """A filter, ready to be asked. `reads` are the target's own fields it looks at, `source_reads` the source's."""

    def __init__(
        self, compiler: Compiler, where: Source, items: Sequence[FilterItem], logic: str | None = None
    ) -> None:
        self._compiler = compiler
        self._where = where
        self.reads: set[str] = set()
        self.source_reads: set[str] = set()
        self.looks_beyond = False
        """Whether it looks at other records, at the time or at the user."""
        self._tests = [self._test(item) for item in items]
        self._holds = _logic(logic, len(items), where.name)

    def holds(self, target: Frame, source: Frame | None = None) -> bool:
        """Whether a record (seen from another) passes. What has no value does not."""
        try:
            return self._holds([test(target, source or target) for test in self._tests])
        except Trouble:
            return False

    def _test(self, item: FilterItem) -> Callable[[Frame, Frame], bool]:
        negated = item.operation in _OPPOSITE
        test = _TESTS.get(_OPPOSITE.get(item.operation, item.operation))
        if test is None:
            raise FormulaError(self._where.name, 0, f"the filter operation '{item.operation}' is not known")
        value, side = self._value(item.field)
        if item.value_field is not None:
            other, other_side = self._value(item.value_field)
            return lambda *frames: test(value.value(frames[side]), other.value(frames[other_side])) is not negated
        wanted = [self._literal(value, each) for each in _listed(item.value)]
        return lambda *frames: any(test(value.value(frames[side]), each) for each in wanted) is not negated

    def _value(self, text: str) -> tuple[Formula, int]:
        """A field of the filter as a formula, and whether it is the target's (0) or the source's (1)."""
        target, source = self._where.target, self._where.source
        first, _, rest = text.partition(".")
        if first.lower() == "$source" and source is not None:
            found = self._read(rest, source)
            self.source_reads |= {name for way, _, name in found.findings.reads if not way}
            return found, 1
        if rest and first.lower() == target.name.lower():
            text = rest
        found = self._read(text, target)
        self.reads |= {name for way, _, name in found.findings.reads if not way}
        return found, 0

    def _read(self, text: str, sobject: SObject) -> Formula:
        found = self._compiler.compile(text, sobject, self._where.name, Use.FIELD, kind=None)
        self.looks_beyond |= found.moving or any(way for way, _, _ in found.findings.reads)
        return found

    def _literal(self, value: Formula, text: str | None) -> Any:
        """A value as the filter writes it, as a value of the field's kind."""
        text = (text or "").strip()
        if value.kind is Kind.BOOLEAN:
            return text.lower() in {"true", "1"}
        if not text:
            return None
        convert = _LITERALS.get(value.kind)
        try:
            # Formulas see ids with 15 characters.
            return convert(text) if convert else text[:15] if _is_id(value, text) else text
        except (ValueError, InvalidOperation):
            raise FormulaError(self._where.name, 0, f"'{text}' is not {value.kind.value}") from None


def _is_id(value: Formula, text: str) -> bool:
    named = [name for _, _, name in value.findings.reads]
    return len(text) == 18 and text.isalnum() and any(name.endswith(("Id", "__c")) for name in named)


def _listed(value: str | None) -> list[str | None]:
    """Several values are separated by commas, any of which may match."""
    return list(value.split(",")) if value else [None]


def _day(text: str) -> date:
    return datetime.strptime(text, "%m/%d/%Y").replace(tzinfo=UTC).date() if "/" in text else date.fromisoformat(text)


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


_LITERALS: Mapping[Kind, Callable[[str], Any]] = {Kind.NUMBER: Decimal, Kind.DATE: _day, Kind.DATETIME: _instant}

# -- filter logic ------------------------------------------------------------------------------------------------------

_WORD = re.compile(r"\s*(\d+|\(|\)|and|or|not)", re.IGNORECASE)


def _logic(text: str | None, count: int, name: str) -> Callable[[list[bool]], bool]:
    """How the numbered conditions are joined: `1 AND (2 OR 3)`; without a text, all of them must hold."""
    if not text:
        return all
    words: list[str] = []
    at = 0
    while at < len(text.rstrip()):
        match = _WORD.match(text, at)
        if match is None:
            raise FormulaError(name, at, f"'{text[at:]}' means nothing in a filter logic")
        words.append(match[1].lower())
        at = match.end()
    return _Logic(words, count, name).whole()


class _Logic:
    """Reads a filter logic."""

    def __init__(self, words: list[str], count: int, name: str) -> None:
        self._words = [*words, ""]
        self._count = count
        self._name = name

    def whole(self) -> Callable[[list[bool]], bool]:
        """The whole text; raises FormulaError."""
        found = self._either()
        if self._words[0]:
            raise self._wrong()
        return found

    def _either(self) -> Callable[[list[bool]], bool]:
        parts = [self._both()]
        while self._words[0] == "or":
            self._words.pop(0)
            parts.append(self._both())
        return lambda facts: any(part(facts) for part in parts)

    def _both(self) -> Callable[[list[bool]], bool]:
        parts = [self._one()]
        while self._words[0] == "and":
            self._words.pop(0)
            parts.append(self._one())
        return lambda facts: all(part(facts) for part in parts)

    def _one(self) -> Callable[[list[bool]], bool]:
        word = self._words.pop(0) if self._words[0] else ""
        if word == "not":
            inner = self._one()
            return lambda facts: not inner(facts)
        if word == "(":
            found = self._either()
            if self._words.pop(0) != ")":
                raise self._wrong()
            return found
        if not word.isdigit() or not 1 <= int(word) <= self._count:
            raise self._wrong()
        number = int(word) - 1
        return lambda facts: facts[number]

    def _wrong(self) -> FormulaError:
        return FormulaError(self._name, 0, f"the filter logic must join the conditions 1 to {self._count}")
