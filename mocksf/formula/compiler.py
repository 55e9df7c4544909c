"""Texts → formulas of one org: parsed, bound, and ready to be worked out for a record."""

from dataclasses import dataclass
from decimal import localcontext
from typing import Any

from mocksf.formula.binder import Binder, Findings, Use
from mocksf.formula.bound import Run
from mocksf.formula.forms import FORMS
from mocksf.formula.frames import Frame
from mocksf.formula.kinds import Kind, common, kind_of
from mocksf.formula.maths import CONTEXT
from mocksf.formula.parser import parse
from mocksf.formula.paths import Paths
from mocksf.formula.problems import FormulaError, Trouble
from mocksf.schema.model import Field, Schema, SObject


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that may be worked out."""

    name: str
    kind: Kind
    run: Run
    findings: Findings

    @property
    def moving(self) -> bool:
        """Whether its value depends on more than records: on the time or on who looks."""
        return self.findings.moving

    def value(self, frame: Frame) -> Any:
        """The value for a record, None for blank. Raises Trouble and nothing else."""
        try:
            with localcontext(CONTEXT):
                return self.run(frame)
        except (ArithmeticError, ValueError, RecursionError) as error:
            raise Trouble(str(error) or type(error).__name__) from error


class Compiler:
    """Compiles the formulas of one schema; calculated fields are compiled once and stand in for their names."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._fields: dict[tuple[str, str], Formula | FormulaError] = {}
        self._open: list[tuple[str, str]] = []

    def compile(
        self, text: str, sobject: SObject, name: str, use: Use, *, kind: Kind | None, blank_as_zero: bool = False
    ) -> Formula:
        """A formula over records of an object; `kind` is what it must give, `name` stands in errors.

        Raises FormulaError.
        """
        binder = Binder(name, use, Paths(self._schema, sobject), self._inline, blank_as_zero, FORMS)
        try:
            bound = binder.bind(parse(text, name))
        except RecursionError as error:
            raise FormulaError(name, 0, "the formula refers to too many others") from error
        if kind is not None and common(bound.kind, kind) is not kind:
            raise FormulaError(name, bound.at, f"the result must be {kind.value}, not {bound.kind.value}")
        return Formula(name, bound.kind, bound.run, binder.findings)

    def field(self, sobject: SObject, field: Field) -> Formula:
        """The formula of a calculated field. Raises FormulaError, the same at every call."""
        key = (sobject.name, field.name)
        if key not in self._fields:
            self._fields[key] = self._compiled(key, sobject, field)
        known = self._fields[key]
        if isinstance(known, FormulaError):
            raise known
        return known

    def _compiled(self, key: tuple[str, str], sobject: SObject, field: Field) -> Formula | FormulaError:
        name = ".".join(key)
        if key in self._open:
            return FormulaError(name, 0, f"the formula refers to itself by way of {'.'.join(self._open[-1])}")
        self._open.append(key)
        try:
            return self.compile(
                field.formula or "",
                sobject,
                name,
                Use.FIELD,
                kind=_wanted(field),
                blank_as_zero=field.formula_blank_as_zero,
            )
        except FormulaError as error:
            return error
        finally:
            self._open.pop()

    def _inline(self, sobject: SObject, field: Field) -> tuple[Run, Findings]:
        formula = self.field(sobject, field)
        return formula.run, formula.findings


def _wanted(field: Field) -> Kind | None:
    """What the formula of a field must give: a picklist of ours is a text to its formula."""
    kind = kind_of(field)
    return Kind.TEXT if kind in {Kind.PICKLIST, Kind.MULTIPICKLIST} else kind
