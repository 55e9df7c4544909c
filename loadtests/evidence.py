"""What a run leaves behind, as plain values: what callers were told, what the ledger says, what the org holds."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

SCHEDULE = (0.2, 1.0, 5.0, 30.0, 300.0)
"""The waits before each retry, in seconds of the connector's clock."""

FINAL = frozenset({"committed", "dead", "discarded"})
"""The kinds of ledger entry after which a delivery asks for nothing more."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """One turn as its caller saw it: what was asked, and what the connector answered."""

    call: str
    phone: str
    turn: int
    intents: Mapping[str, Any]
    status: int
    deliveries: tuple[str, ...] = ()
    """The keys under which the connector promised to deliver it."""

    @property
    def accepted(self) -> bool:
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Step:
    """One ledger entry of a delivery; `at_s` in seconds of the connector's clock."""

    kind: str
    at_s: float


@dataclass(frozen=True, slots=True)
class Course:
    """One delivery as the ledger tells it, oldest step first."""

    key: str
    steps: tuple[Step, ...]

    @property
    def end(self) -> str:
        """The last final word about it, or `pending`."""
        return next((step.kind for step in reversed(self.steps) if step.kind in FINAL), "pending")

    @property
    def tries(self) -> int:
        """How often it was sent; the acceptance is the first attempt's own entry."""
        return sum(step.kind in {"accepted", "trying"} for step in self.steps)

    def waits(self) -> list[float]:
        """Seconds from each failure to the attempt that followed it."""
        pairs = zip(self.steps, self.steps[1:], strict=False)
        return [
            after.at_s - before.at_s for before, after in pairs if (before.kind, after.kind) == ("failed", "trying")
        ]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything a verdict may look at."""

    told: Sequence[Told] = ()
    courses: Mapping[str, Course] = field(default_factory=dict)
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    """The org's records after the run, by object, read with SOQL."""
    field_map: Mapping[str, str] = field(default_factory=dict)
    """Intent → Object.Field, as configured."""
    schedule: Sequence[float] = ()
    scale: float = 1.0
    within_budget: float = 1.0
    """The share of turns answered within the budget, from their intended start."""
    breaches: Sequence[tuple[str, str]] = ()
    """What of the simulations' laws is broken: the law, and what broke it."""

    @property
    def accepted(self) -> list[Told]:
        return [told for told in self.told if told.accepted]


def write_told(path: Path, told: Iterable[Told]) -> None:
    """Keep what callers were told, one JSON object a line."""
    path.write_text("".join(json.dumps(asdict(each)) + "\n" for each in told), encoding="utf-8")


def read_told(path: Path) -> list[Told]:
    """Read what `write_told` kept."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [Told(**{**row, "deliveries": tuple(row["deliveries"])}) for row in map(json.loads, lines)]
