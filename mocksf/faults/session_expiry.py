"""A session that the org does not know any more, for this once."""

from random import Random
from typing import ClassVar

from pydantic.dataclasses import dataclass

from mocksf.dialects import rest
from mocksf.errors import Refusal, Refuse
from mocksf.faults.fate import Fate, Lost
from mocksf.faults.kind import STRICT
from mocksf.faults.phase import Phase


@dataclass(frozen=True, config=STRICT)
class SessionExpiry:
    """The session is not known: 401 `INVALID_SESSION_ID`, and a new token is asked for."""

    phases: ClassVar[tuple[Phase, ...]] = (Phase.BEFORE_ORG,)
    slot: ClassVar[str] = ""

    def fate(self, _: Random, /) -> Fate:
        return Fate(lost=Lost.REQUEST, refusal=rest(Refuse.BAD_SESSION()))

    def refusal(self) -> Refusal:
        """The same as the refusal of one part of a composite."""
        return Refuse.BAD_SESSION()
