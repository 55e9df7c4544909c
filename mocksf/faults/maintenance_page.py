"""The page that stands in front of an org that is down for maintenance."""

from random import Random
from typing import ClassVar

from pydantic import Field
from pydantic.dataclasses import dataclass

from mocksf.faults.error import HTML_TYPE, MAINTENANCE_PAGE
from mocksf.faults.fate import Fate, Lost
from mocksf.faults.kind import STRICT
from mocksf.faults.phase import Phase
from mocksf.messages import Raw, Response


@dataclass(frozen=True, config=STRICT)
class MaintenancePage:
    """An HTML page where JSON was expected: who parses the body before looking at its type falls over."""

    phases: ClassVar[tuple[Phase, ...]] = (Phase.BEFORE_ORG,)
    slot: ClassVar[str] = ""

    status: int = Field(default=503, ge=200, le=599)
    """Sometimes it comes with an unexpected one, 200 included."""

    def fate(self, _: Random, /) -> Fate:
        return Fate(
            lost=Lost.REQUEST,
            refusal=Response(self.status, Raw(MAINTENANCE_PAGE.encode()), {"Content-Type": HTML_TYPE}),
        )
