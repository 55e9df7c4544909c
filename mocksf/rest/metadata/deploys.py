"""Deploys over REST: an archive in a multipart body, the state of a deploy, and its end before its time."""

from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

from mocksf.errors import Refuse
from mocksf.messages import Response
from mocksf.metadata.jobs import MetadataDeploy, Options
from mocksf.rest import bodies
from mocksf.rest.metadata import work as metadata_work
from mocksf.rest.metadata.soap import MAY, cancelled, deploy_named
from mocksf.rest.session import Call, Session

_OPTIONS = {
    "checkOnly": "check_only",
    "rollbackOnError": "rollback_on_error",
    "ignoreWarnings": "ignore_warnings",
    "allowMissingFiles": "allow_missing_files",
}


def begin(session: Session, call: Call) -> Response:
    """A new deploy: its options as JSON in one part, its archive in another."""
    _may(session)
    if session.org.store.shared:
        raise Refuse.DEPLOY_STORE()
    options, archive = _parts(call)
    made = metadata_work.begin(session.org.metadata, session.user_id, session.now, archive, options)
    return Response(201, {"id": made.id, **_told(made, None)})


def status(session: Session, call: Call, id: str) -> Response:
    """The state of a deploy; with `?includeDetails=true` what became of each component."""
    _may(session)
    found = deploy_named(session, id)
    details = call.query.get("includeDetails", "").lower() == "true"
    result = metadata_work.deploy_result(session.org, found, details=details)
    known = {name: value for name, value in result.items() if value is not None}
    return Response(200, {"id": found.id, **_told(found, known)})


def change(session: Session, call: Call, id: str) -> Response:
    """Cancel a deploy that is not over: `{"deployResult": {"status": "Canceling"}}`."""
    _may(session)
    wish = call.json_object().get("deployResult")
    if not isinstance(wish, dict) or wish.get("status") != "Canceling":
        raise Refuse.BAD_METADATA(reason='a deploy takes {"deployResult": {"status": "Canceling"}} and nothing else')
    over = cancelled(session, id)
    return Response(202, {"id": over.id, **_told(over, metadata_work.deploy_result(session.org, over, details=False))})


def _may(session: Session) -> None:
    if not MAY & session.org.access.of(session.user_id).permissions:
        raise Refuse.NO_METADATA_RIGHT()


def _told(deploy: MetadataDeploy, result: dict[str, Any] | None) -> dict[str, Any]:
    options = {name: getattr(deploy.options, own) for name, own in _OPTIONS.items()}
    return {"validatedDeployRequestId": None, "deployResult": result, "deployOptions": options}


def _parts(call: Call) -> tuple[Options, bytes]:
    """Options and archive of a multipart body. Raises BAD_METADATA and what reading JSON raises."""
    media = call.header("content-type") or ""
    if not media.lower().startswith("multipart/form-data"):
        raise Refuse.BAD_METADATA(reason="a deploy is sent as multipart/form-data, with its options and its archive")
    form = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {media}\r\n\r\n".encode() + call.content)
    parts = [each for each in form.walk() if not each.is_multipart()]
    said = next((each for each in parts if each.get_content_type() == "application/json"), None)
    archive = next((each for each in parts if each is not said), None)
    if said is None or archive is None:
        raise Refuse.BAD_METADATA(reason="a deploy has two parts: its options in JSON, and its archive")
    body = bodies.parse(_content(said))
    given = body.get("deployOptions") if isinstance(body, dict) else None
    known = given if isinstance(given, dict) else {}
    return Options(**{own: known.get(name) is True for name, own in _OPTIONS.items()}), _content(archive)


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
