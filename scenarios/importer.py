"""Another program in the same org: it writes campaigns in composites that are not all or none, and one part fails."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from scenarios.trace import Import

Ask = Callable[[str, str, Any], Any]
GOOD, BAD = {"IsActive": True}, {"StartDate": "not a day"}


def campaigns(api: str, batch: int, broken: int) -> list[dict[str, Any]]:
    """A campaign, its child, a child of that, and one by itself; the part of number `broken` cannot be written."""
    names = [f"Batch {batch} campaign {number}" for number in range(4)]
    links: list[Mapping[str, Any]] = [{}, {"ParentId": "@{c0.id}"}, {"ParentId": "@{c1.id}"}, {}]
    return [
        {
            "method": "POST",
            "url": f"{api}/sobjects/Campaign",
            "referenceId": f"c{number}",
            "body": {"Name": name, **links[number], **(BAD if number == broken else GOOD)},
        }
        for number, name in enumerate(names)
    ]


def imported(ask: Ask, api: str, batch: int, broken: int, now: datetime) -> Import:
    """Write one batch and keep what was answered."""
    parts = campaigns(api, batch, broken)
    answer = ask("POST", f"{api}/composite", {"allOrNone": False, "compositeRequest": parts})
    return Import(now, tuple(parts), tuple(answer["compositeResponse"]))
