"""Forms: functions that look at how their arguments are written, or work out only those that they need."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from mocksf.formula.binder import Binder, Use
from mocksf.formula.bound import BOOLEAN, DATE, DATETIME, NUMBER, TEXT, TIME, Bound, Run
from mocksf.formula.dates import add_months, as_date, as_datetime, as_time
from mocksf.formula.frames import Frame
from mocksf.formula.kinds import Kind
from mocksf.formula.nodes import Call, Node
from mocksf.formula.operators import called, every, operator, some
from mocksf.formula.texts import shown
from mocksf.schema.model import Field

Form = Callable[[Binder, Call], Bound]

_PICKED = frozenset({Kind.PICKLIST, Kind.MULTIPICKLIST})


def _if(binder: Binder, node: Call) -> Bound:
    binder.count(node, 3, 3)
    test = binder.expect(node.arguments[0], BOOLEAN, "IF").run
    yes, no = (_result(binder, each, "IF") for each in node.arguments[1:])
    kind = binder.together((yes, no), "IF")
    return Bound(kind, lambda frame: yes.run(frame) if test(frame) else no.run(frame), node.at)


def _result(binder: Binder, node: Node, asker: str) -> Bound:
    """An argument that may become the result; a picklist may not."""
    found = binder.bind(node)
    if found.kind in _PICKED:
        binder.refuse(node, f"{asker} cannot give {found.kind.value}; make it a text by TEXT")
    return found


def _case(binder: Binder, node: Call) -> Bound:
    given = len(node.arguments)
    if given < 4 or given % 2:
        binder.refuse(node, "CASE() takes an expression, pairs of value and result, and a result for all else")
    asked = binder.bind(node.arguments[0])
    if asked.kind is BOOLEAN:
        binder.refuse(node.arguments[0], "CASE() cannot ask for true or false; use IF")
    values = [_case_value(binder, asked, each) for each in node.arguments[1:-1:2]]
    results = [_result(binder, each, "CASE") for each in (*node.arguments[2:-1:2], node.arguments[-1])]
    kind = binder.together(results, "CASE")
    if kind is BOOLEAN:
        binder.refuse(node, "CASE() cannot give true or false; use IF")
    pairs = list(zip(values, (each.run for each in results[:-1]), strict=True))
    otherwise = results[-1].run

    def run(frame: Frame) -> Any:
        value = asked.run(frame)
        for matches, result in pairs:
            if matches(value, frame):
                return result(frame)
        return otherwise(frame)

    return Bound(kind, run, node.at)


def _case_value(binder: Binder, asked: Bound, node: Node) -> Callable[[Any, Frame], Any]:
    if asked.kind in _PICKED:
        wanted = _text_literal(binder, node, "CASE() of a picklist")
        return lambda value, _: (value or "") == wanted
    found = binder.bind(node)
    same = operator("=", asked.kind, found.kind)
    if same is None:
        binder.refuse(node, f"CASE asks for {asked.kind.value}, this is {found.kind.value}")
    apply = same[1]
    return lambda value, frame: apply(value, found.run(frame))


def _text_literal(binder: Binder, node: Node, asker: str) -> str:
    found = binder.bind(node)
    if found.literal is None:
        binder.refuse(node, f"{asker} needs a text in quotes here")
    return found.literal


def _all(binder: Binder, node: Call) -> Bound:
    return Bound(BOOLEAN, every(_truths(binder, node)), node.at)


def _any(binder: Binder, node: Call) -> Bound:
    return Bound(BOOLEAN, some(_truths(binder, node)), node.at)


def _truths(binder: Binder, node: Call) -> list[Run]:
    binder.count(node, 1, None)
    return [binder.expect(each, BOOLEAN, node.function).run for each in node.arguments]


# -- blanks ------------------------------------------------------------------------------------------------------------


def _unforced(binder: Binder, node: Node) -> Bound:
    """An argument as it is, blank numbers not taken for zero."""
    found = binder.bind(node)
    return Bound(found.kind, found.bare or found.run, found.at, found.field, found.literal)


def _is_blank(binder: Binder, node: Call) -> Bound:
    binder.count(node, 1, 1)
    found = _asked_for_blank(binder, node)
    return Bound(BOOLEAN, lambda frame: found.run(frame) is None, node.at)


def _is_null(binder: Binder, node: Call) -> Bound:
    """A text is never null (documented): that is what ISBLANK is for."""
    binder.count(node, 1, 1)
    found = _asked_for_blank(binder, node)
    if found.kind is TEXT:
        return Bound(BOOLEAN, lambda _: False, node.at)
    return Bound(BOOLEAN, lambda frame: found.run(frame) is None, node.at)


def _asked_for_blank(binder: Binder, node: Call) -> Bound:
    found = _unforced(binder, node.arguments[0])
    if found.kind is BOOLEAN:
        binder.refuse(node.arguments[0], f"{node.function}() cannot ask for true or false, which is never blank")
    return found


def _blank_value(binder: Binder, node: Call) -> Bound:
    binder.count(node, 2, 2)
    found = _asked_for_blank(binder, node)
    other = binder.bind(node.arguments[1])
    kind = binder.together((found, other), node.function)
    if node.function == "NULLVALUE" and kind is TEXT:
        return Bound(TEXT, found.run, node.at)  # a text is never null (documented)
    return Bound(kind, lambda frame: other.run(frame) if (v := found.run(frame)) is None else v, node.at)


# -- picklists ---------------------------------------------------------------------------------------------------------


def _is_pick_value(binder: Binder, node: Call) -> Bound:
    binder.count(node, 2, 2)
    found = binder.expect(node.arguments[0], Kind.PICKLIST, "ISPICKVAL")
    wanted = _text_literal(binder, node.arguments[1], "ISPICKVAL()")
    return Bound(BOOLEAN, lambda frame: (found.run(frame) or "") == wanted, node.at)


def _includes(binder: Binder, node: Call) -> Bound:
    binder.count(node, 2, 2)
    found = binder.expect(node.arguments[0], Kind.MULTIPICKLIST, "INCLUDES")
    wanted = _text_literal(binder, node.arguments[1], "INCLUDES()")
    return Bound(BOOLEAN, lambda frame: wanted in (found.run(frame) or "").split(";"), node.at)


def _pick_count(binder: Binder, node: Call) -> Bound:
    binder.count(node, 1, 1)
    found = binder.expect(node.arguments[0], Kind.MULTIPICKLIST, "PICKLISTCOUNT")
    return Bound(NUMBER, lambda frame: Decimal(len([v for v in (found.run(frame) or "").split(";") if v])), node.at)


# -- conversions -------------------------------------------------------------------------------------------------------


def _converted(takes: frozenset[Kind], gives: Kind, convert: Callable[[Any], Any]) -> Form:
    """A function of one argument of several kinds."""

    def form(binder: Binder, node: Call) -> Bound:
        binder.count(node, 1, 1)
        found = binder.bind(node.arguments[0])
        if found.kind not in takes and found.kind is not Kind.NULL:
            binder.refuse(node.arguments[0], f"{node.function}() cannot be made of {found.kind.value}")
        return Bound(gives, called(convert, [found]), node.at)

    return form


def _add_months(binder: Binder, node: Call) -> Bound:
    binder.count(node, 2, 2)
    day = binder.bind(node.arguments[0])
    if day.kind not in {DATE, DATETIME}:
        binder.refuse(node.arguments[0], f"ADDMONTHS() needs a date here, not {day.kind.value}")
    months = binder.expect(node.arguments[1], NUMBER, "ADDMONTHS")
    return Bound(day.kind, called(add_months, [day, months]), node.at)


# -- the moment --------------------------------------------------------------------------------------------------------


def _second(frame: Frame) -> datetime:
    return frame.world.now.replace(microsecond=0)


def _today(binder: Binder, node: Call) -> Bound:
    binder.count(node, 0, 0)
    binder.findings.today = True
    return Bound(DATE, lambda frame: frame.world.today, node.at)


def _now(binder: Binder, node: Call) -> Bound:
    binder.count(node, 0, 0)
    binder.findings.now = True
    return Bound(DATETIME, _second, node.at)


def _time_now(binder: Binder, node: Call) -> Bound:
    binder.count(node, 0, 0)
    binder.findings.now = True
    return Bound(TIME, lambda frame: _second(frame).time(), node.at)


# -- what changes ------------------------------------------------------------------------------------------------------


def _only_in_rules(binder: Binder, node: Call) -> None:
    if binder.use is not Use.RULE:
        binder.refuse(node, f"{node.function}() belongs to validation rules, not to {binder.use.value}")


def _is_new(binder: Binder, node: Call) -> Bound:
    _only_in_rules(binder, node)
    binder.count(node, 0, 0)
    return Bound(BOOLEAN, lambda frame: frame.new, node.at)


def _own_field(binder: Binder, node: Call) -> tuple[Bound, Field]:
    _only_in_rules(binder, node)
    binder.count(node, 1, 1)
    found = binder.bind(node.arguments[0])
    if found.field is None:
        binder.refuse(node.arguments[0], f"{node.function}() needs a field of the record itself here")
    return found, found.field


def _is_changed(binder: Binder, node: Call) -> Bound:
    """False for a new record (documented)."""
    found, _ = _own_field(binder, node)
    value = found.bare or found.run
    return Bound(BOOLEAN, lambda frame: not frame.new and value(frame) != value(frame.prior()), node.at)


def _prior_value(binder: Binder, node: Call) -> Bound:
    found, _ = _own_field(binder, node)
    return Bound(found.kind, lambda frame: found.run(frame.prior()), node.at)


_DATES = frozenset({TEXT, DATE, DATETIME})

FORMS: Mapping[str, Form] = {
    "IF": _if,
    "CASE": _case,
    "AND": _all,
    "OR": _any,
    "ISBLANK": _is_blank,
    "ISNULL": _is_null,
    "BLANKVALUE": _blank_value,
    "NULLVALUE": _blank_value,
    "ISPICKVAL": _is_pick_value,
    "INCLUDES": _includes,
    "PICKLISTCOUNT": _pick_count,
    "TEXT": _converted(frozenset({NUMBER, DATE, DATETIME, TIME, Kind.PICKLIST, TEXT}), TEXT, shown),
    "DATEVALUE": _converted(_DATES, DATE, as_date),
    "DATETIMEVALUE": _converted(_DATES, DATETIME, as_datetime),
    "TIMEVALUE": _converted(frozenset({TEXT, DATETIME, TIME}), TIME, as_time),
    "ADDMONTHS": _add_months,
    "TODAY": _today,
    "NOW": _now,
    "TIMENOW": _time_now,
    "ISNEW": _is_new,
    "ISCHANGED": _is_changed,
    "PRIORVALUE": _prior_value,
}
"""Every form by its name; a NOT stands before its operand and is no form."""

WRITTEN: Mapping[str, str] = {
    "IF": "IF(test, then, else)",
    "CASE": "CASE(expression, value, result, …, else)",
    "AND": "AND(test, …)",
    "OR": "OR(test, …)",
    "ISBLANK": "ISBLANK(expression)",
    "ISNULL": "ISNULL(expression)",
    "BLANKVALUE": "BLANKVALUE(expression, substitute)",
    "NULLVALUE": "NULLVALUE(expression, substitute)",
    "ISPICKVAL": 'ISPICKVAL(picklist, "value")',
    "INCLUDES": 'INCLUDES(multi-select picklist, "value")',
    "PICKLISTCOUNT": "PICKLISTCOUNT(multi-select picklist)",
    "TEXT": "TEXT(number, date, date with time, time or picklist)",
    "DATEVALUE": "DATEVALUE(text or date with time)",
    "DATETIMEVALUE": "DATETIMEVALUE(text or date)",
    "TIMEVALUE": "TIMEVALUE(text or date with time)",
    "ADDMONTHS": "ADDMONTHS(date, months)",
    "TODAY": "TODAY()",
    "NOW": "NOW()",
    "TIMENOW": "TIMENOW()",
    "ISNEW": "ISNEW(), in validation rules",
    "ISCHANGED": "ISCHANGED(field), in validation rules",
    "PRIORVALUE": "PRIORVALUE(field), in validation rules",
}
"""How each form is written, for the page on formulas."""
