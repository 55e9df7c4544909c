"""The page of latencies: what clients waited, by operation, against the line of 200 ms."""

from collections import defaultdict

from fastapi import Request
from fastapi.responses import Response

from mocksf.doors.control.asking import Chosen, Row
from mocksf.doors.pages import charts
from mocksf.doors.pages.frame import page
from mocksf.journal import Journal
from mocksf.weather import Sight

SHOWN_MAX = 8
"""How many operations are drawn: as many as there are colours that can be told apart."""


def by_operation(journal: Journal) -> dict[str, list[float]]:
    """The durations that the journal remembers, the busiest operation first."""
    found: dict[str, list[float]] = defaultdict(list)
    for exchange in journal:
        if exchange.took_s is not None and not (exchange.lost and exchange.fate.refusal is None):
            found[Sight(exchange.request).operation].append(exchange.took_s)
    return dict(sorted(found.items(), key=lambda one: -len(one[1])))


async def latency(request: Request, tenant: Chosen) -> Response:
    """Shows the curves and the figures."""
    durations = by_operation(tenant.wire.journal)
    everything = [each for listed in durations.values() for each in listed]
    top_s = charts.top_of(everything)
    drawn = list(durations.items())[:SHOWN_MAX]
    return page(
        request,
        tenant,
        "latency",
        curves=[charts.curve(name, listed, top_s) for name, listed in drawn],
        figures=[charts.figures(name, listed) for name, listed in durations.items()],
        whole=charts.figures("all", everything) if everything else None,
        unanswered=sum(bool(one.lost) and one.fate.refusal is None for one in tenant.wire.journal),
        x_ticks=charts.x_ticks(top_s),
        y_ticks=charts.y_ticks(),
        line_x=charts.x_of(charts.LINE_S, top_s),
        charts=charts,
    )


ROWS = (Row("GET", "/ui/latency", latency),)
