"""Recent items on the wire: the resource that lists them, and the requests that make records recent."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.messages import Response
from mocksf.moments import milliseconds
from mocksf.rest.recents import KEPT_MAX
from mocksf.rest.routing import Route
from mocksf.rest.session import Call, Session
from mocksf.schema import SObject

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("Who creates, changes or upserts one record has it among the recent items", Evidence.DOCUMENTED),
    ("The header Sforce-Mru is heard in every version", Evidence.ASSUMED),
    ("LastViewedDate and LastReferencedDate are the same for all users", Evidence.ASSUMED),
    ("FOR VIEW stamps both, FOR REFERENCE the latter", Evidence.DOCUMENTED),
    ("Recent items are not kept by a file or a database; they begin anew with the process", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""

_OFF = re.compile(r"\bupdateMru\s*=\s*false\b", re.IGNORECASE)


def touched(session: Session, call: Call, record_id: str) -> None:
    """A record was saved: it is recent now, unless the request says that it should not be."""
    wish = call.header("sforce-mru")
    if wish is None or _OFF.search(wish) is None:
        session.seen.append(record_id)


def viewed(session: Session, purposes: Iterable[str], records: Iterable[dict[str, Any]]) -> None:
    """A query read records FOR VIEW or FOR REFERENCE: stamp them, and remember them for the user."""
    names = [name for purpose, stamped in _STAMPS.items() if purpose in purposes for name in stamped]
    if not names:
        return
    now = milliseconds(session.now) // 1000 * 1000
    for record in records:
        record_id = str(record["attributes"].get("url", "")).rpartition("/")[2]
        kind = session.org.schema.of_id(record_id)
        if kind is not None:
            stamps = {name: now for name in names if kind.get(name) is not None}
            session.org.store.update(kind, record_id, stamps)
            session.seen.append(record_id)


_STAMPS = {"FOR VIEW": ("LastViewedDate", "LastReferencedDate"), "FOR REFERENCE": ("LastReferencedDate",)}


def listed(session: Session, call: Call, sobject: SObject | None = None) -> Iterator[dict[str, Any]]:
    """The recent records of the calling user that are still there, the latest first; of one object, or of all."""
    for record_id in session.org.recents.of(session.user_id):
        kind = sobject or session.org.schema.of_id(record_id)
        if kind is None or kind.key_prefix != record_id[:3] or not kind.flags.get("mruEnabled"):
            continue
        row, name = session.org.store.fetch(kind, record_id), kind.name_field
        if row is not None and not row.get("IsDeleted"):
            url = f"/services/data/v{call.version}/sobjects/{kind.name}/{record_id}"
            named = {name.name: row[name.name]} if name is not None else {}
            yield {"attributes": {"type": kind.name, "url": url}, "Id": record_id, **named}


def recent(session: Session, call: Call) -> Response:
    """The records that the calling user touched last; `?limit=` says how many."""
    asked = call.query.get("limit", str(KEPT_MAX))
    limit = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0
    if not 0 < limit <= KEPT_MAX:
        raise Refuse.BAD_RECENT_LIMIT(maximum=KEPT_MAX, value=asked)
    return Response(200, [*listed(session, call)][:limit])


ROUTES = (Route("GET", "/recent", recent, composable=True),)
