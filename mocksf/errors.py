"""The table of refusals: one row per situation, with its evidence; and the exception that carries one.

The name of a row is *our* word for the situation; the code is a column, because Salesforce gives one code many
sentences and statuses. How a refusal is written down belongs to the route (see dialects.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, unique
from typing import Any

from mocksf.evidence import Evidence

R, D, C, A = Evidence.RECORDED, Evidence.DOCUMENTED, Evidence.CLIENT, Evidence.ASSUMED


class Form(Enum):
    """Which keys an entry of the error array carries, and in which order (REST facts: three dialects)."""

    PLAIN = "message, errorCode"
    """Parse, query, authentication and routing refusals."""
    DML = "message, errorCode, fields"
    """Refusals of the record engine; `fields` is there even when empty."""
    CONNECT = "errorCode, message"
    """The Connect framework: unknown resources, composite's own refusals, Chatter."""


@dataclass(frozen=True, slots=True)
class Row:
    """One situation: what is answered, and how we know."""

    code: str
    status: int
    sentence: str
    form: Form
    evidence: Evidence


def _plain(code: str, status: int, sentence: str, evidence: Evidence) -> Row:
    return Row(code, status, sentence, Form.PLAIN, evidence)


def _dml(code: str, status: int, sentence: str, evidence: Evidence) -> Row:
    return Row(code, status, sentence, Form.DML, evidence)


def _connect(code: str, status: int, sentence: str, evidence: Evidence) -> Row:
    return Row(code, status, sentence, Form.CONNECT, evidence)


# fmt: off
@unique
class Refuse(Enum):
    """Every situation in which the org says no. Call a row with its facts to get the exception to raise."""

    # -- sessions ------------------------------------------------------------------------------------------------
    BAD_SESSION          = _plain("INVALID_SESSION_ID", 401, "Session expired or invalid", R)
    NO_API_SCOPE         = _plain("INVALID_SESSION_ID", 401, "This session is not valid for use with the REST API", R)
    BAD_AUTH_HEADER      = _plain("INVALID_AUTH_HEADER", 401, "INVALID_HEADER_TYPE", R)
    EXPIRED_JWT          = _plain("INVALID_AUTH_HEADER", 401, "INVALID_JWT_FORMAT", R)
    DAILY_LIMIT          = _plain("REQUEST_LIMIT_EXCEEDED", 403, "TotalRequests Limit exceeded.", R)
    CONCURRENT_LIMIT     = _plain("REQUEST_LIMIT_EXCEEDED", 403, "ConcurrentPerOrgLongTxn Limit exceeded.", R)
    CHATTER_OFF          = _connect("API_DISABLED_FOR_ORG", 403, "The Chatter Connect API is not enabled for this organization or user type.", R)

    # -- routing -------------------------------------------------------------------------------------------------
    NO_SUCH_RESOURCE     = _connect("NOT_FOUND", 404, "The requested resource does not exist", R)
    NO_SUCH_KEY_FIELD    = _plain("NOT_FOUND", 404, "Provided external ID field does not exist or is not accessible: {name}", R)
    WRONG_METHOD         = _plain("METHOD_NOT_ALLOWED", 405, "HTTP Method '{method}' not allowed. Allowed are {allowed}", R)
    WRONG_MEDIA_TYPE     = _plain("UNSUPPORTED_MEDIA_TYPE", 415, "Content type '{media}' is not supported; send application/json", A)

    # -- bodies --------------------------------------------------------------------------------------------------
    BAD_JSON             = _plain("JSON_PARSER_ERROR", 400, "{reason} at [line:{line}, column:{column}]", R)
    BAD_JSON_VALUE       = _plain("JSON_PARSER_ERROR", 400, "Cannot deserialize instance of {type} from VALUE_{token} value {value} or request may be missing a required field at [line:{line}, column:{column}]", R)
    NO_BODY              = _plain("JSON_PARSER_ERROR", 400, "The HTTP entity body is required, but this request has no entity body.", R)
    ID_IN_BODY           = _plain("INVALID_FIELD", 400, "The Id field should not be specified in the sobject data.", D)

    # -- records -------------------------------------------------------------------------------------------------
    NO_SUCH_COLUMN       = _plain("INVALID_FIELD", 400, "No such column '{field}' on sobject of type {sobject}", R)
    NO_SUCH_PARENT       = _plain("INVALID_FIELD", 400, "Foreign key external ID: {value} not found for field {field} in entity {sobject}", R)
    REQUIRED_MISSING     = _dml("REQUIRED_FIELD_MISSING", 400, "Required fields are missing: [{names}]", R)
    NOT_WRITABLE         = _dml("INVALID_FIELD_FOR_INSERT_UPDATE", 400, "Unable to create/update fields: {names}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.", R)
    TOO_LONG             = _dml("STRING_TOO_LONG", 400, "{label}: data value too large: {value} (max length={length})", R)
    BAD_EMAIL            = _dml("INVALID_EMAIL_ADDRESS", 400, "{label}: invalid email address: {value}", D)
    BAD_PICKLIST_VALUE   = _dml("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", 400, "{label}: bad value for restricted picklist field: {value}", R)
    WRONG_TYPE           = _dml("INVALID_TYPE_ON_FIELD_IN_RECORD", 400, "{label}: value not of required type: {value}", A)
    OUT_OF_RANGE         = _dml("NUMBER_OUTSIDE_VALID_RANGE", 400, "{label}: value outside of valid range on numeric field: {value}", R)
    MALFORMED_ID         = _dml("MALFORMED_ID", 400, "{label}: id value of incorrect type: {value}", D)
    NO_SUCH_REFERENCE    = _dml("INVALID_CROSS_REFERENCE_KEY", 400, "invalid cross reference id", C)
    GONE_FOR_GOOD        = _dml("INVALID_CROSS_REFERENCE_KEY", 404, "invalid cross reference id", C)
    DELETED              = _dml("ENTITY_IS_DELETED", 404, "entity is deleted", R)
    DUPLICATE_VALUE      = _dml("DUPLICATE_VALUE", 400, "duplicate value found: {field} duplicates value on record with id: {id15}", R)
    LOCKED_ROW           = _dml("UNABLE_TO_LOCK_ROW", 500, "unable to obtain exclusive access to this record or 1 records: {id}", R)
    CANNOT_INSERT        = _dml("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", 400, "entity type cannot be inserted: {label}", R)
    CANNOT_UPDATE        = _dml("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", 400, "entity type cannot be updated: {label}", R)
    CANNOT_DELETE        = _dml("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", 400, "entity type cannot be deleted: {label}", A)
    IN_USE               = _dml("DELETE_FAILED", 400, "Your attempt to delete {name} could not be completed because it is associated with the following {children}.: {names}\n", R)
    FIELD_INTEGRITY      = _dml("FIELD_INTEGRITY_EXCEPTION", 400, "{sentence}", A)

    # -- composite -----------------------------------------------------------------------------------------------
    ROLLED_BACK          = _connect("PROCESSING_HALTED", 400, "The transaction was rolled back since another operation in the same transaction failed.", R)
    NO_REFERENCE_VALUE   = _connect("PROCESSING_HALTED", 400, "Invalid reference specified. No value for {path} found in {ref}. Provided referenceId ('{path}') must start with a letter or a number, and it can contain only letters, numbers and underscores ('_').", R)
    BAD_REFERENCE_ID     = _plain("JSON_PARSER_ERROR", 400, "Provided referenceId ('{ref}') must start with a letter or a number, and it can contain only letters, numbers and underscores ('_').", D)

    # -- queries -------------------------------------------------------------------------------------------------
    BAD_LOCATOR          = _plain("INVALID_QUERY_LOCATOR", 400, "invalid query locator", C)

    # -- the house in trouble ------------------------------------------------------------------------------------
    UNAVAILABLE          = _plain("SERVER_UNAVAILABLE", 503, "The server is busy. Please try again later.", A)
    # fmt: on

    def __call__(self, *, fields: tuple[str, ...] = (), **facts: object) -> "Refusal":
        """The exception for this situation. `fields` are API names; `facts` fill the sentence."""
        return Refusal(self, self.value.sentence.format(**facts), fields)


class Refusal(Exception):
    """The org says no. Raised below the router, written down by the router, never seen above it."""

    def __init__(
        self, situation: Refuse, message: str, fields: tuple[str, ...] = (), extra: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.situation = situation
        self.code = situation.value.code
        self.status = situation.value.status
        self.form = situation.value.form
        self.message = message
        self.fields = fields
        self.extra = extra or {}
        """Further keys of the entry, such as `duplicateResult`."""
        self.siblings: tuple[Refusal, ...] = ()
        """Further entries of the same answer (several validation rules may speak at once)."""
