"""Somebody in front of the org who lets no more through: a gateway, a proxy, the login host."""

from random import Random
from typing import ClassVar

from pydantic import Field
from pydantic.dataclasses import dataclass

from mocksf.faults.fate import Fate, Lost
from mocksf.faults.kind import STRICT
from mocksf.faults.phase import Phase
from mocksf.messages import Response

JSON_TYPE = "application/json;charset=UTF-8"


@dataclass(frozen=True, config=STRICT)
class RateLimit:
    """Too many requests: 429 with a Retry-After, as gateways in front of an org say it; the org itself says 403."""

    phases: ClassVar[tuple[Phase, ...]] = (Phase.BEFORE_ORG,)
    slot: ClassVar[str] = ""

    retry_after_s: int | None = Field(default=30, ge=0, le=86_400)
    """What the header Retry-After says; null leaves it out."""

    def fate(self, _: Random, /) -> Fate:
        headers = {"Content-Type": JSON_TYPE}
        if self.retry_after_s is not None:
            headers["Retry-After"] = str(self.retry_after_s)
        body = [{"message": "Too many requests", "errorCode": "REQUEST_LIMIT_EXCEEDED"}]
        return Fate(lost=Lost.REQUEST, refusal=Response(429, body, headers))
