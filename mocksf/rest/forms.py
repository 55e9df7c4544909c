"""Bodies in parts: a record as JSON, and the bytes of its file beside it (documented: inserting blob data)."""

from base64 import b64encode
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

from mocksf.errors import Refuse
from mocksf.rest import bodies
from mocksf.rest.session import Call

MEDIA = "multipart/form-data"


def record_of(call: Call) -> dict[str, Any]:
    """The record that a body holds: JSON, or in a form the part that is JSON, with the files of the others in base64.

    Raises what reading JSON raises.
    """
    media = call.header("content-type") or ""
    if not media.lower().startswith(MEDIA):
        return call.json_object()
    head = f"Content-Type: {media}\r\n\r\n".encode()
    form = BytesParser(policy=HTTP).parsebytes(head + call.content)
    parts = [each for each in form.walk() if not each.is_multipart()]
    records = [each for each in parts if each.get_content_type() == "application/json"]
    if not records:
        raise Refuse.NO_BODY()
    record = bodies.parse(_content(records[0]))
    if not isinstance(record, dict):
        raise bodies.wrong_shape(record)
    files = {name: each for each in parts if each is not records[0] and (name := _name(each))}
    return {**record, **{name: b64encode(_content(each)).decode() for name, each in files.items()}}


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _name(part: Message) -> str:
    """The field that a part is for."""
    return str(part.get_param("name", "", header="content-disposition"))
