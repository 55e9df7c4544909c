"""Addresses that follow several relationships: `/sobjects/Contact/{id}/Account/Owner`."""

from mocksf.errors import Refuse
from mocksf.ids import normalise_id
from mocksf.messages import Response
from mocksf.rest import sobjects
from mocksf.rest.relations import Act, answer, follow
from mocksf.rest.routing import Route
from mocksf.rest.session import Call, Session


def read(session: Session, call: Call, sobject: str, id: str, relationship: str, further: str) -> Response:
    """The record, or the children, to which several relationships lead."""
    return _answer(session, call, (sobject, id, relationship, further), sobjects.retrieve)


def update(session: Session, call: Call, sobject: str, id: str, relationship: str, further: str) -> Response:
    """Change the record to which several relationships lead."""
    return _answer(session, call, (sobject, id, relationship, further), sobjects.update)


def delete(session: Session, call: Call, sobject: str, id: str, relationship: str, further: str) -> Response:
    """Delete the record to which several relationships lead."""
    return _answer(session, call, (sobject, id, relationship, further), sobjects.delete)


def _answer(session: Session, call: Call, address: tuple[str, str, str, str], act: Act) -> Response:
    sobject, id_text, first, further = address
    record_id = normalise_id(id_text)
    if record_id is None:
        raise Refuse.NO_SUCH_RESOURCE()
    found = follow(session, session.sobject(sobject), record_id, [first, *further.split("/")])
    return answer(session, call, found, act)


_PATH = "/sobjects/{sobject}/{id}/{relationship}/{further*}"
ROUTES = (
    Route("GET", _PATH, read, composable=True),
    Route("PATCH", _PATH, update, composable=True),
    Route("DELETE", _PATH, delete, composable=True),
)
