"""What the service is told, as Pydantic models: bad input is refused here, naming the place."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, model_validator

from connector.intents import Call, Caller, Ending, Intent
from connector.replay import RATE_PER_S, Selection

Name = Annotated[str, Field(min_length=1, max_length=255)]
RecordId = Annotated[str, Field(pattern=r"^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$")]


class Strict(BaseModel):
    """What holds a key that nobody knows is refused."""

    model_config = ConfigDict(extra="forbid")


class CallerIn(Strict):
    """Who rang. Records by id come from `GET /lookup`."""

    phone: str | None = Field(None, min_length=3, max_length=40)
    name: Name | None = None
    company: Name | None = None
    email: Annotated[str, Field(pattern=r"^[^@\s]{1,64}@[^@\s]+\.[^@\s.]+$", max_length=80)] | None = None
    country: Name | None = None
    contact_id: RecordId | None = None
    account_id: RecordId | None = None
    lead_id: RecordId | None = None
    looked_up: bool = Field(False, description="The org was asked who this is; without ids: it knows nobody.")


class IntentIn(Strict):
    """One intent; without a value it speaks for itself."""

    name: Name
    value: JsonValue = None


class _OfCall(Strict):
    caller: CallerIn | None = None
    started: AwareDatetime | None = None
    inbound: bool = True

    @property
    def phone(self) -> str | None:
        return self.caller.phone if self.caller else None

    def call(self, call_id: str, phone: str | None) -> Call:
        """The call as the connector knows it; `phone` in E.164."""
        said = self.caller.model_dump(exclude={"phone"}) if self.caller else {}
        return Call(call_id, Caller(phone=phone, **said), self.started, self.inbound)


class TurnIn(_OfCall):
    """One turn of a call."""

    turn: int = Field(ge=0)
    intents: list[IntentIn] = Field(min_length=1, max_length=500)
    at: AwareDatetime | None = Field(None, description="When it was said; left out: now.")

    def wants(self) -> list[Intent]:
        """The intents as the connector knows them."""
        return [Intent(each.name, each.value) for each in self.intents]


class EndIn(_OfCall):
    """How a call ended."""

    disposition: str | None = Field(None, max_length=255)
    summary: str | None = Field(None, max_length=200_000)
    duration_s: int | None = Field(None, ge=0, le=1_000_000)
    subject: str | None = Field(None, max_length=255)
    post: str | None = Field(None, max_length=100_000, description="What the team's Chatter feed is told.")
    at: AwareDatetime | None = None

    def ending(self) -> Ending:
        """The ending as the connector knows it."""
        return Ending(self.disposition, self.summary, self.duration_s, self.subject, self.post)


class ReviewIn(Strict):
    """Who decides about a dead letter, and why."""

    actor: Name | None = Field(None, description="Left out: the name of the API key that was shown.")
    reason: Annotated[str, Field(min_length=1, max_length=2000)]


class ReplayIn(ReviewIn):
    """One letter, with other values for some of its intents where need be."""

    edits: dict[str, JsonValue] = Field(default_factory=dict)


class GroupIn(ReviewIn):
    """Many letters: of a category, of a call, or all."""

    category: str | None = None
    call: str | None = None
    all: bool = False

    @model_validator(mode="after")
    def _one_choice(self) -> "GroupIn":
        if sum((self.category is not None, self.call is not None, self.all)) != 1:
            sentence = "say exactly one of category, call, or all: true"
            raise ValueError(sentence)
        return self

    def selection(self) -> Selection:
        """The letters meant."""
        return Selection(category=self.category, call=self.call, everything=self.all)


class ReplayAllIn(GroupIn):
    """Many letters, at a set rate."""

    rate_per_s: float = Field(RATE_PER_S, gt=0, le=1000)
