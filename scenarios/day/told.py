"""A day as a table for a terminal, and as JSON."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from rich.table import Table

from scenarios.day.lived import DayLived

COLUMNS = ("customer", "calls", "requests", "committed", "dead", "discarded", "deaths", "Slack", "p50", "p99", "shown")


def day_table(days: Sequence[DayLived]) -> Table:
    """One row per customer and day."""
    table = Table(box=None, pad_edge=False)
    for name in ("seed", *COLUMNS):
        table.add_column(name, justify="left" if name == "customer" else "right", no_wrap=True)
    for day in days:
        for each in day.branches:
            ends = (each.ends.get(name, 0) for name in ("committed", "dead", "discarded"))
            counts = (each.calls, each.requests, *ends, each.deaths, each.messages)
            waits = (f"{each.answers_ms.get(share, 0):.0f} ms" for share in ("0.5", "0.99"))
            told = [f"{count:,}" for count in counts]
            table.add_row(str(day.seed), each.name, *told, *waits, shown_share(each.hang_up))
    return table


def shown_share(hang_up: dict[str, int]) -> str:
    """What share of critical intents was readable when the caller hung up, and what share under way or dead."""
    total = sum(hang_up.values())
    if not total:
        return "-"
    words = ((name, hang_up.get(name, 0)) for name in ("readable", "pending", "dead", "dark"))
    return ", ".join(f"{count / total:.1%} {name}" for name, count in words if count)


def pace(days: Sequence[DayLived]) -> str:
    """How fast the days went by."""
    events, spent = sum(day.events for day in days), sum(day.processor_s for day in days)
    simulated, played = sum(day.simulated_s for day in days), sum(day.played_s for day in days)
    return (
        f"{sum(day.calls for day in days):,} calls, {events:,} events in {spent:.1f} s of one processor "
        f"({played:.1f} s playing, {spent - played:.1f} s judging): {events / played:,.0f} events per second, "
        f"{simulated / spent:,.0f} simulated seconds per second"
    )


def as_json(days: Sequence[DayLived]) -> dict[str, Any]:
    """The days as a value to be written down."""
    total: Counter[str] = Counter()
    for day in days:
        total.update(day.coverage)
    rows = [
        {
            "seed": day.seed,
            "calls": day.calls,
            "events": day.events,
            "simulated_s": day.simulated_s,
            "processor_s": round(day.processor_s, 2),
            "breaches": day.breaches,
            "customers": [
                {name: getattr(each, name) for name in ("name", "calls", "requests", "ends", "answers_ms", "hang_up")}
                for each in day.branches
            ],
        }
        for day in days
    ]
    return {"days": rows, "seen": dict(total)}
