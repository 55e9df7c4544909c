"""One rule as a value: what goes wrong, where, how often, and at which moment of the exchange."""

from collections.abc import Mapping
from dataclasses import dataclass as plain_dataclass
from dataclasses import field, fields, replace
from math import exp, sqrt
from random import Random
from typing import Any

from pydantic import AwareDatetime, Field, TypeAdapter, ValidationError, field_validator, model_validator
from pydantic.dataclasses import dataclass

from mocksf.faults import BY_NAME, Fate, Fault, Phase, in_phase
from mocksf.faults.kind import SECONDS_MAX, STRICT, Seen
from mocksf.weather.problems import JSON_KEYS, RuleError, nearest, sentences, shown
from mocksf.weather.sight import OPERATIONS


@dataclass(frozen=True, config=STRICT)
class Where:
    """Which exchanges (or parts) a rule is about; what is not said is any."""

    method: str | None = None
    """GET, POST, PATCH, PUT, DELETE or HEAD."""
    path: str | None = None
    """A glob over the path, without query; `*` crosses slashes, case does not matter."""
    sobject: str | None = None
    operation: str | None = None
    header: Mapping[str, str] | None = None
    """Header names and globs of their values."""
    body: str | Mapping[str, str] | None = None
    """A glob over the body's text; or dotted paths into its JSON (`compositeRequest.*.body.StageName`) and globs."""
    user: str | None = None
    """A glob over the username of whoever calls."""
    tenant: str | None = None
    """A glob over the name of the org: for rules that several orgs share."""
    nth: int | None = Field(default=None, ge=1)
    """Only the nth of the exchanges that fit all the rest."""
    part: str | None = None
    """The referenceId or the object of a subrequest: the rule strikes that part of a composite alone."""

    @field_validator("method")
    @classmethod
    def _upper(cls, method: str | None) -> str | None:
        return method and method.upper()

    @field_validator("operation")
    @classmethod
    def _known(cls, operation: str | None) -> str | None:
        if operation is not None and operation not in OPERATIONS:
            message = f"no such operation `{operation}`{nearest(operation, OPERATIONS)}"
            raise ValueError(message)
        return operation


@dataclass(frozen=True, config=STRICT)
class Window:
    """When a rule is in force: from the first instant on, up to but without the last."""

    from_s: float | None = Field(default=None, ge=0, le=SECONDS_MAX)
    """Seconds since the rule was laid down (with the weather's first rules: since the org began)."""
    to_s: float | None = Field(default=None, ge=0, le=SECONDS_MAX)
    since: AwareDatetime | None = None
    """An instant on the org's clock; `from` in JSON."""
    until: AwareDatetime | None = None
    """An instant on the org's clock; `to` in JSON."""


@dataclass(frozen=True, config=STRICT)
class Ramp:
    """A chance that grows, or falls, in a straight line from one moment to another, and stays there."""

    to_s: float = Field(gt=0, le=SECONDS_MAX)
    """When it ends, in seconds since the rule was laid down."""
    from_s: float = Field(default=0.0, ge=0, le=SECONDS_MAX)
    """When it begins."""
    low: float = Field(default=0.0, ge=0, le=1)
    """The chance before."""
    high: float = Field(default=1.0, ge=0, le=1)
    """The chance after."""

    @model_validator(mode="after")
    def _forwards(self) -> "Ramp":
        if self.to_s <= self.from_s:
            message = f"`to_s` ({self.to_s:g}) must come after `from_s` ({self.from_s:g})"
            raise ValueError(message)
        return self

    def chance(self, seconds: float) -> float:
        """The chance so many seconds after the rule was laid down."""
        share = min(max((seconds - self.from_s) / (self.to_s - self.from_s), 0.0), 1.0)
        return self.low + (self.high - self.low) * share


@dataclass(frozen=True, config=STRICT)
class Spells:
    """Good and bad spells by turns, each of random length: a two-state Markov chain. It strikes in bad ones alone."""

    good_s: float = Field(gt=0, le=SECONDS_MAX)
    """How long a good spell lasts on average."""
    bad_s: float = Field(gt=0, le=SECONDS_MAX)
    """How long a bad one does; the share of bad time is bad_s / (good_s + bad_s)."""


@dataclass(frozen=True, config=STRICT)
class Drift:
    """Delays that are long together and short together: all of a rule's are multiplied by one factor that drifts.

    Its logarithm is an AR(1) process in the time between exchanges (an Ornstein-Uhlenbeck process): normal with the
    mean 0, and forgotten at the rate of 1/e per `memory_s`. So the median delay stays what the settings say.
    """

    sigma: float = Field(gt=0, le=10)
    """The standard deviation of the logarithm: 0.7 makes the slow tenth of all times 2.5 times slower."""
    memory_s: float = Field(gt=0, le=SECONDS_MAX)
    """How long a slow time lasts: after so many seconds 37 % of its logarithm are left."""

    def level(self, before: float | None, passed_s: float, random: Random) -> float:
        """The next level, in standard deviations, so many seconds after the one before; the first is drawn freely."""
        kept = exp(-passed_s / self.memory_s) if before is not None else 0.0
        return kept * (before or 0.0) + sqrt(1 - kept * kept) * random.gauss(0, 1)


@dataclass(frozen=True, config=STRICT)
class HowOften:
    """How often a rule strikes where it decides, and whether its delays come in slow and quick times."""

    chance: float = Field(default=1.0, ge=0, le=1)
    times: int | None = Field(default=None, ge=1)
    """It strikes so many times and then no more."""
    every: int | None = Field(default=None, ge=1)
    """Of the exchanges that it decides over, every so manieth."""
    window: Window | None = None
    ramp: Ramp | None = None
    spells: Spells | None = None
    drift: Drift | None = None


DELAYS = frozenset({"latency", "region", "service_times"})
"""The kinds whose delays may drift."""
ANYWHERE = Where()
ALWAYS = HowOften()


@plain_dataclass(frozen=True)
class Rule:
    """What (a kind and its settings), where, how often, and the phase; see parse.py for the JSON form.

    Raises RuleError for an unknown kind, settings that do not fit it, or a phase at which it cannot strike.
    """

    kind: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    where: Where = ANYWHERE
    how_often: HowOften = ALWAYS
    phase: Phase | str | None = None
    id: str = ""
    fault: Fault = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        fault = _fault(self.kind, self.settings)
        object.__setattr__(self, "fault", fault)
        object.__setattr__(self, "phase", _phase(self.kind, fault, self.phase))
        if self.where.part is not None and not hasattr(fault, "refusal"):
            sentence = f"a {self.kind} strikes a whole exchange; only an error can strike one part"
            raise RuleError([("where.part", sentence)])
        if getattr(fault, "at_handshake", False):
            self._check_handshake()
        if self.how_often.drift is not None and self.kind not in DELAYS:
            sentence = f"a {self.kind} has no delays that could drift; {', '.join(sorted(DELAYS))} have"
            raise RuleError([("how_often.drift", sentence)])

    def _check_handshake(self) -> None:
        named = [each.name for each in fields(Where) if each.name not in {"tenant", "nth"}]
        wrong = next((name for name in named if getattr(self.where, name) is not None), None)
        if wrong is not None:
            sentence = f"a {self.kind} strikes before there is a request; its `where` knows `tenant` and `nth`"
            raise RuleError([(f"where.{wrong}", sentence)])

    @property
    def slot(self) -> tuple[str, str]:
        """Among the rules of one slot, the first whose `where` matches decides."""
        return self.kind, self.fault.slot

    def fate(self, random: Any, seen: Seen | None = None) -> Fate:
        """The fate that this rule pronounces, at its phase; some kinds look at the request."""
        look = getattr(self.fault, "fate_of", None) if seen is not None else None
        fate = replace(look(seen, random) if look else self.fault.fate(random), struck=(self.id,))
        if not isinstance(self.phase, Phase):
            return fate
        return in_phase(fate, self.phase, getattr(self.fault, "after_bytes", 0))

    def as_json(self) -> dict[str, Any]:
        """The JSON form; what is left out says what is usual."""
        form: dict[str, Any] = {"id": self.id, "kind": self.kind}
        if self.settings:
            form["settings"] = dict(self.settings)
        form |= {key: given for key in ("where", "how_often") if (given := _given(getattr(self, key)))}
        if isinstance(self.phase, Phase) and self.phase is not self.fault.phases[0]:
            form["phase"] = self.phase.value
        return form


def _fault(kind: str, settings: Mapping[str, Any]) -> Fault:
    if kind not in BY_NAME:
        raise RuleError([("kind", f"no such kind {shown(kind)}{nearest(str(kind), BY_NAME)}")])
    shape: TypeAdapter[Any] = TypeAdapter(BY_NAME[kind])
    try:
        fault: Fault = shape.validate_python(dict(settings))
    except ValidationError as error:
        raise RuleError([(f"settings{path}", said) for path, said in sentences(error, BY_NAME[kind])]) from None
    return fault


def _phase(kind: str, fault: Fault, given: Phase | str | None) -> Phase | None:
    """The phase that was asked for, or the kind's usual one. Raises RuleError where the kind cannot strike then."""
    if given is None:
        return fault.phases[0] if fault.phases else None
    name = given.value if isinstance(given, Phase) else given
    known = [phase.value for phase in fault.phases]
    if name in known:
        return Phase(name)
    sentence = f"a {kind} has no phase" if not known else f"a {kind} cannot strike at {shown(name)}"
    raise RuleError([("phase", sentence + (nearest(str(name), known) if known else ""))])


def _given(value: Any) -> dict[str, Any]:
    """The keys of a dataclass that differ from their defaults, as JSON."""
    given: dict[str, Any] = {}
    for one in fields(value):
        held = getattr(value, one.name)
        if held is None or held == getattr(one.default, "default", one.default):
            continue
        key = JSON_KEYS.get(one.name, one.name)
        nested = isinstance(held, Window | Ramp | Spells | Drift)
        given[key] = _given(held) if nested else held.isoformat() if hasattr(held, "isoformat") else held
    return given
