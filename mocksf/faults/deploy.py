"""A colleague whose deploy commits while others work: from one request to the next the org has another schema."""

from collections.abc import Mapping
from random import Random
from typing import Any, ClassVar

from pydantic.dataclasses import dataclass

from mocksf.faults.deed import ChangeSchema
from mocksf.faults.fate import Fate
from mocksf.faults.kind import STRICT
from mocksf.faults.phase import Phase


@dataclass(frozen=True, config=STRICT)
class Deploy:
    """A deploy commits just before the request arrives: fields come or go, a value is deactivated, a rule is added."""

    phases: ClassVar[tuple[Phase, ...]] = ()
    slot: ClassVar[str] = ""

    change: Mapping[str, Any]
    """What changes, as a YAML schema says it; `deleted` names what goes. What the org cannot take changes nothing."""

    def fate(self, _: Random, /) -> Fate:
        return Fate(deeds=(ChangeSchema(self.change),))
