"""Duplicate rules: a record that is like another is refused, unless the rule and the client let it pass."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mocksf.actor import Actor
from mocksf.errors import Refusal, Refuse
from mocksf.schema.definitions import DuplicateRule
from mocksf.schema.model import Field, SObject
from mocksf.store import Store
from mocksf.tables import column, table

ALERT = "Use one of these records?"
"""What a rule says when it has no text of its own (recorded)."""
MISSPELT_UNTIL = 51.0
"""Up to this version the answer's key lacks an `l` (recorded for 50 and 51; where it ends is assumed)."""
MATCHES_MAX = 100
"""How many matching records an answer names (assumed)."""

_NO_LETTER = re.compile(r"[\W_]+")
Row = Mapping[str, Any]


def check_duplicates(store: Store, actor: Actor, sobject: SObject, before: Row | None, row: Row) -> None:
    """Raise the refusal of the first rule that finds a match. `before` is None for a new record."""
    for rule in sobject.duplicate_rules:
        if not rule.active or (before is not None and not _moved(rule, before, row)):
            continue
        action = rule.on_insert if before is None else rule.on_update
        if action == "Allow" and actor.allow_duplicates:
            continue
        found = _matches(store, sobject, rule, row)
        if found:
            raise _refusal(actor, sobject, rule, action == "Allow", found)


def _moved(rule: DuplicateRule, before: Row, row: Row) -> bool:
    return any(before.get(name) != row.get(name) for name, _ in rule.match_fields)


# -- matching ----------------------------------------------------------------------------------------------------------


def _exact(value: str) -> str:
    return value.casefold()


def _digits(value: str) -> str:
    return "".join(each for each in value if each.isdigit())


def _loose(value: str) -> str:
    return _NO_LETTER.sub("", value.casefold())


def _form(field: Field, method: str) -> Callable[[str], str]:
    """How a value is written before it is compared: phones by their digits, fuzzy methods by letters and digits."""
    if field.type == "phone":
        return _digits
    return _exact if method == "Exact" else _loose


def _matches(store: Store, sobject: SObject, rule: DuplicateRule, row: Row) -> list[str]:
    """The ids of other records that are alike in every field of the rule; a blank is like nothing."""
    fields = [(field, _form(field, method)) for name, method in rule.match_fields if (field := sobject.get(name))]
    wanted = [form(str(row[field.name])) for field, form in fields if row.get(field.name) is not None]
    if len(wanted) < len(rule.match_fields) or not all(wanted):
        return []
    found = []
    for other in _candidates(store, sobject, fields, row):
        alike = (other.get(field.name) is not None and form(str(other[field.name])) for field, form in fields)
        if other["Id"] != row.get("Id") and list(alike) == wanted:
            found.append(str(other["Id"]))
    return found[:MATCHES_MAX]


def _candidates(
    store: Store, sobject: SObject, fields: list[tuple[Field, Callable[[str], str]]], row: Row
) -> Iterable[Row]:
    """Records that may match: by a field that is compared as stored, else all that have a value there."""
    for field, form in fields:
        if form is _exact and (field.folded or not field.is_text):
            return store.find(sobject, field, row[field.name])
    names = ["Id", *(field.name for field, _ in fields)]
    columns = ", ".join(f'"{name}"' for name in names)
    alive = ' AND "IsDeleted" = 0' if sobject.get("IsDeleted") else ""
    statement = f'SELECT {columns} FROM {table(sobject)} WHERE {column(fields[0][0])} IS NOT NULL{alive} ORDER BY "Id"'
    return [dict(zip(names, each, strict=True)) for each in store.rows(statement)]


# -- the answer --------------------------------------------------------------------------------------------------------


def _refusal(actor: Actor, sobject: SObject, rule: DuplicateRule, allowed: bool, found: list[str]) -> Refusal:
    """DUPLICATES_DETECTED with the matches, key for key as recorded (facts on REST, §4.5)."""
    message = rule.alert or ALERT
    fuzzy = any(method != "Exact" for _, method in rule.match_fields)
    result = {
        "allowSave": allowed,
        "duplicateRule": rule.name,
        "duplicateRuleEntityType": sobject.name,
        "errorMessage": message,
        "matchResults": [
            {
                "entityType": sobject.name,
                "errors": [],
                "matchEngine": "FuzzyMatchEngine" if fuzzy else "ExactMatchEngine",
                "matchRecords": [_match(actor, sobject, each) for each in found],
                "rule": rule.name,
                "size": len(found),
                "success": True,
            }
        ],
    }
    refusal = Refuse.DUPLICATES(message=message)
    key = "duplicateResut" if float(actor.version) <= MISSPELT_UNTIL else "duplicateResult"
    refusal.extra = {key: result}
    return refusal


def _match(actor: Actor, sobject: SObject, record_id: str) -> dict[str, Any]:
    url = f"/services/data/v{actor.version}/sobjects/{sobject.name}/{record_id}"
    return {
        "additionalInformation": [],
        "fieldDiffs": [],
        "matchConfidence": 100,
        "record": {"attributes": {"type": sobject.name, "url": url}, "Id": record_id},
    }
