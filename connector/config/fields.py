"""FieldConfig and RecordConfig: what one intent writes, and what every record of an object carries."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, JsonValue, StringConstraints, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from connector.config.words import Direction, Hint, Lane, Overflow, Transform, UpdateMode

_NAME = r"[A-Za-z][A-Za-z0-9_]*"
TARGET = rf"^{_NAME}\.{_NAME}$"
IntentName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_.-]{0,79}$")]
ApiName = Annotated[str, StringConstraints(pattern=rf"^{_NAME}$", max_length=80)]


class FieldConfig(BaseModel):
    """What one intent becomes. The short form is the target alone: `"Opportunity.Demo_Requested_At__c"`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    target: str = Field(pattern=TARGET, description="The field that is written, as Object.Field in API names.")
    type: Hint | None = Field(
        default=None, description="What kind of value the intent carries; left out: told by the name."
    )
    transform: Transform = "none"
    values: dict[str, str] = Field(default_factory=dict, description="Classification's word → picklist API value.")
    direction: Direction = "to_salesforce"
    update_mode: UpdateMode = "overwrite"
    lane: Lane | None = Field(
        default=None, description="Left out: async for Task and Chatter, critical for all others."
    )
    record_key: ApiName | None = Field(default=None, description="External ID field that finds the record.")
    on_overflow: Overflow = "truncate"
    max_length: int | None = Field(
        default=None,
        strict=True,
        gt=0,
        le=131_072,
        description="Characters the field holds; left out: asked of the org.",
    )
    max_digits: int | None = Field(
        default=None, strict=True, gt=0, le=18, description="Digits before the point; left out: asked of the org."
    )

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, given: Any) -> Any:
        return {"target": given} if isinstance(given, str) else given

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        short = {"type": "string", "pattern": TARGET, "description": "Short form: Object.Field."}
        return {"anyOf": [short, handler(core)]}

    @property
    def sobject(self) -> str:
        return self.target.partition(".")[0]

    @property
    def field(self) -> str:
        return self.target.partition(".")[2]


class RecordConfig(BaseModel):
    """What every record of one object carries beside its intents."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: ApiName | None = Field(default=None, description="External ID field that finds the record.")
    links: dict[ApiName, ApiName] | None = Field(
        default=None,
        description="Reference field → object of the same call that it points to, e.g. Opportunity__c: Opportunity.",
    )
    defaults: dict[ApiName, JsonValue] = Field(
        default_factory=dict,
        description="A new record's values; {caller} {company} {phone} {call} {date} {close_date} are filled in.",
    )
