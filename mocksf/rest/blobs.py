"""The content of files: the bytes behind a base64 field, at the address that stands in its place."""

from base64 import b64decode
from typing import Any

from mocksf.errors import Refuse
from mocksf.messages import Raw, Response
from mocksf.rest.session import Session
from mocksf.schema import Field, SObject

USUAL_TYPE = "application/octetstream"
"""What a content without a type of its own is called (recorded in clients' fixtures)."""


def content_field(kind: SObject, record_id: str, name: str) -> Field | None:
    """The base64 field that the last part of an address names behind the id of a record, or None."""
    field = kind.get(name)
    addressed = kind.key_prefix is not None and record_id.startswith(kind.key_prefix)
    return field if field is not None and field.type == "base64" and addressed else None


def content(session: Session, kind: SObject, record_id: str, field: Field) -> Response:
    """The bytes of a file. Raises what reading its record raises, and NO_SUCH_RESOURCE where there are none."""
    records = session.org.records
    row = records.read(kind, records.resolve_id(record_id))
    if row[field.name] is None:
        raise Refuse.NO_SUCH_RESOURCE()
    media = row.get("ContentType") or USUAL_TYPE
    return Response(200, Raw(b64decode(row[field.name])), {"Content-Type": media})


def addressed(kind: SObject, address: str, record: dict[str, Any]) -> dict[str, Any]:
    """A record with addresses in the place of its contents."""
    for field in kind.fields:
        if field.type == "base64" and record.get(field.name) is not None:
            record[field.name] = f"{address}/{field.name}"
    return record
