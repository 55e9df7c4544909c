"""The laws of the simulations as rows: what each says, when it is judged, which number it keeps, what must be seen."""

from collections.abc import Iterator

from scenarios.laws import ALWAYS, AT_REST, NUMBERED
from scenarios.laws_of_runs import RUNS
from scenarios.sometimes import SOMETIMES


def law_rows() -> Iterator[tuple[str, str, str]]:
    """(name, what must hold, when)."""
    judged = [(law, "always") for law in ALWAYS] + [(law, "at rest") for law in AT_REST]
    judged += [(law, "over runs") for law in RUNS]  # type: ignore[list-item]  # only its name and sentence are read
    for law, when in judged:
        yield law.__name__, " ".join((law.__doc__ or "").split("\n\n")[0].split()), when


def number_rows() -> Iterator[tuple[str, str]]:
    """(number, the laws that keep it)."""
    yield from ((number, ", ".join(f"`{name}`" for name in names)) for number, names in NUMBERED.items())


def sometimes_rows() -> Iterator[tuple[str, str]]:
    """(first word or words, what is counted under it), so that a long list can be read."""
    groups: dict[str, list[str]] = {}
    for each in SOMETIMES:
        head, _, rest = each.name.partition(" ")
        groups.setdefault(head if rest and head in {"fault", "phase"} else "event", []).append(
            rest if head in {"fault", "phase"} else each.name
        )
    yield from ((head, ", ".join(seen)) for head, seen in groups.items())
