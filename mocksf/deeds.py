"""What somebody else does to the org just before a request arrives: one function per deed, as a person would do it."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from mocksf.errors import Refusal
from mocksf.faults import ChangeSchema, Deed, DeleteRecord, RevokeToken
from mocksf.formula import FormulaError
from mocksf.ids import normalise_id
from mocksf.messages import Request
from mocksf.org import Org
from mocksf.permissions import EditionError
from mocksf.records import Actor
from mocksf.rest import bodies
from mocksf.schema import SchemaError, changed_schema
from mocksf.targets import unquoted

_ROW = re.compile(r"/sobjects/(?P<sobject>\w+)/(?P<first>[^/?]+)(?:/(?P<value>[^/?]+))?(?:\?|$)", re.IGNORECASE)


def carry_out(deeds: tuple[Deed, ...], org: Org, request: Request) -> None:
    """Do them, in order. A deed that finds nothing to do, or that the org refuses, is not done."""
    for deed in deeds:
        DEEDS[type(deed)](deed, org, request)


def _revoke(_: Any, org: Org, request: Request) -> None:
    scheme, _, token = (request.header("authorization") or "").partition(" ")
    if scheme.lower() in ("bearer", "oauth"):
        org.sessions.revoke(token.strip())


def _delete(deed: DeleteRecord, org: Org, request: Request) -> None:
    kind = org.schema.get(deed.sobject)
    found = next((row for row in _rows(request) if row[0].casefold() == deed.sobject.casefold()), None)
    if kind is None or found is None:
        return
    _, first, value = found
    actor = Actor(org.admin_id, org.clock.now())
    try:
        record_id = normalise_id(first) if value is None else _by_key(org, deed.sobject, first, value)
        if record_id is not None and org.store.exists(kind, record_id):
            with org.store.turn(), org.streaming.occasion(actor.now, actor.user_id), org.store.atomic():
                org.records.delete(actor, kind, record_id)
    except Refusal:
        return


def _by_key(org: Org, sobject: str, key: str, value: str) -> str | None:
    kind = org.schema[sobject]
    return org.records.find_key(kind, org.records.key_field(kind, key), value)


def _rows(request: Request) -> list[tuple[str, str, str | None]]:
    """The rows that a request names, those of a composite's parts included: object, id or key field, key."""
    targets = [request.target]
    if request.path.endswith("/composite"):
        try:
            parts = bodies.parse(bodies.content(request)).get("compositeRequest", [])
            targets += [str(part.get("url", "")) for part in parts]
        except (Refusal, bodies.TooLarge, AttributeError, TypeError):
            return []
    found = (_ROW.search(target) for target in targets)
    return [(row["sobject"], unquoted(row["first"]), row["value"] and unquoted(row["value"])) for row in found if row]


def _deploy(deed: ChangeSchema, org: Org, _: Request) -> None:
    try:
        org.change_schema(changed_schema(org.schema, deed.change, "the deploy"))
    except (SchemaError, FormulaError, EditionError):
        return


DEEDS: Mapping[type[Any], Callable[[Any, Org, Request], None]] = {
    RevokeToken: _revoke,
    DeleteRecord: _delete,
    ChangeSchema: _deploy,
}
"""How each deed is done."""
