"""Describes: all objects in short, one object in full, both with 304 for those who have them already."""

from functools import lru_cache
from zlib import crc32

import orjson

from mocksf.messages import Raw, Response
from mocksf.rest import conditions
from mocksf.rest.conditions import Stamp
from mocksf.rest.routing import Route
from mocksf.rest.session import Call, Session
from mocksf.schema import Schema, describe_body, describe_global


@lru_cache(maxsize=512)
def _etag(body: Raw) -> str:
    return f'"{crc32(body):08x}"'


@lru_cache(maxsize=64)
def _global_body(schema: Schema, version: str) -> Raw:
    return Raw(orjson.dumps(describe_global(schema, version)))


def all_objects(session: Session, call: Call) -> Response:
    """The describe global."""
    return _described(session, call, _global_body(session.org.schema, call.version))


def one_object(session: Session, call: Call, sobject: str) -> Response:
    """The full describe of one object."""
    kind = session.sobject(sobject)
    return _described(session, call, describe_body(session.org.schema, kind, call.version, session.base_url))


def _described(session: Session, call: Call, body: Raw) -> Response:
    stamp = Stamp(_etag(body), session.org.founded.replace(microsecond=0))
    unchanged = conditions.check(call, stamp)
    return unchanged if unchanged is not None else Response(200, body, stamp.headers)


ROUTES = (
    Route("GET", "/sobjects", all_objects, composable=True),
    Route("GET", "/sobjects/{sobject}/describe", one_object, composable=True),
)
