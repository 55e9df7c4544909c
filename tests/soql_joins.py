"""A second opinion on what one query asks of several objects: semi-joins and anti-joins, children, chosen parents."""

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.soql_reading import holds, written
from tests.soql_world import rows

_SIMPLE = {
    "Contact": [("Email = null", "Email", None), ("LastName = 'zoë'", "LastName", "zoë")],
    "Opportunity": [("Amount = null", "Amount", None), ("StageName = 'Closed Won'", "StageName", "closed won")],
}
"""Filters of inner objects: as text, and as a field with the value that it has."""
_CHILDREN = {"Contacts": ("Contact", "LastName"), "Opportunities": ("Opportunity", "Name")}
"""Relationships of accounts, with their objects and a field that sorts them."""


@dataclass(frozen=True)
class Inner:
    """`Id [NOT] IN (SELECT AccountId FROM … WHERE [NOT] …)`."""

    among: bool
    sobject: str
    filter: int | None
    inverse: bool

    def __str__(self) -> str:
        text = f"SELECT AccountId FROM {self.sobject}"
        if self.filter is not None:
            text += f" WHERE {'NOT ' if self.inverse else ''}{_SIMPLE[self.sobject][self.filter][0]}"
        return f"Id {'IN' if self.among else 'NOT IN'} ({text})"

    def lets_through(self, account: dict[str, Any]) -> bool:
        """Whether it holds of an account; a child without a parent counts for nothing."""
        parents = {each.get("AccountId") for each in alive(self.sobject) if self._fits(each)} - {None}
        return (account["Id"] in parents) is self.among

    def _fits(self, record: dict[str, Any]) -> bool:
        if self.filter is None:
            return True
        _, field, wanted = _SIMPLE[self.sobject][self.filter]
        value = record.get(field)
        return ((value.casefold() if isinstance(value, str) else value) == wanted) is not self.inverse


INNERS = st.lists(
    st.builds(Inner, st.booleans(), st.sampled_from(sorted(_SIMPLE)), st.sampled_from([None, 0, 1]), st.booleans()),
    min_size=1,
    max_size=2,
)
FAMILIES = st.lists(
    st.tuples(st.sampled_from(sorted(_CHILDREN)), st.booleans(), st.integers(0, 3)),
    min_size=1,
    max_size=2,
    unique_by=lambda each: each[0],
)
"""Subqueries: the relationship, whether the order is turned round, and a LIMIT (0: none)."""


def alive(sobject: str) -> list[dict[str, Any]]:
    """The records of an object that are not deleted."""
    return [each for each in rows()[sobject] if not each.get("IsDeleted")]


def joined(condition: Any, inners: list[Inner]) -> str:
    """The query for the accounts that meet a condition and all joins."""
    return f"SELECT Id FROM Account WHERE {' AND '.join([written(condition), *map(str, inners)])}"


def joined_answer(condition: Any, inners: list[Inner]) -> list[str]:
    """Their short names."""
    met = [each for each in alive("Account") if holds(condition, each)]
    return [each["Id"] for each in met if all(inner.lets_through(each) for inner in inners)]


def families(condition: Any, asked: list[tuple[str, bool, int]]) -> str:
    """The query for accounts with their parents' names and their children."""
    selected = ["Id", "Parent.Name"]
    for relationship, down, limit in asked:
        _, field = _CHILDREN[relationship]
        cut = f" LIMIT {limit}" if limit else ""
        selected.append(f"(SELECT {field} FROM {relationship} ORDER BY {field}{' DESC' if down else ''}{cut})")
    return f"SELECT {', '.join(selected)} FROM Account WHERE {written(condition)}"


def families_answer(condition: Any, asked: list[tuple[str, bool, int]]) -> list[dict[str, Any]]:
    """The records that should come."""
    names = {each["Id"]: each["Name"] for each in alive("Account")}
    found = []
    for account in alive("Account"):
        if not holds(condition, account):
            continue
        parent = account.get("ParentId")
        record: dict[str, Any] = {"Id": account["Id"], "Parent": {"Name": names[parent]} if parent else None}
        record |= {relationship: _family(account, relationship, down, limit) for relationship, down, limit in asked}
        found.append(record)
    return found


def _family(account: dict[str, Any], relationship: str, down: bool, limit: int) -> dict[str, Any] | None:
    sobject, field = _CHILDREN[relationship]
    values = [each[field] for each in alive(sobject) if each.get("AccountId") == account["Id"]]
    values = sorted(values, key=str.casefold, reverse=down)[: limit or None]
    return {"totalSize": len(values), "done": True, "records": [{field: each} for each in values]} if values else None
