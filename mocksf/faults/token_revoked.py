"""An admin, or a security incident, that ends a session in the middle of its work."""

from random import Random
from typing import ClassVar

from pydantic.dataclasses import dataclass

from mocksf.faults.deed import RevokeToken
from mocksf.faults.fate import Fate
from mocksf.faults.kind import STRICT
from mocksf.faults.phase import Phase


@dataclass(frozen=True, config=STRICT)
class TokenRevoked:
    """The token of this request is revoked just before it arrives: it, and all that follow with it, are 401."""

    phases: ClassVar[tuple[Phase, ...]] = ()
    slot: ClassVar[str] = ""

    def fate(self, _: Random, /) -> Fate:
        return Fate(deeds=(RevokeToken(),))
