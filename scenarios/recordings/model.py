"""What a sample call is: who rang, what was said when, and what the agent's classifier made of it."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CallFacts(_Strict):
    """Which call it is, and where its agents work."""

    id: str = Field(min_length=1, max_length=80)
    agents: Literal["us", "eu"]


class Person(_Strict):
    """The person at the other end, as the org knows it, or as it gives its name on the phone."""

    first_name: str
    last_name: str
    country: str
    account: str | None = None
    company: str | None = None
    email: str | None = None


class Caller(_Strict):
    """Who rings: `known` lies in the org before the call, `stranger` does not."""

    phone: str
    known: Person | None = None
    stranger: Person | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "Caller":
        if (self.known is None) == (self.stranger is None):
            sentence = "a caller is either `known` to the org or a `stranger`: give exactly one of the two"
            raise ValueError(sentence)
        return self

    @property
    def person(self) -> Person:
        person = self.known or self.stranger
        assert person is not None, "the model demands one of the two"
        return person


class Step(_Strict):
    """One step of the happy-path script: what the agent says, and which intents it listens for."""

    step: str
    says: str
    hears: tuple[str, ...] = ()


class Utterance(_Strict):
    """Something said, from `at_s` until `until_s`, in seconds from the beginning of the call."""

    at_s: float = Field(ge=0)
    until_s: float = Field(ge=0)
    speaker: Literal["agent", "caller"]
    text: str


class Heard(_Strict):
    """One intent, as the classifier gave it at `at_s`. Without `value` the intent speaks for itself."""

    at_s: float = Field(ge=0)
    turn: int = Field(ge=1)
    name: str
    value: Any = None


class End(_Strict):
    """How the call ended."""

    at_s: float = Field(ge=0)
    disposition: str
    summary: str
    team_notice: str | None = None
    """What the team's Chatter feed is told, if anything."""


class Recording(_Strict):
    """One sample call, whole."""

    name: str
    tells: str
    language: str
    call: CallFacts
    caller: Caller
    script: tuple[Step, ...] = Field(min_length=1)
    utterances: tuple[Utterance, ...] = Field(min_length=1)
    intents: tuple[Heard, ...]
    end: End

    def turns(self) -> list[tuple[float, int, tuple[Heard, ...]]]:
        """The intents by turn: (instant in seconds, turn, intents), in order."""
        numbers = dict.fromkeys(heard.turn for heard in self.intents)
        together = [(turn, tuple(heard for heard in self.intents if heard.turn == turn)) for turn in numbers]
        return [(max(heard.at_s for heard in heards), turn, heards) for turn, heards in together]
