"""A second opinion on SOQL: queries as plain data, written as text, and judged over plain dicts by other code."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from hypothesis import strategies as st

from tests.soql_world import NOW, id_of, rows

KINDS = {
    "Name": "text",
    "Phone": "text",
    "Industry": "text",
    "Region__c": "text",
    "AnnualRevenue": "number",
    "NumberOfEmployees": "number",
    "CreatedDate": "instant",
    "ParentId": "id",
    "Id": "id",
    "Parent.Name": "text",
    "Parent.NumberOfEmployees": "number",
    "Owner.IsActive": "truth",
    "Parent.Owner.IsActive": "truth",
    "CALENDAR_YEAR(CreatedDate)": "part",
    "CALENDAR_QUARTER(CreatedDate)": "part",
    "DAY_IN_WEEK(CreatedDate)": "part",
    "DAY_IN_YEAR(CreatedDate)": "part",
    "FISCAL_MONTH(Parent.CreatedDate)": "part",
    "HOUR_IN_DAY(convertTimezone(CreatedDate))": "part",
    "WEEK_IN_MONTH(CreatedDate)": "part",
    "WEEK_IN_YEAR(Parent.CreatedDate)": "part",
    "DAY_ONLY(CreatedDate)": "day",
}
PARTS = {
    "CALENDAR_YEAR": lambda at: at.year,
    "CALENDAR_QUARTER": lambda at: {1: 1, 2: 1, 3: 1, 4: 2, 5: 2, 6: 2, 7: 3, 8: 3, 9: 3, 10: 4, 11: 4, 12: 4}[
        at.month
    ],
    "DAY_IN_WEEK": lambda at: at.isoweekday() % 7 + 1,
    "DAY_IN_YEAR": lambda at: at.timetuple().tm_yday,
    "FISCAL_MONTH": lambda at: at.month,
    "HOUR_IN_DAY": lambda at: at.hour,
    "WEEK_IN_MONTH": lambda at: (at.day - 1) // 7 + 1,
    "WEEK_IN_YEAR": lambda at: (at.timetuple().tm_yday - 1) // 7 + 1,
    "DAY_ONLY": lambda at: at.date(),
}
"""The date functions, as a calendar counts; the asker lives in UTC and their fiscal year is the calendar's."""
TEXTS = ["acme", "ACME", "Acme", "beta GmbH", "zenith & SÖHNE", "acme_holding", "Energy", "EMEA", "030 99", "", "nope"]
NUMBERS = [0, 1, 7, 8, 100, 20000, 5000000, -3]
INSTANTS = [
    datetime.fromisoformat(text)
    for text in (
        "2026-01-05T08:00Z",
        "2026-01-04T23:30Z",
        "2025-12-31T12:00Z",
        "2025-11-15T00:00Z",
        "2024-02-29T00:00Z",
    )
]
PART_VALUES = [1, 2, 3, 4, 8, 11, 12, 23, 46, 319, 365, 2025, 2026]
DAY_VALUES = [date(2026, 1, 5), date(2026, 1, 4), date(2025, 12, 31), date(2025, 6, 1)]
IDS = ["A1", "A2", "A3", "A4", "A9"]
PATTERNS = ["acme%", "%e%", "ACM_", "_eta%", "%\\_%", "acme\\_%", "%", "x%"]
DAYS = {
    "TODAY": (0, 1),
    "YESTERDAY": (-1, 0),
    "LAST_N_DAYS:40": (-40, 1),
    "LAST_YEAR": (-369, -4),
    "N_DAYS_AGO:52": (-52, -51),
}
"""Spans around Monday, 5 January 2026, in days from it."""


@dataclass(frozen=True)
class Test:
    """`field operator value`; lists for IN, a name of DAYS for spans."""

    field: str
    operator: str
    value: Any


@dataclass(frozen=True)
class Joined:
    word: str
    terms: tuple[Any, ...]


@dataclass(frozen=True)
class Not:
    term: Any


# -- generation --------------------------------------------------------------------------------------------------------


def values_of(kind: str) -> st.SearchStrategy[Any]:
    pools = {
        "text": TEXTS,
        "number": NUMBERS,
        "instant": INSTANTS,
        "id": [*IDS, ""],
        "truth": [True, False],
        "part": PART_VALUES,
        "day": DAY_VALUES,
    }
    return st.sampled_from([*pools[kind], None])


@st.composite
def tests(draw: st.DrawFn) -> Test:
    field = draw(st.sampled_from(sorted(KINDS)))
    kind = KINDS[field]
    operators = ["=", "!=", "IN", "NOT IN"]
    operators += ["<", "<=", ">", ">="] if kind != "truth" else []
    operators += ["LIKE"] if kind == "text" else []
    operator = draw(st.sampled_from(operators))
    if operator == "LIKE":
        return Test(field, operator, draw(st.sampled_from(PATTERNS)))
    if operator.endswith("IN"):
        return Test(field, operator, tuple(draw(st.lists(values_of(kind), min_size=1, max_size=4))))
    if kind == "instant" and draw(st.booleans()):
        return Test(field, operator, draw(st.sampled_from(sorted(DAYS))))
    return Test(field, operator, draw(values_of(kind)))


CONDITIONS: st.SearchStrategy[Any] = st.recursive(
    tests(),
    lambda inner: st.one_of(
        st.builds(Joined, st.sampled_from(["AND", "OR"]), st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Not, inner),
    ),
    max_leaves=6,
)
SORTABLE = ["DAY_IN_WEEK(CreatedDate)", "Name", "AnnualRevenue", "NumberOfEmployees", "CreatedDate", "Parent.Name"]
ORDERS = st.lists(
    st.tuples(st.sampled_from(SORTABLE), st.booleans(), st.sampled_from(["", "FIRST", "LAST"])),
    max_size=2,
    unique_by=lambda each: each[0],
)


# -- as text -----------------------------------------------------------------------------------------------------------


def written(node: Any) -> str:
    """The condition in SOQL."""
    if isinstance(node, Not):
        return f"(NOT {written(node.term)})"
    if isinstance(node, Joined):
        return f"({f' {node.word} '.join(map(written, node.terms))})"
    kind = KINDS[node.field]
    if isinstance(node.value, tuple):
        return f"{node.field} {node.operator} ({', '.join(_literal(kind, each) for each in node.value)})"
    return f"{node.field} {node.operator} {_literal(kind, node.value)}"


def _literal(kind: str, value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "TRUE", False: "false"}[value]
    if isinstance(value, date):
        return value.isoformat()
    if value in DAYS:
        return str(value)
    if kind == "id":
        return f"'{id_of(value)}'" if value else "''"
    return f"'{value}'" if isinstance(value, str) else str(value)


def ordered_by(orders: list[tuple[str, bool, str]]) -> str:
    """The ORDER BY clause, or nothing."""
    items = [f"{name} {'DESC' if down else 'ASC'}{f' NULLS {nulls}' if nulls else ''}" for name, down, nulls in orders]
    return f" ORDER BY {', '.join(items)}" if items else ""


# -- judged ------------------------------------------------------------------------------------------------------------

_ACCOUNTS = {record["Id"]: record for record in rows()["Account"]}
_USERS = {record["Id"]: record for record in rows()["User"]}


def value_in(record: dict[str, Any], path: str) -> Any:
    """A record's value at a path, in a form that compares as SOQL does."""
    function, bracket, inside = path.partition("(")
    if bracket:
        at = value_in(record, inside.strip(")").removeprefix("convertTimezone("))
        return None if at is None else PARTS[function](at)
    first, _, rest = path.partition(".")
    if rest:
        parents = _ACCOUNTS if first == "Parent" else _USERS
        parent = parents.get(record.get(f"{first}Id"))
        return value_in(parent, rest) if parent else (False if KINDS.get(path) == "truth" else None)
    value = record.get(path)
    if path == "CreatedDate":
        return datetime.fromisoformat(value)
    if KINDS.get(path) == "id":
        return None if value is None else id_of(value)
    return value.casefold() if isinstance(value, str) else value


def holds(node: Any, record: dict[str, Any]) -> bool:
    """Whether a record meets a condition."""
    if isinstance(node, Not):
        return not holds(node.term, record)
    if isinstance(node, Joined):
        found = [holds(term, record) for term in node.terms]
        return all(found) if node.word == "AND" else any(found)
    return _meets(node, value_in(record, node.field))


def _meets(node: Test, actual: Any) -> bool:
    if node.operator in {"=", "!=", "IN", "NOT IN"}:
        wanted = node.value if isinstance(node.value, tuple) else (node.value,)
        return any(_equal(node, actual, each) for each in wanted) is (node.operator in {"=", "IN"})
    if actual is None or node.value is None:
        return False
    if node.operator == "LIKE":
        return re.fullmatch(_pattern(node.value), actual, re.DOTALL) is not None
    return _ordered(node, actual)


def _equal(node: Test, actual: Any, value: Any) -> bool:
    if value in DAYS:
        start, end = _span(value)
        return actual is not None and start <= actual < end
    wanted = _comparable(node, value)
    return bool(actual) is bool(wanted) if KINDS[node.field] == "truth" else actual == wanted


def _ordered(node: Test, actual: Any) -> bool:
    if node.value in DAYS:
        start, end = _span(node.value)
        return {"<": actual < start, ">": actual >= end, "<=": actual < end, ">=": actual >= start}[node.operator]
    wanted = _comparable(node, node.value)
    if wanted is None:  # an order against an empty text: everything that is there comes behind it
        return node.operator in {">", ">="}
    return {"<": actual < wanted, ">": actual > wanted, "<=": actual <= wanted, ">=": actual >= wanted}[node.operator]


def _comparable(node: Test, value: Any) -> Any:
    if value == "" or value is None:
        return None
    if KINDS[node.field] == "id":
        return id_of(value)
    return value.casefold() if isinstance(value, str) else value


def _span(name: str) -> tuple[datetime, datetime]:
    midnight = NOW.replace(hour=0)
    start, end = DAYS[name]
    last = NOW + timedelta(seconds=1) if name.startswith("LAST_N_DAYS") else midnight + timedelta(days=end)
    return midnight + timedelta(days=start), last


def _pattern(text: str) -> str:
    pieces = re.findall(r"\\.|.", text.casefold(), re.DOTALL)
    return "".join({"%": ".*", "_": "."}.get(each, re.escape(each[-1])) for each in pieces)


def _at(path: str, record: dict[str, Any]) -> Any:
    return value_in(record, path)


def answer(condition: Any, orders: list[tuple[str, bool, str]], limit: int, offset: int) -> list[str]:
    """The short names of the accounts that a query should give, in order."""
    found = [each for each in rows()["Account"] if not each.get("IsDeleted") and holds(condition, each)]
    found.sort(key=lambda each: id_of(each["Id"]))
    for path, down, nulls in reversed(orders):
        first = nulls == "FIRST" if nulls else not down
        there = [each for each in found if value_in(each, path) is not None]
        missing = [each for each in found if value_in(each, path) is None]
        there.sort(key=partial(_at, path), reverse=down)  # equals keep their order, backwards too
        found = missing + there if first else there + missing
    return [each["Id"] for each in found[offset : offset + limit]]
