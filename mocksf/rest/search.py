"""Searches: SOSL, and the parameterized search that says the same in JSON."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.messages import Json, Response
from mocksf.rest.asking import asked_by
from mocksf.rest.routing import Route
from mocksf.rest.session import Call, Session
from mocksf.sosl import Searcher

WRAPPED_SINCE = 37.0
"""Before this version an answer is the bare array of records (recorded)."""


BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("From v37.0 on an answer is an object around searchRecords, before that the bare array", Evidence.RECORDED),
    ("WITH METADATA = 'LABELS' adds entityMetadata with entityName and fieldMetadata", Evidence.ASSUMED),
    ("In the q of a parameterized search only wildcards and quotes are more than text", Evidence.ASSUMED),
    ("An unknown property of a parameterized search is refused", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""

_RESERVED = re.compile(r"[&|!{}\[\]^~:+\-'\\()]")
_NAME = re.compile(r"[A-Za-z]\w*", re.ASCII)
_KNOWN = {
    "q": str,
    "fields": list,
    "sobjects": list,
    "in": str,
    "overallLimit": int,
    "defaultLimit": int,
    "offset": int,
    "spellCorrection": bool,
    "netWorkIds": list,
    "dataCategories": list,
    "updateTracking": bool,
    "updateViewStat": bool,
    "pricebookId": str,
    "snippet": str,
    "metadata": str,
}
"""The properties of a parameterized search and the types of their values (facts on SOQL §3.2)."""
_OF_OBJECT = {"name": str, "fields": list, "where": str, "orderBy": str, "limit": int}
_TYPES = {str: "a text", list: "a list", int: "a number", bool: "true or false"}


def search(session: Session, call: Call) -> Response:
    """The records that a SOSL statement finds."""
    return _answer(session, call, call.query.get("q", ""))


def parameterized(session: Session, call: Call) -> Response:
    """The records that words find, in the objects and fields that parameters name."""
    said = call.json_object() if call.method == "POST" else _from_query(call)
    return _answer(session, call, _statement(said))


def _answer(session: Session, call: Call, text: str) -> Response:
    org = session.org
    org.records.automation.freshen(session.now, session.user_id)
    lag = org.settings.search_lag_s
    until = session.now - timedelta(seconds=lag) if lag else None
    found = Searcher(org.schema, org.store, asked_by(session), call.version, until).find(text)
    if float(call.version) < WRAPPED_SINCE:
        return Response(200, found.records)
    body: dict[str, Json] = {"searchRecords": found.records}
    if found.labels:
        body["metadata"] = {"entityMetadata": found.labels}
    return Response(200, body)


# -- parameters as a statement -----------------------------------------------------------------------------------------


def _from_query(call: Call) -> dict[str, Any]:
    """The parameters of a GET: `sobject` as often as there are objects, and `Contact.fields=…` for one of them."""
    pairs = call.pairs
    names = [name for key, value in pairs if key in {"sobject", "sobjects"} for name in _listed(value)]
    said: dict[str, Any] = {"sobjects": [{"name": name} for name in names]} if names else {}
    for key, value in pairs:
        owner, dot, property_ = key.partition(".")
        if dot:
            _of(said, owner)[property_] = _typed(property_, value, _OF_OBJECT)
        elif key not in {"sobject", "sobjects", "oauth_token"}:
            said[key] = _typed(key, value, _KNOWN)
    return said


def _of(said: dict[str, Any], owner: str) -> dict[str, Any]:
    for each in said.get("sobjects", ()):
        if each["name"].lower() == owner.lower():
            found: dict[str, Any] = each
            return found
    raise Refuse.BAD_SEARCH_PARAMETER(reason=f"{owner} is not among the sobject parameters")


def _typed(name: str, value: str, known: Mapping[str, type]) -> Any:
    kind = known.get(name)
    if kind is list:
        return _listed(value)
    if kind is int and value.isascii() and value.isdigit():
        return int(value)
    return value.lower() == "true" if kind is bool else value


def _listed(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]


def _statement(said: Mapping[str, Any]) -> str:
    """The SOSL that says the same. Raises Refusal for an unknown or odd property."""
    _check(said, _KNOWN)
    group = str(said.get("in", "ALL")).upper()
    if group not in {"ALL", "NAME", "EMAIL", "PHONE", "SIDEBAR"}:
        raise Refuse.BAD_SEARCH_PARAMETER(reason=f"in is one of ALL, NAME, EMAIL, PHONE and SIDEBAR, not {group}")
    objects = [_object(each, said) for each in said.get("sobjects", ())]
    statement = f"FIND {{{_words(said.get('q', ''))}}} IN {group} FIELDS"
    if objects:
        statement += f" RETURNING {', '.join(objects)}"
    if str(said.get("metadata", "")).upper() == "LABELS":
        statement += " WITH METADATA = 'LABELS'"
    return statement + (f" LIMIT {said['overallLimit']}" if "overallLimit" in said else "")


def _words(q: str) -> str:
    """The words of `q` with what is reserved made text; wildcards stay, and quotes where they come in pairs."""
    escaped = _RESERVED.sub(lambda found: f"\\{found[0]}", q)
    return escaped if escaped.count('"') % 2 == 0 else escaped.replace('"', '\\"')


def _object(each: Json, said: Mapping[str, Any]) -> str:
    """One object of RETURNING, with its own settings or those for all."""
    if isinstance(each, str):
        each = {"name": each}
    if not isinstance(each, dict) or "name" not in each:
        raise Refuse.BAD_SEARCH_PARAMETER(reason="each of sobjects is an object with a name")
    _check(each, _OF_OBJECT)
    fields = ", ".join(map(_name, each.get("fields") or said.get("fields") or ["Id"]))
    clauses = f"{fields}"
    clauses += f" WHERE {each['where']}" if each.get("where") else ""
    clauses += f" ORDER BY {each['orderBy']}" if each.get("orderBy") else ""
    limit = each.get("limit", said.get("defaultLimit"))
    clauses += f" LIMIT {limit}" if limit is not None else ""
    clauses += f" OFFSET {said['offset']}" if said.get("offset") else ""
    return f"{_name(each['name'])}({clauses})"


def _name(value: Json) -> str:
    """A name of an object or a path to a field, and nothing that would be read as more."""
    if not isinstance(value, str) or not all(_NAME.fullmatch(each) for each in value.split(".")):
        raise Refuse.BAD_SEARCH_PARAMETER(reason=f"{value!r} is no name")
    return value


def _check(said: Mapping[str, Any], known: Mapping[str, type]) -> None:
    for name, value in said.items():
        kind = known.get(name)
        if kind is None:
            raise Refuse.BAD_SEARCH_PARAMETER(reason=f"there is no property {name!r}; known are {', '.join(known)}")
        if type(value) is not kind or (isinstance(value, int) and value < 0):
            raise Refuse.BAD_SEARCH_PARAMETER(reason=f"{name} must be {_TYPES[kind]}")


ROUTES = (
    Route("GET", "/search", search),
    Route("GET", "/parameterizedSearch", parameterized),
    Route("POST", "/parameterizedSearch", parameterized),
)
