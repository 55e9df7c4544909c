"""Conditions, bound: each comparison becomes a row of the planner's table of operators, or a refusal."""

import json
from collections.abc import Callable, Iterable
from typing import NamedTuple

from mocksf.errors import Refusal, Refuse
from mocksf.schema.model import Field
from mocksf.soql import dates, literals
from mocksf.soql.bound import Bound, Column, Convert, DatePart, Distance, Every, Inverse, Operand, Slot, Some, Test
from mocksf.soql.dates import ANY_MOMENT
from mocksf.soql.nodes import Chain, Comparison, Condition, Expression, Literal, Not, Query
from mocksf.soql.reader import QUOTED_SINCE
from mocksf.soql.scope import Scope

BOUND_LIST_MAX = 100
"""Lists up to this length are bound value by value; longer ones as one JSON text (databases count their parameters)."""

_ID_TYPES = frozenset({"id", "reference"})
_UNORDERED = frozenset({"boolean"})
_EDGES = {"<": ("<", "start"), ">": (">=", "end"), "<=": ("<", "end"), ">=": (">=", "start")}
"""An order against a span of days: which edge is compared, and how (facts on SOQL §1.9)."""

_INVALID = {"date": Refuse.INVALID_DATE, "time": Refuse.INVALID_TIME}

OperandOf = Callable[[Expression], tuple[Operand, Field]]
SemiJoin = Callable[[Comparison, str], Bound]


class Tested(NamedTuple):
    """What a comparison is about: the operand, the field whose type rules, and the comparison itself."""

    operand: Operand
    field: Field
    node: Comparison

    def test(self, operator: str, *slots: Slot) -> Test:
        return Test(self.operand, operator, slots)


class Filters:
    """Binds the conditions of one query. `level` follows a term down: top, or, not."""

    def __init__(self, scope: Scope, version: float, operand_of: OperandOf, semi_join: SemiJoin) -> None:
        self._scope = scope
        self._version = version
        self._operand_of = operand_of
        self._semi_join = semi_join

    def bind(self, node: Condition, level: str = "top") -> Bound:
        """A condition over columns. Raises Refusal for what the org refuses."""
        if isinstance(node, Not):
            return Inverse(self.bind(node.term, "not"))
        if isinstance(node, Chain):
            inside = "or" if node.joiner == "OR" and level == "top" else level
            terms = tuple(self.bind(term, inside) for term in node.terms)
            return Every(terms) if node.joiner == "AND" else Some(terms)
        return self._comparison(node, level)

    def _comparison(self, node: Comparison, level: str) -> Bound:
        if isinstance(node.right, Query):
            return self._semi_join(node, level)
        tested = Tested(*self._operand_of(node.left), node)
        if isinstance(tested.operand, Distance) and node.operator not in _EDGES:
            raise self._scope.refusal(node.left.at, Refuse.DISTANCE_OPERATOR)
        if isinstance(node.right, tuple):
            return self._listed(tested, node.right)
        if node.operator in {"=", "!="}:
            test = self._equal(tested, node.right)
            return test if node.operator == "=" else Inverse(test)
        if node.operator == "LIKE":
            return self._like(tested, node.right)
        return self._ordered(tested, node.right)

    # -- equality and lists ----------------------------------------------------------------------------------------

    def _equal(self, tested: Tested, literal: Literal) -> Bound:
        if tested.field.type == "boolean":
            return tested.test("=", self._truth(tested, literal))
        if _is_empty(tested.field, literal):
            return tested.test("is null")
        if literal.kind == "span":
            return tested.test("within", *self._edges(tested, literal, "start", "end"))
        return tested.test("=", self._slot(tested, literal, literals.conversion(tested.field)))

    def _truth(self, tested: Tested, literal: Literal) -> Slot:
        """A checkbox is never null: to ask for null is to ask for false (SOQL reference)."""
        if literal.kind not in {"true", "false", "null"}:
            raise self._unfit(tested, literal)
        truth = int(literal.kind == "true")
        return Slot(literal.text, lambda _text, _moment: truth)

    def _listed(self, tested: Tested, values: tuple[Literal, ...]) -> Bound:
        if tested.node.operator in {"INCLUDES", "EXCLUDES"}:
            included = self._includes(tested, values)
            return included if tested.node.operator == "INCLUDES" else Inverse(included)
        single = {each.text.upper(): each for each in values if self._stands_alone(tested.field, each)}
        terms = [self._equal(tested, each) for each in single.values()]
        plain = [each for each in values if not self._stands_alone(tested.field, each)]
        if plain:
            terms.append(self._among(tested, plain))
        found = terms[0] if len(terms) == 1 else Some(tuple(terms))
        return found if tested.node.operator == "IN" else Inverse(found)

    @staticmethod
    def _stands_alone(field: Field, literal: Literal) -> bool:
        """Whether a value of a list has a test of its own: spans, empties, and checkboxes."""
        return literal.kind == "span" or field.type == "boolean" or _is_empty(field, literal)

    def _among(self, tested: Tested, values: list[Literal]) -> Bound:
        convert = literals.conversion(tested.field)
        slots = [self._slot(tested, each, convert) for each in values]
        if len(slots) <= BOUND_LIST_MAX:
            return tested.test("in", *slots)
        listed = json.dumps([slot.convert(slot.text, ANY_MOMENT) for slot in slots])
        return tested.test("in json", _fixed(listed))

    def _includes(self, tested: Tested, values: Iterable[Literal]) -> Bound:
        """Each literal is a set joined by semicolons, all of which must be there; the list is a choice of sets."""
        if tested.field.type != "multipicklist":
            raise self._wrong_operator(tested)
        return Some(tuple(Every(self._pieces(tested, each)) for each in values))

    def _pieces(self, tested: Tested, literal: Literal) -> tuple[Bound, ...]:
        whole = str(self._slot(tested, literal, literals.folded_value).convert(literal.text, ANY_MOMENT))
        pieces = [each.strip() for each in whole.split(";") if each.strip()]
        if not pieces:
            return (tested.test("is null"),)
        escaped = [each.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for each in pieces]
        return tuple(tested.test("includes", _fixed(f"%;{each};%")) for each in escaped)

    # -- order and patterns ----------------------------------------------------------------------------------------

    def _ordered(self, tested: Tested, literal: Literal) -> Bound:
        field = tested.field
        if field.type in _UNORDERED:
            raise self._wrong_operator(tested)
        if literal.kind == "null":
            return tested.test("never")
        if literal.kind == "span":
            operator, edge = _EDGES[tested.node.operator]
            return tested.test(operator, *self._edges(tested, literal, edge))
        convert = literals.id_or_text if field.type in _ID_TYPES else literals.conversion(field)
        return tested.test(tested.node.operator, self._slot(tested, literal, convert))

    def _like(self, tested: Tested, literal: Literal) -> Bound:
        field = tested.field
        if field.type in _ID_TYPES or field.type in literals.CRITERION_TYPES:
            raise self._wrong_operator(tested)
        if not field.folded and isinstance(tested.operand, Column):
            return tested.test("glob", self._slot(tested, literal, literals.glob_pattern))
        pattern = self._slot(tested, literal, literals.like_pattern)
        try:
            literals.like_prefix(literal.text, ANY_MOMENT)
        except literals.Unfit:
            return tested.test("like", self._slot(tested, literal, literals.like_anywhere))
        ends = (literals.like_prefix, literals.like_prefix_end)
        return tested.test("like prefix", *(Slot(literal.text, end, literal.at) for end in ends), pattern)

    # -- values ----------------------------------------------------------------------------------------------------

    def _slot(self, tested: Tested, literal: Literal, convert: Convert) -> Slot:
        """A value that fits the field, or the refusal that says why it does not."""
        try:
            convert(literal.text, ANY_MOMENT)
        except literals.BadEscape as error:
            facts = {"literal": literal.text, "sequence": error}
            raise self._scope.refusal(literal.at, Refuse.BAD_ESCAPE, **facts) from None
        except literals.Unfit:
            raise self._unfit(tested, literal) from None
        except ValueError:
            raise self._invalid(literal) from None
        return Slot(literal.text, convert, literal.at)

    def _invalid(self, literal: Literal) -> Refusal:
        """Why a date or an instant is none; the lexer before Summer ’24 stopped at the digit that cannot be."""
        misfit = literals.misfit(literal.text) if self._version < QUOTED_SINCE else None
        if misfit is None:
            situation = _INVALID.get(literal.kind, Refuse.INVALID_DATETIME)
            return self._scope.refusal(literal.at, situation, literal=literal.text)
        place, last = misfit
        return self._scope.digit_refusal(literal.at + place, last)

    def _edges(self, tested: Tested, literal: Literal, *edges: str) -> tuple[Slot, ...]:
        """The first day of a span and the one behind it, in the field's own form."""
        span = dates.literal(literal.text)
        if span is None:
            raise self._scope.refusal(literal.at, Refuse.UNEXPECTED_TOKEN, token=literal.text)
        if tested.field.type not in {"date", "datetime"} or isinstance(tested.operand, DatePart):
            raise self._unfit(tested, literal)

        def edge(which: str) -> Convert:
            if tested.field.type == "date":
                return lambda _, moment: str(getattr(span(moment), which))
            return lambda _, moment: getattr(span(moment), f"{which}_ms")(moment)

        return tuple(Slot(literal.text, edge(which), dated=True) for which in edges)

    # -- refusals: the caret stands under the field that is compared (recorded: reports of "must be of type") --------

    def _unfit(self, tested: Tested, literal: Literal) -> Refusal:
        """Why a literal cannot be a value of this field."""
        at, field = tested.node.left.at, tested.field
        quoted = literal.kind == "string"
        if quoted and len(literal.text) > literals.STRING_MAX + 2:
            return self._scope.refusal(literal.at, Refuse.LITERAL_TOO_LONG, length=literals.STRING_MAX)
        if literal.kind == "money":
            return self._scope.refusal(literal.at, Refuse.SINGLE_CURRENCY, literal=literal.text)
        if quoted and field.type in _ID_TYPES:
            situation = Refuse.BAD_ID_FILTER if self._version >= 61 else Refuse.BAD_ID_FILTER_OLD
            return self._scope.refusal(at, situation, value=literals.string(literal.text))
        expected = literals.CRITERION_TYPES.get(field.type)
        situation = Refuse.QUOTED_VALUE if expected else Refuse.UNQUOTED_VALUE
        return self._scope.refusal(at, situation, field=field.name, type=expected or "string")

    def _wrong_operator(self, tested: Tested) -> Refusal:
        situation = Refuse.WRONG_OPERATOR if self._version >= 61 else Refuse.WRONG_OPERATOR_OLD
        kind = "id" if tested.field.type in _ID_TYPES else tested.field.type
        return self._scope.refusal(tested.node.left.at, situation, type=kind)


def _is_empty(field: Field, literal: Literal) -> bool:
    """Empty texts are stored as null, so a comparison with one asks for null."""
    return literal.kind == "null" or (literal.text == "''" and field.type not in literals.CRITERION_TYPES)


def _fixed(value: str) -> Slot:
    """A value that no other literal may take the place of: the SQL was built around it."""
    return Slot(value, lambda text, _: text)
