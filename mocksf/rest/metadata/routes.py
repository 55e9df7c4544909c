"""Where the Metadata API is. What answers there reads archives and projects: few orgs ever load it."""

from mocksf import dialects
from mocksf.messages import Response
from mocksf.rest.routing import Needs, Route
from mocksf.rest.session import Call, Session


def answer(session: Session, call: Call, version: str) -> Response:
    """A call of the Metadata API by its name."""
    from mocksf.rest.metadata import soap as metadata_soap

    return metadata_soap.answer(session, call, version)


def answer_at(session: Session, call: Call, version: str, place: str) -> Response:
    """The same at an address that ends in the org's id, or in what is asked for: clients write both."""
    from mocksf.rest.metadata import soap as metadata_soap

    return metadata_soap.answer_at(session, call, version, place)


def answer_of(session: Session, call: Call, version: str, place: str, id: str) -> Response:
    """The same at the address of one deploy or retrieve; which one is meant stands in the body."""
    del id
    return answer_at(session, call, version, place)


def begin(session: Session, call: Call) -> Response:
    """A new deploy: its options as JSON in one part, its archive in another."""
    from mocksf.rest.metadata import deploys as metadata_deploys

    return metadata_deploys.begin(session, call)


def status(session: Session, call: Call, id: str) -> Response:
    """The state of a deploy; with `?includeDetails=true` what became of each component."""
    from mocksf.rest.metadata import deploys as metadata_deploys

    return metadata_deploys.status(session, call, id)


def change(session: Session, call: Call, id: str) -> Response:
    """Cancel a deploy that is not over: `{"deployResult": {"status": "Canceling"}}`."""
    from mocksf.rest.metadata import deploys as metadata_deploys

    return metadata_deploys.change(session, call, id)


ROUTES = (
    Route("POST", "/services/Soap/m/{version}", answer, Needs.NOTHING, dialects.metadata_fault),
    Route("POST", "/services/Soap/m/{version}/{place}", answer_at, Needs.NOTHING, dialects.metadata_fault),
    Route("POST", "/services/Soap/m/{version}/{place}/{id}", answer_of, Needs.NOTHING, dialects.metadata_fault),
    Route("POST", "/metadata/deployRequest", begin),
    Route("GET", "/metadata/deployRequest/{id}", status),
    Route("PATCH", "/metadata/deployRequest/{id}", change),
)
