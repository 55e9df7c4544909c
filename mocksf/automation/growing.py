"""A roll-up summary one detail later: worked out from what it was, so that many details cost no more than their number.

Only a detail that is new adds to what is there; whoever changes, moves, goes or comes back is counted anew.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from mocksf.automation.plans import Rollup
from mocksf.formula import Frame, World

Row = Mapping[str, Any]
NEW: Row = MappingProxyType({})
"""What a record was that did not exist before; a record that comes back was empty, but is not new."""
_SUMS = frozenset({"count", "sum"})


def grown(rollup: Rollup, was: Any, detail: Row, world: World) -> Any:
    """The summary with one new detail, in its stored form."""
    if rollup.matcher is not None and not rollup.matcher.holds(Frame(world, detail)):
        return was
    if rollup.source is None:
        return was + 10**rollup.field.scale
    value = detail.get(rollup.source.name)
    if value is None:
        return was
    if rollup.summary.operation == "sum":
        total = was + value
        return total if abs(total) < 10 ** (rollup.field.precision or 18) else None
    if was is None:
        return value
    return max(was, value) if rollup.summary.operation == "max" else min(was, value)


def may_grow(rollup: Rollup, was: Any) -> bool:
    """Whether a summary that is so can grow: one beyond its digits reads as null and is counted anew."""
    if rollup.summary.operation not in _SUMS:
        return rollup.grows
    return rollup.grows and was is not None
