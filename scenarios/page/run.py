"""The page of one run: its picture, what callers experienced, what landed where, dead letters, and the laws."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from mocksf.clock import EPOCH
from scenarios.evidence import attempts, of_kind, status
from scenarios.laws import ALWAYS, AT_REST, name_of
from scenarios.page.axis import spoken
from scenarios.page.outcomes import INKS, outcome_of
from scenarios.page.picture import CALLS_MOST, anchor, bands_of, lanes_of, seconds
from scenarios.page.pictures import Curve, latencies, whole_run
from scenarios.page.runlanes import lanes_svg
from scenarios.play import Played
from scenarios.rows import value_there
from scenarios.timeline import timeline
from scenarios.trace import END, Receipt
from scenarios.verify import own_version

LEAST_S = 0.001
"""What took less is drawn as this: the axis is logarithmic."""
ROWS_MOST = 400
"""How many rows a table shows; how many more there are is said."""


def render_run(played: Played, seed: int, title: str) -> str:
    """The page as HTML: self-contained, and the same bytes for the same run."""
    environment = Environment(
        loader=PackageLoader("scenarios", "page"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    trace = played.world.trace
    turns, landed, letters = list(_turns(played)), list(_landed(played)), list(_letters(played))
    return environment.get_template("run.html.j2").render(
        title=title,
        tells=played.story.tells,
        seed=seed,
        version=own_version(),
        holds=played.holds,
        missed=played.missed,
        figures=_figures(played),
        picture=lanes_svg(lanes_of(played), bands_of(played), _ends_s(played)),
        legend=list(INKS.items()),
        calls=len(played.world.agents),
        drawn=min(CALLS_MOST, len(played.world.agents)),
        curve=_curve(played),
        codes=Counter(outcome_of(each) for each in trace.exchanges).most_common(),
        struck=Counter(kind for each in trace.exchanges for kind in each.struck).most_common(),
        turns=turns[:ROWS_MOST],
        more_turns=len(turns) - len(turns[:ROWS_MOST]),
        landed=landed[:ROWS_MOST],
        more_landed=len(landed) - len(landed[:ROWS_MOST]),
        letters=letters[:ROWS_MOST],
        messages=[(f"{seconds(each.at):.2f}", each.text) for each in played.seen.messages[:50]],
        laws=list(_laws(played)),
        strip="\n".join(list(timeline(trace, EPOCH))[:4000]),
    )


def _ends_s(played: Played) -> float:
    ends = [each.heard or each.sent for each in played.world.trace.exchanges]
    return max((seconds(each) for each in ends), default=0.0) + 1.0


def _figures(played: Played) -> list[tuple[str, str]]:
    trace, seen = played.world.trace, played.seen
    told = [each for each in seen.receipts if each.answered is not None]
    budget = seen.terms.budget_s
    in_time = sum(each.answered is not None and (each.answered - each.asked).total_seconds() <= budget for each in told)
    tries = [len(each) for each in attempts(seen).values()]
    return [
        ("calls", f"{len(played.world.agents)}"),
        ("turns answered in time", f"{in_time} of {len(told)}"),
        ("told as committed", f"{sum(each.told == 'committed' for each in told)}"),
        ("requests", f"{len(trace.exchanges)}"),
        ("attempts beyond the first", f"{sum(max(0, each - 1) for each in tries)}"),
        ("dead letters", f"{len(of_kind(seen, 'dead'))}"),
        ("messages to Slack", f"{len(seen.messages)}"),
        ("deaths of the process", f"{len(trace.crashes)}"),
        ("time that passed", spoken(_ends_s(played) - 1.0)),
    ]


def _curve(played: Played) -> str | None:
    answered = [_s(each.answered, each) for each in played.seen.receipts if each.answered]
    committed = [_s(each.committed, each) for each in played.seen.receipts if each.committed and each.turn != END]
    curves = [Curve("answered", answered, "blue"), Curve("committed", committed, "green", dashed=True)]
    shown = [each for each in curves if each.seconds]
    if not shown:
        return None
    longest_s = max(second for each in shown for second in each.seconds)
    return latencies(shown, played.seen.terms.budget_s, whole_run(max(1.0, longest_s)))


def _s(instant: Any, receipt: Receipt) -> float:
    return max(float((instant - receipt.asked).total_seconds()), LEAST_S)


def _turns(played: Played) -> Iterator[dict[str, Any]]:
    """What the caller experienced, turn by turn, and what became of it."""
    stands, tries = status(played.seen), attempts(played.seen)
    for each in played.seen.receipts:
        ends = Counter(stands.get(key, "unknown") for key in each.deliveries)
        yield {
            "anchor": anchor(each),
            "name": each.name,
            "at": f"{seconds(each.asked):.2f}",
            "said": ", ".join(f"{name} {value}" if value is not None else name for name, value in each.intents.items()),
            "told": each.told or "nothing: the process died",
            "after": spoken((each.answered - each.asked).total_seconds()) if each.answered else "",
            "committed": spoken((each.committed - each.asked).total_seconds()) if each.committed else "",
            "tries": sum(len(tries.get(key, ())) for key in each.deliveries),
            "ends": ", ".join(f"{word}" if count == 1 else f"{count} {word}" for word, count in ends.items()),
        }


def _landed(played: Played) -> Iterator[dict[str, Any]]:
    for each in played.seen.wanted:
        found = value_there(played.seen, each)
        yield {
            "turn": f"{each.call}/{'end' if each.turn == END else each.turn}",
            "place": f"{each.sobject}.{each.field}",
            "key": f"{each.key[0]} = {each.key[1]}",
            "wanted": str(each.value),
            "found": ", ".join("(empty)" if value is None else str(value) for value in found) or "(no record)",
            "same": found == [each.value],
        }


def _letters(played: Played) -> Iterator[tuple[str, str, str, str]]:
    stands = status(played.seen)
    for entry in played.seen.entries:
        if entry.kind == "dead":
            detail = entry.detail
            reason = f"{detail.get('reason')}" + (f" (culprit {detail['culprit']})" if detail.get("culprit") else "")
            yield (
                f"{seconds(entry.at):.2f}",
                entry.delivery,
                f"{detail.get('category')}: {reason}",
                ("healed" if stands.get(entry.delivery) == "committed" else stands.get(entry.delivery, "")),
            )


def _laws(played: Played) -> Iterator[dict[str, Any]]:
    for law, always in [*((each, True) for each in ALWAYS), *((each, False) for each in AT_REST)]:
        name = name_of(law)
        judged = always or played.seen.at_rest
        yield {
            "name": name,
            "anchor": name.replace(" ", "-"),
            "says": (law.__doc__ or "").strip().splitlines()[0],
            "judged": judged,
            "breaches": [breach for broken, breach in played.broken if broken == name][:20],
        }
