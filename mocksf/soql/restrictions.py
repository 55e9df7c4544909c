"""Objects that want to be asked for certain records only (SOQL reference, object restrictions)."""

from mocksf.soql.nodes import Chain, Comparison, Condition, Not, Path, Query

LINK = "ContentDocumentLink"
_NARROWING = frozenset({"id", "contentdocumentid", "linkedentityid"})


def is_narrowed(sobject: str, where: Condition | None) -> bool:
    """Whether a query's filter is as narrow as its object wants it."""
    return sobject != LINK or (where is not None and _names_ids(where))


def _names_ids(condition: Condition) -> bool:
    """Whether every record that fits is one of some ids, or belongs to one of them."""
    if isinstance(condition, Comparison):
        named = isinstance(condition.left, Path) and condition.left.names[-1].lower() in _NARROWING
        return named and condition.operator in {"=", "IN"} and not isinstance(condition.right, Query)
    if isinstance(condition, Not):
        return False
    assert isinstance(condition, Chain)
    found = map(_names_ids, condition.terms)
    return any(found) if condition.joiner == "AND" else all(found)
