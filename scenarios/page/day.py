"""The page of a company's day: what callers experienced hour by hour, customer by customer, and the laws."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from scenarios.day import DayLived
from scenarios.day.slots import SLOT_S, Slot
from scenarios.day.told import shown_share
from scenarios.laws import ALWAYS, AT_REST, name_of
from scenarios.page.ink import INKS, canvas, settings, svg
from scenarios.sometimes import SOMETIMES
from scenarios.verify import own_version

OPENS_H = 9
"""The hour at which a day begins."""
WORDS = {"in time": "green", "later": "amber", "dead": "red", "dark": "violet"}
"""How a turn came out → its ink."""
MEANING = {
    "in time": "committed within the budget",
    "later": "accepted in time, committed later",
    "dead": "answered: a person has to look",
    "dark": "not answered",
}


def render_day(day: DayLived) -> str:
    """The page as HTML: self-contained, and the same bytes for the same day."""
    environment = Environment(
        loader=PackageLoader("scenarios", "page"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    broken = Counter(law for law, _ in day.breaches)
    return environment.get_template("day.html.j2").render(
        day=day,
        version=own_version(),
        figures=list(_figures(day)),
        turns=turns_svg([each.slots for each in day.branches]),
        requests=requests_svg([each.slots for each in day.branches]),
        legend=[(ink, MEANING[word]) for word, ink in WORDS.items()],
        customers=[{"lived": each, "shown": shown_share(each.hang_up)} for each in day.branches],
        breaches=day.breaches[:200],
        laws=[{"name": name_of(law), "broken": broken[name_of(law)]} for law in (*ALWAYS, *AT_REST)],
        seen=[(each.name, day.coverage[each.name]) for each in SOMETIMES],
    )


def _figures(day: DayLived) -> Iterator[tuple[str, str]]:
    ends = Counter[str]()
    for each in day.branches:
        ends.update(each.ends)
    yield "calls", f"{day.calls:,}"
    yield "customers", f"{len(day.branches)}"
    yield "requests", f"{sum(each.requests for each in day.branches):,}"
    yield from ((name, f"{count:,}") for name, count in sorted(ends.items()))
    yield "deaths of a process", f"{sum(each.deaths for each in day.branches)}"
    yield "messages to Slack", f"{sum(each.messages for each in day.branches)}"
    yield "events", f"{day.events:,}"


def _added(branches: Sequence[Sequence[Slot]], number: int, word: str) -> int:
    return sum(slots[number].turns[word] for slots in branches)


def _hours(count: int) -> list[float]:
    return [OPENS_H + number * SLOT_S / 3600 for number in range(count)]


def _busy(branches: Sequence[Sequence[Slot]]) -> int:
    """How many slots there are until nothing happens any more."""
    return max(
        (number + 1 for slots in branches for number, slot in enumerate(slots) if slot.turns or slot.requests),
        default=1,
    )


def turns_svg(branches: Sequence[Sequence[Slot]]) -> str:
    """Bars per quarter of an hour: how the turns of all customers came out."""
    count = _busy(branches)
    with settings():
        figure = canvas(10.5, 3.6)
        axes = figure.subplots()
        below = [0] * count
        for word, ink in WORDS.items():
            heights = [_added(branches, number, word) for number in range(count)]
            axes.bar(_hours(count), heights, width=SLOT_S / 3600 * 0.86, bottom=below, align="edge", color=INKS[ink])
            below = [one + other for one, other in zip(below, heights, strict=True)]
        _dress(axes, count, "turns per quarter of an hour")
    return svg(figure, "Turns per quarter of an hour, by how they came out")


def requests_svg(branches: Sequence[Sequence[Slot]]) -> str:
    """Two lines: requests to the orgs, and those of them that failed, in the same slots."""
    count = _busy(branches)
    with settings():
        figure = canvas(10.5, 2.6)
        axes = figure.subplots()
        middle = [hour + SLOT_S / 7200 for hour in _hours(count)]
        for attribute, ink, label in (("requests", "blue", "requests"), ("failed", "red", "refused or lost")):
            heights = [sum(getattr(slots[number], attribute) for slots in branches) for number in range(count)]
            axes.plot(middle, heights, color=INKS[ink], linewidth=1.6, label=label)
        axes.legend(frameon=False, loc="upper right", labelcolor=INKS["ink"])
        _dress(axes, count, "requests per quarter of an hour")
    return svg(figure, "Requests per quarter of an hour, and those that failed")


def _dress(axes: Any, count: int, says: str) -> None:
    last = OPENS_H + count * SLOT_S / 3600
    hours = range(OPENS_H, int(last) + 1)
    axes.set(xlim=(OPENS_H, last), ylabel=says)
    axes.set_xticks(list(hours), [f"{hour % 24:02d}:00" for hour in hours])
    axes.grid(axis="y")
    axes.set_axisbelow(True)
