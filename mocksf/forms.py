"""How a refusal is written down: its forms, and the row that each situation of the table of refusals is."""

from dataclasses import dataclass
from enum import Enum

from mocksf.evidence import Evidence


class Form(Enum):
    """Which keys an entry of the error array carries, and in which order (REST facts: three dialects)."""

    PLAIN = "message, errorCode"
    """Parse, query, authentication and routing refusals."""
    DML = "message, errorCode, fields"
    """Refusals of the record engine; `fields` is there even when empty."""
    CONNECT = "errorCode, message"
    """The Connect framework: unknown resources, composite's own refusals, Chatter."""
    OAUTH = "error, error_description"
    """The token endpoint: one object instead of an array."""
    FAULT = "faultcode, faultstring"
    """SOAP: a fault in an envelope."""
    OAUTH1 = "faultcode, error"
    """The XML inside HTML of the OAuth 1 days: what a form-encoded body still earns on the data API."""
    TEXT = "text"
    """The identity and userinfo resources: a bare word."""
    BAYEUX = "error"
    """A message of CometD: `status::sentence`, and an advice what to do."""


@dataclass(frozen=True, slots=True, eq=False)  # two situations may say the same and still are two
class Row:
    """One situation: what is answered, and how we know."""

    code: str
    status: int
    sentence: str
    form: Form
    evidence: Evidence


def plain(code: str, status: int, sentence: str, evidence: Evidence) -> Row:
    """A refusal of parsing, querying, authentication or routing."""
    return Row(code, status, sentence, Form.PLAIN, evidence)


def dml(code: str, status: int, sentence: str, evidence: Evidence) -> Row:
    """A refusal of the record engine."""
    return Row(code, status, sentence, Form.DML, evidence)


def bayeux(status: int, sentence: str, evidence: Evidence) -> Row:
    """A refusal of the Streaming API; its number is all the code that it has."""
    return Row("BAYEUX", status, sentence, Form.BAYEUX, evidence)


def oauth(code: str, sentence: str, evidence: Evidence) -> Row:
    """A refusal of the token endpoint."""
    return Row(code, 400, sentence, Form.OAUTH, evidence)


def connect(code: str, status: int, sentence: str, evidence: Evidence) -> Row:
    """A refusal of the Connect framework."""
    return Row(code, status, sentence, Form.CONNECT, evidence)
