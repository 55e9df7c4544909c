"""The Metadata API over SOAP: components at once, and archives that are deployed and retrieved."""

from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Mapping
from xml.etree.ElementTree import Element as Asked

from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.messages import Json, Response
from mocksf.metadata.jobs import MetadataDeploy, Options
from mocksf.rest.metadata import calls as metadata_calls
from mocksf.rest.metadata import retrieve as metadata_retrieve
from mocksf.rest.metadata import work as metadata_work
from mocksf.rest.session import Call, Session
from mocksf.rest.soap.calls import Turn, admitted, version_of
from mocksf.rest.soap_xml import ask_of, element, elements, enveloped, local, text
from mocksf.schema.sfdx.writing import NAMESPACE

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("The Metadata API asks for the user permission CustomizeApplication or ModifyAllData", Evidence.ASSUMED),
    ("checkStatus, documented up to v30.0, is answered in later versions too (CumulusCI 4 asks)", Evidence.CLIENT),
)
"""What this room believes, for the fidelity ledger."""

MAY = frozenset({"CustomizeApplication", "ModifyAllData", "ModifyMetadata"})
_PLACES = frozenset({"deployrequest", "retrieverequest"})


def answer(session: Session, call: Call, version: str) -> Response:
    """A call of the Metadata API by its name."""
    ask = ask_of(call.content)
    number = version_of(version)
    admitted(session, ask)
    session.org.allowance.spend(session.now)
    step = CALLS.get(ask.name)
    if step is None:
        raise Refuse.NO_SUCH_SOAP_CALL(name=ask.name, known=", ".join(sorted(CALLS)))
    if not MAY & session.org.access.of(session.user_id).permissions:
        raise Refuse.NO_METADATA_RIGHT()
    turn = Turn(session, ask, number)
    return enveloped(ask.name, step(turn), NAMESPACE)


def answer_at(session: Session, call: Call, version: str, place: str) -> Response:
    """The same at an address that ends in the org's id, or in what is asked for: clients write both."""
    if place.lower() not in _PLACES and place[:15] != session.org.org_id[:15]:
        raise Refuse.UNKNOWN_SOAP_CALL(reason=f"This is not the org {place}")
    return answer(session, call, version)


# -- deploys -----------------------------------------------------------------------------------------------------------


def _deploy(turn: Turn) -> str:
    if turn.session.org.store.shared:
        raise Refuse.DEPLOY_STORE()
    session = turn.session
    made = metadata_work.begin(
        session.org.metadata, session.user_id, session.now, _zip(turn), options_of(turn.ask.all("DeployOptions"))
    )
    return f"<result>{element('done', False)}{element('id', made.id)}{element('state', 'Queued')}</result>"


def _zip(turn: Turn) -> bytes:
    try:
        return b64decode(turn.ask.text("ZipFile"))
    except (Base64Error, ValueError):
        raise Refuse.BAD_METADATA(reason="ZipFile is not in base64") from None


def options_of(found: list[Asked]) -> Options:
    """The options of a deploy as SOAP writes them."""
    said = {local(each): text(each) == "true" for options in found for each in options}
    return Options(
        check_only=said.get("checkOnly", False),
        rollback_on_error=said.get("rollbackOnError", False),
        ignore_warnings=said.get("ignoreWarnings", False),
        allow_missing_files=said.get("allowMissingFiles", False),
    )


def _check_deploy(turn: Turn) -> str:
    asked = turn.ask.text("asyncProcessId") or turn.ask.text("id")
    details = turn.ask.text("includeDetails") == "true"
    told = metadata_work.deploy_result(turn.session.org, deploy_named(turn.session, asked), details=details)
    return f"<result>{elements(told.items())}</result>"


def deploy_named(session: Session, asked: str) -> MetadataDeploy:
    """A deploy by its id. Raises NO_SUCH_DEPLOY."""
    found = session.org.metadata.deploy(asked)
    if found is None:
        raise Refuse.NO_SUCH_DEPLOY(id=asked)
    return found


def _cancel(turn: Turn) -> str:
    asked = turn.ask.text("String") or turn.ask.text("asyncProcessId") or turn.ask.text("id")
    found = cancelled(turn.session, asked)
    return f"<result>{element('done', True)}{element('id', found.id)}</result>"


def cancelled(session: Session, asked: str) -> MetadataDeploy:
    """A deploy that is not saved any more. Raises NO_SUCH_DEPLOY and DEPLOY_OVER."""
    found = deploy_named(session, asked)
    if found.is_over:
        raise Refuse.DEPLOY_OVER(id=found.id)
    return session.org.metadata.end(found, "Canceled", message="The deployment was canceled")


# -- whatever takes its time -------------------------------------------------------------------------------------------


def _check(turn: Turn) -> str:
    """Whether deploys and retrieves are over: the older way to ask, of several at once."""
    asked = turn.ask.texts("asyncProcessId") or [""]
    return "".join(f"<result>{elements(_progress(turn.session, each).items())}</result>" for each in asked)


def _progress(session: Session, asked: str) -> dict[str, Json]:
    """An AsyncResult. Raises NO_SUCH_DEPLOY."""
    fetched = session.org.metadata.retrieve(asked)
    over = fetched.ends <= session.now if fetched is not None else deploy_named(session, asked).is_over
    return {"done": over, "id": asked, "state": "Completed" if over else "InProgress"}


CALLS: Mapping[str, Callable[[Turn], str]] = {
    **metadata_calls.CALLS,
    "deploy": _deploy,
    "checkDeployStatus": _check_deploy,
    "cancelDeploy": _cancel,
    "checkStatus": _check,
    **metadata_retrieve.CALLS,
}
"""Every call of the Metadata API that is answered."""
