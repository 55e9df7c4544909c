"""A second opinion on groups: subtotals counted over plain dicts, and compared as sets of rows."""

from itertools import combinations
from typing import Any

from hypothesis import strategies as st

from tests.soql_reading import holds, value_in, written
from tests.soql_world import rows

GROUPED = ["Industry", "Region__c", "CALENDAR_YEAR(CreatedDate)", "Parent.Name"]
GROUPS = st.lists(st.sampled_from(GROUPED), min_size=1, max_size=3, unique=True)
KINDS = st.sampled_from(["", "ROLLUP", "CUBE"])


def asked(groups: list[str], kind: str, condition: Any) -> str:
    """The query for groups, how many records each has, and sums over them."""
    selected = [f"{group} g{at}" for at, group in enumerate(groups)]
    if kind:
        selected += [f"GROUPING({group}) t{at}" for at, group in enumerate(groups)]
    selected += ["COUNT(Id) n", "SUM(NumberOfEmployees) s", "MAX(CreatedDate) newest"]
    by = f"{kind}({', '.join(groups)})" if kind else ", ".join(groups)
    return f"SELECT {', '.join(selected)} FROM Account WHERE {written(condition)} GROUP BY {by}"


def expected(groups: list[str], kind: str, condition: Any) -> list[tuple[Any, ...]]:
    """The rows that should come, in any order: groups, flags, count, sum."""
    there = [each for each in rows()["Account"] if not each.get("IsDeleted") and holds(condition, each)]
    found = []
    for rolled in _rollings(len(groups), kind):
        members: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
        for record in there:
            key = tuple(None if at in rolled else value_in(record, group) for at, group in enumerate(groups))
            members.setdefault(key, []).append(record)
        flags = tuple(int(at in rolled) for at in range(len(groups))) if kind else ()
        found += [(*key, *flags, len(each), _sum(each)) for key, each in members.items()]
    return sorted(found, key=repr)


def _rollings(size: int, kind: str) -> list[set[int]]:
    if kind == "ROLLUP":
        return [set(range(length, size)) for length in range(size + 1)]
    sizes = range(size + 1) if kind == "CUBE" else (0,)
    return [set(chosen) for count in sizes for chosen in combinations(range(size), count)]


def _sum(records: list[dict[str, Any]]) -> int | None:
    known = [each["NumberOfEmployees"] for each in records if each.get("NumberOfEmployees") is not None]
    return sum(known) if known else None


def told(records: list[dict[str, Any]], groups: list[str], kind: str) -> list[tuple[Any, ...]]:
    """The rows of an answer in the same form; texts as they compare."""
    names = [f"g{at}" for at in range(len(groups))]
    flags = [f"t{at}" for at in range(len(groups))] if kind else []
    keys = [*names, *flags, "n", "s"]
    plain = [tuple(_folded(record[key]) for key in keys) for record in records]
    return sorted(plain, key=repr)


def _folded(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value
