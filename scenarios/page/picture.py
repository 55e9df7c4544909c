"""What a run's picture is made of: lanes out of the trace, bands out of the weather and of what people did."""

import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime

from mocksf.clock import EPOCH
from scenarios.callers import Agent
from scenarios.page.axis import spoken
from scenarios.page.outcomes import INKS, outcome_of, said
from scenarios.page.runlanes import Band, Lane, Stroke
from scenarios.play import Played
from scenarios.story import Rings
from scenarios.trace import END, Exchange, Receipt

CALLS_APART = 3
"""Up to so many calls have a lane per delivery; of more, each has one lane."""
CALLS_MOST = 60
CAMEL = re.compile(r"(?<!^)(?=[A-Z])")
TOLD = {"committed": "green", "accepted": "amber", "dead": "red", "unfit": "red", "conflict": "red"}


def seconds(instant: datetime) -> float:
    """Seconds since the world began."""
    return (instant - EPOCH).total_seconds()


def lanes_of(played: Played) -> list[Lane]:
    """Calls with their deliveries, then what is nobody's: lookups and logins, and Slack."""
    trace = played.world.trace
    apart = len(played.world.agents) <= CALLS_APART
    by_delivery: dict[str, list[Exchange]] = {}
    for each in trace.exchanges:
        by_delivery.setdefault(each.delivery or each.lane, []).append(each)
    lanes: list[Lane] = []
    for agent in liveliest(played):
        lanes += _call(agent, by_delivery, apart)
    for name, label in (("login", "logins"), ("lookup", "lookups"), ("alerts", "Slack")):
        mine = [each for each in trace.exchanges if each.lane == name]
        if mine:
            lanes.append(Lane(label, [_exchange(each) for each in mine], head=True))
    return lanes


def liveliest(played: Played) -> list[Agent]:
    """The calls that are drawn: all, or of very many those with the most requests, in the order in which they rang."""
    asked: dict[str, int] = {}
    owner = {key: receipt.call for receipt in played.world.trace.receipts for key in receipt.deliveries}
    for each in played.world.trace.exchanges:
        call = owner.get(each.delivery or "", "")
        asked[call] = asked.get(call, 0) + 1
    first = sorted(played.world.agents, key=lambda agent: -asked.get(agent.call_id, 0))[:CALLS_MOST]
    return sorted(first, key=lambda agent: agent.began)


def _call(agent: Agent, by_delivery: dict[str, list[Exchange]], apart: bool) -> Iterator[Lane]:
    head = Lane(agent.call_id, [*_speech(agent), *(_turn(each) for each in agent.receipts)], head=True)
    yield head
    for receipt in {each.turn: each for each in agent.receipts}.values():
        sent = [each for key in receipt.deliveries for each in by_delivery.get(key, ())]
        strokes = [_exchange(each) for each in sorted(sent, key=lambda each: outcome_of(each) == "written")]
        if not apart:
            head.strokes = [*strokes, *head.strokes]
        elif strokes:
            what = "call log, team post" if receipt.turn == END else ", ".join(receipt.intents)
            turn = "end" if receipt.turn == END else receipt.turn
            yield Lane(f"{turn}  {what}", strokes, link=anchor(receipt))


def _speech(agent: Agent) -> Iterator[Stroke]:
    began = seconds(agent.began)
    for line in agent.recording.utterances:
        ink = "blue" if line.speaker == "agent" else "teal"
        yield Stroke(began + line.at_s, began + line.until_s, ink, f"{line.speaker}: {line.text}", low=True)


def _turn(receipt: Receipt) -> Stroke:
    at = seconds(receipt.answered or receipt.asked)
    lasted = spoken((receipt.answered - receipt.asked).total_seconds()) if receipt.answered else "never"
    title = f"{receipt.name}: told {receipt.told or 'nothing'} after {lasted}"
    return Stroke(at, at, TOLD.get(receipt.told or "", "faint"), title, link=anchor(receipt), dot=True)


def _exchange(each: Exchange) -> Stroke:
    outcome, start = outcome_of(each), seconds(each.sent)
    end = seconds(each.heard) if each.heard else start
    path = each.path.partition("?")[0].removeprefix("/services/data")
    title = f"{each.method} {path} at {start:.3f} s, {spoken(end - start)}: {outcome} ({said(each)})"
    return Stroke(start, end, INKS[outcome], title)


def anchor(receipt: Receipt) -> str:
    """Where the table of turns tells of it."""
    return f"turn-{receipt.name.replace('/', '-')}"


def bands_of(played: Played) -> list[Band]:
    """Weather with a window, deaths of the process, and what people did."""
    return [*_windows(played), *_deaths(played), *_deeds(played)]


def _windows(played: Played) -> Iterator[Band]:
    for rule in played.story.given.weather:
        window = rule.get("how_often", {}).get("window", {})
        if window:
            name = str(rule["kind"]).replace("_", " ")
            start, end = float(window.get("from_s") or 0), float(window.get("to_s") or played.story.seconds)
            yield Band(start, end, "amber", f"{name}: from {start:g} s to {end:g} s")


def _deaths(played: Played) -> Iterator[Band]:
    trace = played.world.trace
    for at, back in zip(trace.crashes, [*trace.restarts, *trace.crashes[len(trace.restarts) :]], strict=False):
        yield Band(seconds(at), seconds(back), "red", f"process down: for {spoken((back - at).total_seconds())}")


def _deeds(played: Played) -> Iterator[Band]:
    for what in played.story.when:
        name = CAMEL.sub(" ", type(what).__name__).lower()
        if isinstance(what, Rings) or name in ("dies", "stumbles", "glances"):
            continue
        yield Band(what.at_s, what.at_s, "violet", f"{name}: {_told_of(asdict(what))}")


def _told_of(fields: dict[str, object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in fields.items() if value is not None)
