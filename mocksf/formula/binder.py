"""Nodes → bound expressions: names are found, kinds checked. The last room that may refuse a formula."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any, NoReturn

from mocksf.formula.bound import BOOLEAN, NUMBER, TEXT, Bound, Function, Run
from mocksf.formula.dates import DATES
from mocksf.formula.frames import Frame
from mocksf.formula.kinds import Kind, common, kind_of, reader
from mocksf.formula.maths import MATHS
from mocksf.formula.nodes import Call, Chain, Literal, Name, Node, Prefix
from mocksf.formula.operators import called, chain, every, operator, some
from mocksf.formula.paths import METADATA, PERMISSION, Path, Paths
from mocksf.formula.problems import FormulaError
from mocksf.formula.texts import TEXTS
from mocksf.schema.model import Field, SObject
from mocksf.schema.names import nearest

FUNCTIONS: dict[str, Function] = {**MATHS, **TEXTS, **DATES}

OUTSIDE = (
    "CURRENCYRATE",
    "DISTANCE",
    "GEOLOCATION",
    "GETRECORDIDS",
    "GETSESSIONID",
    "HTMLENCODE",
    "IMAGEPROXYURL",
    "INCLUDE",
    "ISCLONE",
    "JSENCODE",
    "JSINHTMLENCODE",
    "JUNCTIONIDLIST",
    "LINKTO",
    "PARENTGROUPVAL",
    "PREDICT",
    "PREVGROUPVAL",
    "REQUIRESCRIPT",
    "URLENCODE",
    "URLFOR",
    "VLOOKUP",
)
"""Functions of the platform that are not evaluated here: a field that uses one reads as null."""


class Use(Enum):
    """What a formula is for; some functions belong to rules alone."""

    FIELD = "a formula field"
    RULE = "a validation rule"
    DEFAULT = "a default value"


@dataclass
class Findings:
    """What binding found out about a formula beside its value."""

    reads: set[tuple[tuple[tuple[str, str], ...], str, str]] = field(default_factory=set)
    """What it depends on: the references followed (object, field), then the object and field read."""
    today: bool = False
    now: bool = False
    user: bool = False

    @property
    def moving(self) -> bool:
        """Whether the value depends on more than records: on the time or on who looks."""
        return self.today or self.now or self.user


Inline = Callable[[SObject, Field], tuple[Run, Findings]]
"""How another calculated field is worked out, for a formula that refers to it."""


Forms = Mapping[str, Callable[["Binder", Call], Bound]]


class Binder:
    """Binds one formula; `forms` are the functions that bind their arguments themselves."""

    def __init__(self, name: str, use: Use, paths: Paths, inline: Inline, blank_as_zero: bool, forms: Forms) -> None:
        self.name = name
        self.use = use
        self._forms = forms
        self.findings = Findings()
        self._paths = paths
        self._inline = inline
        self._blank_as_zero = blank_as_zero

    def bind(self, node: Node) -> Bound:
        """The bound form of a node. Raises FormulaError."""
        return _BINDERS[type(node)](self, node)

    # -- leaves --------------------------------------------------------------------------------------------------------

    def literal(self, node: Literal) -> Bound:
        """A constant."""
        value = (node.value or None) if isinstance(node.value, str) else node.value
        kind = _LITERALS[type(node.value)]
        return Bound(kind, lambda _: value, node.at, literal=node.value if isinstance(node.value, str) else None)

    def field(self, node: Name) -> Bound:
        """A field of the record, of a parent, or of the user."""
        if node.text.lower().startswith(f"{PERMISSION}."):
            return Bound(BOOLEAN, lambda _: False, node.at)  # nobody was given a custom permission
        if node.text.lower().startswith(f"{METADATA}."):
            return self._constant(node)
        path = self._paths.find(node.text, self.name, node.at)
        kind = kind_of(path.field)
        if kind is None:
            self.refuse(node, f"a formula cannot use '{path.field.name}', which is of the type {path.field.type}")
        if path.start:  # what a setting says may change without a write to any record that a formula looks at
            self.findings.user = True
            self.findings.now |= not path.from_user
        else:
            self._depend(path)
        bare = _travel(path, self._value(path))
        run = bare
        if kind is NUMBER and self._blank_as_zero:
            run = lambda frame: Decimal(0) if (value := bare(frame)) is None else value  # noqa: E731
        own = path.field if not path.steps and not path.start else None
        return Bound(kind, run, node.at, own, bare=bare)

    def _constant(self, node: Name) -> Bound:
        field, said = self._paths.constant(node.text, self.name, node.at)
        kind = kind_of(field)
        make = _CONSTANTS.get(kind) if kind is not None else None
        if kind is None or make is None:
            self.refuse(node, f"a formula here uses texts, numbers and checkboxes of custom metadata, not {field.type}")
        value = None if said in (None, "") else make(str(said))
        if kind is NUMBER and value is not None and field.type == "percent":
            value /= 100
        return Bound(kind, lambda _: value, node.at)

    def _depend(self, path: Path) -> None:
        way = tuple((owner.name, reference.name) for owner, reference in path.steps)
        for length, (owner, name) in enumerate(way):
            self.findings.reads.add((way[:length], owner, name))
        self.findings.reads.add((way, path.sobject.name, path.field.name))

    def _value(self, path: Path) -> Run:
        """How the field at the end of a path is read from its own record."""
        name, convert = path.field.name, reader(path.field)
        if path.field.formula is not None:
            run, findings = self._inline(path.sobject, path.field)
            self._adopt(path, findings)
            return run
        if convert is None:
            return lambda frame: frame.row.get(name)
        return lambda frame: None if (stored := frame.row.get(name)) is None else convert(stored)

    def _adopt(self, path: Path, inner: Findings) -> None:
        """A formula depends on what the formulas that it uses depend on.

        Of another record's formula it is enough to watch the value itself, unless that is kept rounded.
        """
        way = tuple((owner.name, reference.name) for owner, reference in path.steps)
        if not way or kind_of(path.field) is NUMBER or inner.moving:
            self.findings.reads |= {((*way, *steps), owner, name) for steps, owner, name in inner.reads}
        self.findings.today |= inner.today
        self.findings.now |= inner.now
        self.findings.user |= inner.user

    # -- operators -----------------------------------------------------------------------------------------------------

    def prefix(self, node: Prefix) -> Bound:
        """A sign before an operand."""
        if node.sign == "NOT":
            operand = self.expect(node.operand, BOOLEAN, "NOT")
            return Bound(BOOLEAN, lambda frame: None if (value := operand.run(frame)) is None else not value, node.at)
        operand = self.expect(node.operand, NUMBER, node.sign)
        if node.sign == "+":
            return Bound(NUMBER, operand.run, node.at)
        return Bound(NUMBER, lambda frame: None if (value := operand.run(frame)) is None else -value, node.at)

    def chain(self, node: Chain) -> Bound:
        """Operators of one precedence."""
        sign = node.steps[0].sign
        if sign in {"&&", "||"}:
            operands = [self.expect(each, BOOLEAN, sign).run for each in (node.first, *(s.operand for s in node.steps))]
            return Bound(BOOLEAN, every(operands) if sign == "&&" else some(operands), node.at)
        first = self.bind(node.first)
        kind, steps = first.kind, []
        for step in node.steps:
            operand = self.bind(step.operand)
            found = operator(step.sign, kind, operand.kind)
            if found is None:
                self._mismatch(step.at, step.sign, kind, operand.kind)
            kind, apply = found
            steps.append((apply, operand.run))
        return Bound(kind, chain(first.run, steps), node.at)

    def _mismatch(self, at: int, sign: str, left: Kind, right: Kind) -> NoReturn:
        hint = ""
        if {left, right} & {Kind.PICKLIST, Kind.MULTIPICKLIST}:
            hint = "; compare a picklist by ISPICKVAL, or make it a text by TEXT"
        raise FormulaError(self.name, at, f"'{sign}' does not go between {left.value} and {right.value}{hint}")

    # -- functions -----------------------------------------------------------------------------------------------------

    def call(self, node: Call) -> Bound:
        """A function."""
        form = self._forms.get(node.function)
        if form is not None:
            return form(self, node)
        function = FUNCTIONS.get(node.function)
        if function is None:
            if node.function in OUTSIDE:
                self.refuse(node, f"{node.function}() is not evaluated here")
            self.refuse(node, f"no such function '{node.function}'{nearest(node.function, [*FUNCTIONS, *self._forms])}")
        arguments = self._arguments(node, function)
        return Bound(function.gives, called(function.run, arguments), node.at)

    def _arguments(self, node: Call, function: Function) -> list[Bound]:
        least, most = len(function.takes) - function.optional, len(function.takes)
        self.count(node, least, None if function.more else most)
        kinds = [*function.takes, *([function.more] * len(node.arguments) if function.more else [])]
        return [self.expect(each, kind, node.function) for each, kind in zip(node.arguments, kinds, strict=False)]

    def count(self, node: Call, least: int, most: int | None) -> None:
        """Refuse a call with too few or too many arguments."""
        given = len(node.arguments)
        if given < least or (most is not None and given > most):
            wanted = str(least) if least == most else f"{least} to {most}" if most is not None else f"at least {least}"
            self.refuse(node, f"{node.function}() takes {wanted} arguments, not {given}")

    def expect(self, node: Node, kind: Kind, asker: str) -> Bound:
        """The bound form of a node that must be of a kind; NULL is a blank one of any."""
        found = self.bind(node)
        if found.kind is Kind.NULL:
            return Bound(kind, found.run, found.at)
        if found.kind is not kind:
            hint = ""
            if found.kind in {Kind.PICKLIST, Kind.MULTIPICKLIST} and kind is TEXT:
                hint = "; make it a text by TEXT"
            self.refuse(node, f"{asker} needs {kind.value} here, not {found.kind.value}{hint}")
        return found

    def together(self, results: Iterable[Bound], asker: str) -> Kind:
        """The kind of an expression that has one of several results. Raises FormulaError where they differ."""
        kind = Kind.NULL
        for each in results:
            found = common(kind, each.kind)
            if found is None:
                raise FormulaError(
                    self.name, each.at, f"{asker} gives {kind.value} before, so it cannot give {each.kind.value} here"
                )
            kind = found
        return kind

    def refuse(self, node: Node, reason: str) -> NoReturn:
        """Raise FormulaError at a node."""
        raise FormulaError(self.name, node.at, reason)


_CONSTANTS: Mapping[Kind, Callable[[str], Any]] = {
    BOOLEAN: lambda said: said.lower() == "true",
    NUMBER: Decimal,
    TEXT: str,
}
"""How a value of custom metadata, which sources write as text, is read."""
_LITERALS: dict[type, Kind] = {Decimal: NUMBER, str: TEXT, bool: BOOLEAN, type(None): Kind.NULL}
_BINDERS: dict[type, Callable[[Binder, Any], Bound]] = {
    Literal: Binder.literal,
    Name: Binder.field,
    Prefix: Binder.prefix,
    Chain: Binder.chain,
    Call: Binder.call,
}


def _travel(path: Path, value: Run) -> Run:
    """Follow the references of a path, then read; blank where a reference is empty."""
    names = [reference.name for _, reference in path.steps]
    if path.from_user:
        return lambda frame: None if (user := _user(frame)) is None else _along(user, names, value)
    if path.start:
        return lambda frame: None if (row := _common(frame, path.start)) is None else value(frame.at(row))
    return (lambda frame: _along(frame, names, value)) if names else value


def _common(frame: Frame, name: str) -> Any:
    return frame.world.common(name, frame.world.user_id)


def _user(frame: Frame) -> Frame | None:
    row = frame.world.fetch(frame.world.user_id)
    return None if row is None else frame.at(row)


def _along(frame: Frame, names: list[str], value: Run) -> Any:
    for name in names:
        record_id = frame.row.get(name)
        row = frame.world.fetch(record_id) if record_id is not None else None
        if row is None:
            return None
        frame = frame.at(row)
    return value(frame)
