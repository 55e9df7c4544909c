"""A second opinion on SOSL: searches as plain data, written as text, and judged over plain dicts by other code."""

import re
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.soql_world import rows, schema

WORDS = ["acme", "ACME", "ac*", "beta", "gmbh", "söhne", "Zenith", "deal", "big", "b?g", "technology", "berlin", "emea"]
OBJECTS = ["Account", "Contact", "Opportunity", "Lead"]
NAMES = {
    "Account": ["Name", "Website", "Site"],
    "Contact": ["Name", "FirstName", "LastName", "AssistantName"],
    "Opportunity": ["Name"],
    "Lead": ["Name", "Company", "FirstName", "LastName"],
}


@dataclass(frozen=True)
class Word:
    text: str


@dataclass(frozen=True)
class Joined:
    word: str
    terms: tuple[Any, ...]


# -- generation --------------------------------------------------------------------------------------------------------

TREES: st.SearchStrategy[Any] = st.recursive(
    st.builds(Word, st.sampled_from(WORDS)),
    lambda inner: st.builds(
        Joined, st.sampled_from(["AND", "OR", "AND NOT", ""]), st.lists(inner, min_size=2, max_size=2).map(tuple)
    ),
    max_leaves=5,
)
GROUPS = st.sampled_from(["ALL", "NAME", "EMAIL", "PHONE"])


def written(tree: Any) -> str:
    """The search query in SOSL."""
    if isinstance(tree, Word):
        return tree.text
    return f"({f' {tree.word} '.join(map(written, tree.terms))})"


# -- judged ------------------------------------------------------------------------------------------------------------


def answer(tree: Any, group: str, sobject: str) -> set[str]:
    """The short names of the records of an object that a search should find."""
    return {
        each["Id"] for each in rows()[sobject] if not each.get("IsDeleted") and holds(tree, texts(each, group, sobject))
    }


def texts(record: dict[str, Any], group: str, sobject: str) -> list[list[str]]:
    """The words of the fields that a group stands for."""
    found = []
    for name, value in record.items():
        field = schema()[sobject].get(name)
        wanted = {"ALL": field.is_text, "NAME": name in NAMES[sobject]}.get(group, field.type == group.lower())
        if wanted and isinstance(value, str):
            found.append([each for each in re.split(r"\W+", value.casefold()) if each])
    return found


def holds(tree: Any, fields: list[list[str]]) -> bool:
    """Whether some fields hold what is wanted."""
    if isinstance(tree, Word):
        pattern = re.escape(tree.text.casefold()).replace(r"\*", r"\w*").replace(r"\?", r"\w")
        return any(re.fullmatch(pattern, word) for words in fields for word in words)
    first, second = (holds(each, fields) for each in tree.terms)
    return {"OR": first or second, "AND NOT": first and not second}.get(tree.word, first and second)
