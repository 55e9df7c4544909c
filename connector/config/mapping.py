"""FieldMapping: an intent's mapping with every default settled, as the delivery uses it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from connector.config.model import ConnectorConfig
from connector.config.records import CHATTER, canonical, shape_of, spellings_of
from connector.config.words import Direction, Hint, Lane, Overflow, Transform, UpdateMode

ASYNC_OBJECTS = frozenset({"Task"}) | CHATTER
"""What must never hold up a call (design §4.3)."""

HINTS_BY_NAME: tuple[tuple[str, Hint], ...] = (
    (r"(Status|StageName|Priority|LeadSource|Rating|Industry|Type|CallType|TaskSubtype|Salutation)", "picklist"),
    (r".*(_At|_Datetime|_DateTime|_Time_?stamp)__c", "datetime"),
    (r"(CloseDate|ActivityDate|Birthdate)|.*(_Date|_On)__c", "date"),
    (r"(DoNotCall|HasOptedOut.*|IsPrivate)|(Is|Has)_.*__c", "checkbox"),
    (r"(Amount|AnnualRevenue)", "currency"),
    (r"(Probability)", "percent"),
    (r"(NumberOfEmployees|CallDurationInSeconds)", "integer"),
    (r"(Mobile|Home|Other|Assistant)?Phone|Fax|.*_Phone__c", "phone"),
    (r"Email|.*_Email__c", "email"),
    (r"Website", "url"),
    (r"[A-Z][A-Za-z]*Id", "reference"),
)
"""What the short form takes a field for, by its name alone; the first row that matches decides, else it is text."""

LENGTHS: Mapping[tuple[str, str], int] = {
    ("Account", "Name"): 255,
    ("Account", "Description"): 32_000,
    ("Contact", "Description"): 32_000,
    ("Contact", "Email"): 80,
    ("Contact", "FirstName"): 40,
    ("Contact", "LastName"): 80,
    ("Contact", "Title"): 128,
    ("FeedItem", "Body"): 10_000,
    ("Lead", "Company"): 255,
    ("Lead", "Country"): 80,
    ("Lead", "Description"): 32_000,
    ("Lead", "Email"): 80,
    ("Lead", "FirstName"): 40,
    ("Lead", "LastName"): 80,
    ("Lead", "Title"): 128,
    ("Opportunity", "Description"): 32_000,
    ("Opportunity", "Name"): 120,
    ("Opportunity", "NextStep"): 255,
    ("Task", "CallDisposition"): 255,
    ("Task", "Description"): 32_000,
    ("Task", "Subject"): 255,
}
"""Characters that standard text fields hold in every org (facts, model §5.2; REST §8.1, §8.3)."""


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """One intent → one field. `record_key` is None where the object has none (Chatter)."""

    intent: str
    sobject: str
    field: str
    hint: Hint
    transform: Transform
    values: Mapping[str, str]
    direction: Direction
    update_mode: UpdateMode
    lane: Lane
    record_key: str | None
    on_overflow: Overflow
    hint_guessed: bool
    """Whether the hint was told by the field's name (short form) rather than by the file or the org."""
    max_length: int | None = None
    """Characters that the field holds; None where neither the file nor the org said so."""
    max_digits: int | None = None
    """Digits that a number may have before the point; None where neither the file nor the org said so."""

    @property
    def target(self) -> str:
        return f"{self.sobject}.{self.field}"

    @property
    def writes(self) -> bool:
        return self.direction != "from_salesforce"


@cache
def hint_by_name(field: str) -> Hint:
    """What a field is taken for where only its name is known."""
    return next((hint for pattern, hint in HINTS_BY_NAME if re.fullmatch(pattern, field)), "text")


def field_mappings(config: ConnectorConfig) -> dict[str, FieldMapping]:
    """Intent → its mapping, in the order of the file."""
    spellings = spellings_of(config)
    sobjects = {intent: canonical(given.sobject, spellings) for intent, given in config.fields.items()}
    # An object's key is looked for among all fields: once per object, or a wide map would take seconds.
    keys = {sobject: shape_of(config, sobject).key for sobject in dict.fromkeys(sobjects.values())}
    return {intent: _mapping(config, intent, sobject, keys[sobject]) for intent, sobject in sobjects.items()}


def _mapping(config: ConnectorConfig, intent: str, sobject: str, key: str | None) -> FieldMapping:
    given = config.fields[intent]
    return FieldMapping(
        intent=intent,
        sobject=sobject,
        field=given.field,
        hint=given.type or hint_by_name(given.field),
        transform=given.transform,
        values=given.values,
        direction=given.direction,
        update_mode=given.update_mode,
        lane=given.lane or ("async" if sobject in ASYNC_OBJECTS else "critical"),
        record_key=key,
        on_overflow=given.on_overflow,
        hint_guessed=given.type is None,
        max_length=given.max_length or LENGTHS.get((sobject, given.field)),
        max_digits=given.max_digits,
    )
