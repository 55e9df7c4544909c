"""Query plans: what `?explain=` answers instead of records."""

from mocksf.errors import Refuse
from mocksf.ids import normalise_id
from mocksf.messages import Response
from mocksf.rest.asking import asked_by
from mocksf.rest.session import Call, Session
from mocksf.soql.explaining import explain


def explained(session: Session, call: Call, text: str) -> Response:
    """The plans of a query. Reports and list views, which are asked for by id, are not there."""
    if normalise_id(text) is not None:
        raise Refuse.NO_SUCH_RESOURCE()
    org = session.org
    plans = explain(text, org.schema, asked_by(session)(), float(call.version), org.store)
    return Response(200, {"plans": plans, "sourceQuery": text})
