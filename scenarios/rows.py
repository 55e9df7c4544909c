"""What stands in the org, asked once per object and put in order: values by key, people by telephone number."""

from collections.abc import Sequence
from typing import Any

from scenarios.once import once
from scenarios.witness import Wanted, Witness

SAME_DIGITS = 9
"""Two numbers are one when so many of their last digits agree: with or without the country's code."""

Rows = dict[tuple[str, str], list[dict[str, Any]]]


@once
def _tables(seen: Witness) -> dict[str, Rows]:
    """Object → (key field, key) → rows, with every field that anybody wanted something in: one query per object."""
    fields: dict[str, set[str]] = {}
    keys: dict[str, set[str]] = {}
    for wanted in seen.wanted:
        fields.setdefault(wanted.sobject, set()).add(wanted.field)
        keys.setdefault(wanted.sobject, set()).add(wanted.key[0])
    return {sobject: _table(seen, sobject, fields[sobject] | keys[sobject], keys[sobject]) for sobject in fields}


def _table(seen: Witness, sobject: str, fields: set[str], keys: set[str]) -> Rows:
    rows: Rows = {}
    for row in seen.soql(f"SELECT {', '.join(sorted(fields))} FROM {sobject}"):
        for key in keys:
            rows.setdefault((key, str(row[key])), []).append(row)
    return rows


@once
def _gone(seen: Witness) -> set[tuple[str, str, str]]:
    """(object, key field, key) of records that somebody deleted."""
    keys = {(each.sobject, each.key[0]) for each in seen.wanted} if seen.deletions else set()
    return {
        (sobject, field, str(row[field]))
        for sobject, field in sorted(keys)
        for row in seen.visible(f"SELECT {field}, IsDeleted FROM {sobject}")
        if row["IsDeleted"]
    }


def was_deleted(seen: Witness, wanted: Wanted) -> bool:
    """Whether somebody deleted the record of an intent: then nobody can say what should stand there."""
    return (wanted.sobject, *wanted.key) in _gone(seen)


def value_there(seen: Witness, wanted: Wanted) -> list[Any]:
    """The field's value in each record that fits (one, if all is well)."""
    return [row[wanted.field] for row in _tables(seen)[wanted.sobject].get(wanted.key, ())]


def same_number(seen: Witness, sobject: str, number: str) -> list[dict[str, Any]]:
    """The people (contacts, or leads that are still open) whose telephone number is this one, however it is typed."""
    return (_contacts if sobject == "Contact" else _leads)(seen).get(_digits(number), [])


@once
def _contacts(seen: Witness) -> dict[str, list[dict[str, Any]]]:
    return _by_number(seen.soql("SELECT Id, Phone, Caller_Key__c FROM Contact"), "Caller_Key__c")


@once
def _leads(seen: Witness) -> dict[str, list[dict[str, Any]]]:
    return _by_number(seen.soql("SELECT Id, Phone, Call_Key__c FROM Lead WHERE IsConverted = false"), "Call_Key__c")


def _by_number(rows: Sequence[dict[str, Any]], key: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        keyed = _digits(row[key]) if str(row[key] or "").startswith("+") else ""
        for digits in dict.fromkeys((_digits(row["Phone"]), keyed)):
            if digits:
                found.setdefault(digits, []).append(row)
    return found


def _digits(number: str | None) -> str:
    return "".join(each for each in number or "" if each.isdigit())[-SAME_DIGITS:]
