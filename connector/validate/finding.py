"""Finding and Code: what validation may say, as a table, and one thing that it says."""

from dataclasses import dataclass, field
from enum import Enum, unique
from typing import Any, Literal

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of finding: how grave, what it means, and what Salesforce would have answered at run time."""

    severity: Severity
    meaning: str
    prevents: str = ""


# fmt: off
@unique
class Code(Enum):
    """Every kind of finding. The errors that they prevent are those of the facts (REST §4.3, §4.4, §5.2)."""

    CONFIG_UNREADABLE  = Row("error", "the file is not a configuration")
    # -- objects and fields --------------------------------------------------------------------------------------
    OBJECT_UNKNOWN     = Row("error", "the org has no such object", "NOT_FOUND")
    OBJECT_READ_ONLY   = Row("error", "the user may not write the object", "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY")
    CHATTER_OFF        = Row("error", "the org has no Chatter", "API_DISABLED_FOR_ORG")
    FIELD_UNKNOWN      = Row("error", "the object has no such field", "INVALID_FIELD")
    FIELD_READ_ONLY    = Row("error", "the user may not write the field", "INVALID_FIELD_FOR_INSERT_UPDATE")
    FIELD_OWNED        = Row("error", "the connector sets the field itself", "DUPLICATE_VALUE")
    TYPE_MISMATCH      = Row("error", "the field does not take this kind of value", "JSON_PARSER_ERROR")
    TYPE_AS_TEXT       = Row("warning", "the field keeps this kind of value as text")
    TYPE_FROM_ORG      = Row("info", "the short form leaves the type to the org", "JSON_PARSER_ERROR")
    TRANSFORM_MISFIT   = Row("error", "the transform gives another kind of value", "JSON_PARSER_ERROR")
    # -- values --------------------------------------------------------------------------------------------------
    VALUE_UNKNOWN      = Row("error", "no such picklist value", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST")
    VALUE_UNLISTED     = Row("warning", "an unrestricted picklist would grow a new value")
    VALUE_MISSING      = Row("warning", "no value named like the intent", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST")
    VALUE_DEPENDS      = Row("warning", "a dependent picklist", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST")
    VALUE_TOO_LONG     = Row("error", "a mapped value is longer than the field", "STRING_TOO_LONG")
    VALUES_UNUSED      = Row("error", "a value map on a field that takes no words", "JSON_PARSER_ERROR")
    LENGTH_OVERSTATED  = Row("error", "max_length is more than the field holds", "STRING_TOO_LONG")
    DIGITS_OVERSTATED  = Row("error", "max_digits is more than the field holds", "NUMBER_OUTSIDE_VALID_RANGE")
    TEXT_MAY_OVERFLOW  = Row("info", "a short text field", "STRING_TOO_LONG")
    NEVER_EMPTY        = Row("warning", "only_if_empty on a field that is never empty")
    # -- records -------------------------------------------------------------------------------------------------
    REQUIRED_MISSING   = Row("error", "a required field that nobody sets", "REQUIRED_FIELD_MISSING")
    REQUIRED_BY_CHANCE = Row("warning", "a required field that one intent sets", "REQUIRED_FIELD_MISSING")
    KEY_UNKNOWN        = Row("error", "the record key does not exist", "NOT_FOUND")
    KEY_NOT_EXTERNAL   = Row("error", "the record key is not an external ID", "NOT_FOUND")
    KEY_NOT_UNIQUE     = Row("error", "the record key is not unique", "300 Multiple Choices")
    KEY_READ_ONLY      = Row("error", "the user may not write the record key", "INVALID_FIELD_FOR_INSERT_UPDATE")
    KEY_NOT_TEXT       = Row("error", "the record key is not Text", "JSON_PARSER_ERROR")
    KEY_TOO_SHORT      = Row("error", "the record key is too short for its values", "STRING_TOO_LONG")
    KEY_CONFLICT       = Row("error", "one object, two record keys")
    LINK_UNKNOWN       = Row("error", "the reference to the parent does not exist", "INVALID_FIELD")
    LINK_READ_ONLY     = Row("error", "the user may not write the reference", "INVALID_FIELD_FOR_INSERT_UPDATE")
    LINK_WRONG_TARGET  = Row("error", "the reference points to another object", "MALFORMED_ID")
    LINK_UNWRITTEN     = Row("error", "the parent is not part of the call", "PROCESSING_HALTED")
    RECORD_UNUSED      = Row("warning", "settings for an object that no call writes")
    # -- the call as a whole -------------------------------------------------------------------------------------
    DIRECTION_UNREAD   = Row("warning", "nothing reads this field back")
    TARGET_SHARED      = Row("warning", "two intents write one field")
    CHATTER_FIELD      = Row("error", "a Chatter post has only a Body", "POST_BODY_PARSE_ERROR")
    CHATTER_WAITS      = Row("error", "a Chatter post cannot ride in a composite")
    CHATTER_NOWHERE    = Row("warning", "no call writes a record that could be posted on")
    TASK_WAITS         = Row("warning", "a Task is logged when the call has ended")
    TOO_MANY_PARTS     = Row("error", "more than 25 subrequests", "LIMIT_EXCEEDED")
    SCOPE_TOO_NARROW   = Row("error", "the scope profile lacks a needed scope", "INVALID_SESSION_ID")
    SCOPE_TOO_WIDE     = Row("warning", "the scope profile asks for more than is needed")
    REGION_UNPINNED    = Row("warning", "agents and instance are not pinned")
    REGION_CROSSED     = Row("warning", "agents and instance lie in different regions")
    REGION_UNKNOWN     = Row("warning", "the instance tells no region")
    BUDGET_TIGHT       = Row("warning", "most turns are predicted to miss the budget")
    BUDGET_OUTLOOK     = Row("info", "how many turns are predicted to meet the budget")
    PATIENCE_SHORT     = Row("warning", "attempts give up before a lock wait ends", "UNABLE_TO_LOCK_ROW")
    # fmt: on

    def at(self, path: str, sentence: str, nearest: str | None = None) -> "Finding":
        """A finding of this kind at a JSON path of the configuration."""
        return Finding(self, path, sentence, nearest)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that validation says."""

    code: Code
    path: str
    sentence: str
    nearest: str | None = None
    severity: Severity = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "severity", self.code.value.severity)

    @property
    def prevents(self) -> str:
        """What Salesforce would have answered at run time, or an empty text."""
        return self.code.value.prevents

    def as_json(self) -> dict[str, Any]:
        """The finding for `--json`."""
        return {
            "code": self.code.name,
            "severity": self.severity,
            "path": self.path,
            "sentence": self.sentence,
            "nearest": self.nearest,
            "prevents": self.prevents or None,
        }
