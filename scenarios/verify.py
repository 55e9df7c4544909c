"""The main job: judge the six claims, and write down the verdict as JSON and as a page."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import orjson

from scenarios.claims import FULL, Claim, Effort, judged


@dataclass(frozen=True, slots=True)
class Verdict:
    """All claims, judged under one seed."""

    claims: tuple[Claim, ...]
    seed: int

    @property
    def holds(self) -> bool:
        """Whether every claim holds."""
        return all(claim.holds for claim in self.claims)

    def as_json(self) -> dict[str, Any]:
        """The verdict as others rely on it: claims with name, holds and evidence; seed; version."""
        return {"claims": [claim.as_json() for claim in self.claims], "seed": self.seed, "version": own_version()}


def own_version() -> str:
    """The project's version, as its metadata says it."""
    try:
        return version("mocksf")
    except PackageNotFoundError:
        return "not installed"


def verify(seed: int, progress: Callable[[str], None] = lambda _: None, effort: Effort = FULL) -> Verdict:
    """Judge all claims. The same seed gives the same verdict, evidence included."""
    return Verdict(tuple(judged(seed, progress, effort)), seed)


def write_json(verdict: Verdict, path: Path) -> None:
    """Write the verdict; folders are made where they are missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(orjson.dumps(verdict.as_json(), option=orjson.OPT_INDENT_2) + b"\n")


def write_page(html: str, path: Path) -> None:
    """Write the page; folders are made where they are missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(html, encoding="utf-8")
