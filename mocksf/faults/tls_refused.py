"""A handshake that fails: no connection, so no request."""

from random import Random
from typing import ClassVar

from pydantic.dataclasses import dataclass

from mocksf.faults.fate import Ending, Fate, Lost
from mocksf.faults.kind import STRICT, Seen
from mocksf.faults.phase import Phase


@dataclass(frozen=True, config=STRICT)
class TlsRefused:
    """The TLS handshake of a new connection fails: who kept an open one notices nothing."""

    phases: ClassVar[tuple[Phase, ...]] = (Phase.BEFORE_ORG,)
    slot: ClassVar[str] = ""
    at_handshake: ClassVar[bool] = True
    """It strikes before there is a request to look at."""

    def concerns(self, seen: Seen) -> bool:
        """Whether an exchange opens a connection first."""
        return seen.opens

    def fate(self, _: Random, /) -> Fate:
        return Fate(lost=Lost.REQUEST, ending=Ending.REFUSED)
