"""Standard invocable actions: a post, an e-mail that is written down and not sent, an approval asked for."""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.ids import normalise_id
from mocksf.messages import Json
from mocksf.moments import datetime_text, milliseconds
from mocksf.rest.session import Call, Session
from mocksf.users import user_named

SENT = "3"
"""The status of an EmailMessage that went out."""
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
_MENTION = re.compile(r"([@#])\[([^\]]*)\]")

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("emailSimple sends nothing: it leaves an EmailMessage of the status Sent", Evidence.ASSUMED),
    ("chatterPost needs Chatter, and takes the name of a user or a group, or the id of a record", Evidence.DOCUMENTED),
    ("An approval that no process applies to is NO_APPLICABLE_PROCESS; the org has no processes", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""


class Input(NamedTuple):
    """One input or output of an action."""

    name: str
    type: str = "STRING"
    required: bool = False
    label: str = ""


class StandardAction(NamedTuple):
    """One standard action."""

    name: str
    label: str
    type: str
    inputs: tuple[Input, ...]
    outputs: tuple[Input, ...]
    act: Callable[[Session, Call, Mapping[str, Json]], dict[str, Any]]


def _post(session: Session, call: Call, inputs: Mapping[str, Json]) -> dict[str, Any]:
    if not session.org.settings.chatter:
        raise Refuse.CHATTER_OFF()
    row = {
        "ParentId": _subject(session, str(inputs["subjectNameOrId"])),
        "Body": _MENTION.sub(lambda found: _link(session, found), str(inputs["text"])),
        "Type": "TextPost",
    }
    kind = session.sobject("FeedItem")
    return {"feedItemId": session.org.records.create(session.actor(call), kind, row, session.touch)}


def _subject(session: Session, named: str) -> str:
    """The id of the user, the group or the record that a post is for."""
    record_id = normalise_id(named)
    kind = session.org.schema.of_id(record_id) if record_id else None
    if record_id is not None and kind is not None and session.org.store.exists(kind, record_id):
        return record_id
    user = user_named(session.org.store.schema, session.org.store, named)
    if user is not None:
        return str(user["Id"])
    group = session.org.store.schema["Group"]
    name = group.get("Name")
    groups = session.org.store.ids(group, name, named) if name is not None else []
    if len(groups) != 1:
        raise Refuse.NO_SUCH_SUBJECT(name=named)
    return groups[0]


def _link(session: Session, found: re.Match[str]) -> str:
    """A mention or a topic of a post as it is read: `@[005…]` is the name of a user."""
    if found[1] == "#":
        return f"#{found[2]}"
    user_id = normalise_id(found[2])
    row = session.org.store.fetch(session.org.store.schema["User"], user_id) if user_id else None
    return f"@{row['Name']}" if row else found[0]


def _email(session: Session, call: Call, inputs: Mapping[str, Json]) -> dict[str, Any]:
    listed = inputs.get("emailAddressesArray")
    several = [str(each) for each in listed] if isinstance(listed, list) else []
    addresses = [each.strip() for each in str(inputs.get("emailAddresses") or "").split(",") if each.strip()]
    addresses += several
    if not addresses:
        raise Refuse.MISSING_INPUT(name="emailAddresses")
    for each in addresses:
        if not _ADDRESS.fullmatch(each):
            raise Refuse.BAD_EMAIL(label="Email Addresses", value=each)
    caller = session.org.store.fetch(session.org.store.schema["User"], session.user_id) or {}
    body = "HtmlBody" if inputs.get("sendRichBody") is True else "TextBody"
    row = {
        "Subject": inputs["emailSubject"],
        body: inputs["emailBody"],
        "ToAddress": "; ".join(addresses),
        "FromAddress": inputs.get("senderAddress") or caller.get("Email"),
        "FromName": caller.get("Name"),
        "Status": SENT,
        "Incoming": False,
        "MessageDate": datetime_text(milliseconds(session.now)),
        **({"RelatedToId": inputs["relatedRecordId"]} if inputs.get("relatedRecordId") else {}),
    }
    session.org.records.create(session.actor(call), session.sobject("EmailMessage"), row, session.touch)
    return {}


def _submit(session: Session, _: Call, inputs: Mapping[str, Json]) -> dict[str, Any]:
    record_id = normalise_id(str(inputs["objectId"]))
    kind = session.org.schema.of_id(record_id) if record_id else None
    if record_id is None or kind is None:
        raise Refuse.MALFORMED_ID_ALONE(value=inputs["objectId"])
    session.org.records.read(kind, record_id, ["Id"])
    raise Refuse.NO_APPROVAL_PROCESS()


STANDARD = {
    each.name.lower(): each
    for each in (
        StandardAction(
            "chatterPost",
            "Post to Chatter",
            "CHATTERPOST",
            (
                Input("text", required=True, label="Message"),
                Input("subjectNameOrId", required=True, label="Target Name or ID"),
                Input("type", label="Target Type"),
                Input("communityId", label="Experience Cloud Site ID"),
                Input("visibility", label="Feed Item Visibility"),
            ),
            (Input("feedItemId", "ID", label="Feed Item ID"),),
            _post,
        ),
        StandardAction(
            "emailSimple",
            "Send Email",
            "EMAILSIMPLE",
            (
                Input("emailAddresses", "TEXTAREA", label="Email Addresses (comma-separated)"),
                Input("emailAddressesArray", label="Email Addresses (collection)"),
                Input("emailSubject", "TEXTAREA", required=True, label="Subject"),
                Input("emailBody", "TEXTAREA", required=True, label="Body"),
                Input("senderType", label="Sender Type"),
                Input("senderAddress", label="Sender Address"),
                Input("relatedRecordId", "ID", label="Related Record ID"),
                Input("sendRichBody", "BOOLEAN", label="Rich-Text-Formatted Body"),
            ),
            (),
            _email,
        ),
        StandardAction(
            "submit",
            "Submit for Approval",
            "SUBMITAPPROVAL",
            (
                Input("objectId", "REFERENCE", required=True, label="Record ID"),
                Input("comment", label="Submission Comments"),
                Input("nextApproverIds", "REFERENCE", label="Next Approver IDs"),
                Input("processDefinitionNameOrId", label="Approval Process Name or ID"),
                Input("skipEntryCriteria", "BOOLEAN", label="Skip Entry Criteria"),
                Input("submitterId", "REFERENCE", label="Submitter ID"),
            ),
            (Input("instanceId", "REFERENCE"), Input("instanceStatus"), Input("newWorkItemIds", "REFERENCE")),
            _submit,
        ),
    )
}
"""By lower-case name."""
