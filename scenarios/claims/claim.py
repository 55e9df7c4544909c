"""What a claim gives back: whether it holds, and the figures that say so."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is played for a verdict: generated maps, storms, and turns of the pinned arm."""

    maps: int = 24
    storms: int = 130
    """Five for each fault that a storm may bring for certain."""
    turns: int = 800


FULL = Effort()
"""What `scenarios verify` plays."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim, judged. `evidence` is JSON; `pictures` is what the page draws and JSON does not carry."""

    name: str
    tells: str
    holds: bool
    evidence: Mapping[str, Any]
    pictures: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The claim as `scenarios verify --json` writes it."""
        return {"name": self.name, "holds": self.holds, "evidence": dict(self.evidence)}
