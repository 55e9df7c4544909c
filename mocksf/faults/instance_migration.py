"""An org that moves to another instance: pages while it moves, and no session that was open before is any good."""

from random import Random
from typing import ClassVar

from pydantic import Field
from pydantic.dataclasses import dataclass

from mocksf.faults.deed import RevokeToken
from mocksf.faults.error import HTML_TYPE, MAINTENANCE_PAGE
from mocksf.faults.fate import Fate, Lost
from mocksf.faults.kind import STRICT
from mocksf.faults.phase import Phase
from mocksf.messages import Raw, Response

_MOVED = "<html><head><title>Moved</title></head><body><h1>The requested resource has moved.</h1></body></html>"


@dataclass(frozen=True, config=STRICT)
class InstanceMigration:
    """The org is on the move: a page, or a redirect to where it will be; whoever asks has to log in afterwards."""

    phases: ClassVar[tuple[Phase, ...]] = (Phase.BEFORE_ORG,)
    slot: ClassVar[str] = ""

    moved_to: str = Field(default="", pattern=r"^(https?://\S+)?$")
    """The org's new address: 301 with an HTML body, which not every client follows; empty: the maintenance page."""

    def fate(self, _: Random, /) -> Fate:
        headers = {"Content-Type": HTML_TYPE}
        if self.moved_to:
            page = Response(301, Raw(_MOVED.encode()), {**headers, "Location": self.moved_to})
        else:
            page = Response(503, Raw(MAINTENANCE_PAGE.encode()), headers)
        return Fate(lost=Lost.REQUEST, refusal=page, deeds=(RevokeToken(),))
