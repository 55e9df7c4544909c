"""What every kind of fault has in common: its settings, its fate, and the phases at which it may strike."""

import re
from collections.abc import Sequence
from random import Random
from typing import Protocol

from pydantic import ConfigDict

from mocksf.faults.fate import Fate
from mocksf.faults.phase import Phase

STRICT = ConfigDict(extra="forbid")
"""Settings with a name that no one knows are refused, not ignored."""
SECONDS_MAX = 366 * 86_400.0
"""A year: longer delays are a slip, and would carry the clock beyond its calendar."""


class Seen(Protocol):
    """A request as a kind may look at it, where its fate depends on what is asked."""

    @property
    def operation(self) -> str:
        """create, upsert, query …"""
        ...

    @property
    def sobject(self) -> str | None:
        """The object that it is about, if it is about one."""
        ...

    @property
    def rows(self) -> int:
        """How many records a collection holds; 0 for anything else."""
        ...

    @property
    def opens(self) -> bool:
        """Whether it may open a connection first."""
        ...

    @property
    def idle_s(self) -> float | None:
        """How long its connection may have been idle; None for a new one."""
        ...

    @property
    def parts(self) -> "Sequence[Seen]":
        """The parts of a composite; nothing for anything else."""
        ...


class Fault(Protocol):
    """Settings of one kind, and the fate that follows from them. Never counts, never acts.

    A kind that strikes some connections only has `concerns(seen)` as well, which says whether an exchange is one that
    it can strike at all.
    """

    @property
    def phases(self) -> tuple[Phase, ...]:
        """At which phases it may strike, the usual one first; empty where the question makes no sense."""
        ...

    @property
    def slot(self) -> str:
        """In which slot of an exchange it takes effect: one rule decides per kind and slot."""
        ...

    def fate(self, random: Random, /) -> Fate:
        """What is in store for one exchange; dice come from outside."""
        ...


def kind_name(kind: type[object]) -> str:
    """The JSON name of a kind, from its class name: ``LostAnswer`` is ``lost_answer``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()
