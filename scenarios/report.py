"""A verdict and the list of stories as tables for a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from scenarios.story import Story


def stories_table(known: Sequence[Story]) -> Table:
    """Every story with what it tells."""
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column()
    for story in known:
        table.add_row(story.name, story.tells)
    return table


def claims_table(verdict: Mapping[str, Any]) -> RenderableType:
    """Every claim with its verdict and the figures that say most; `verdict` is the JSON of `scenarios verify`."""
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(style="bold", no_wrap=True)
    table.add_column()
    for claim in verdict["claims"]:
        mark = Text("holds", style="green") if claim["holds"] else Text("FAILS", style="bold red")
        table.add_row(mark, claim["name"], _said(claim["name"], claim["evidence"]))
    held = sum(claim["holds"] for claim in verdict["claims"])
    total = len(verdict["claims"])
    last = Text(f"{held} of {total} claims hold (seed {verdict['seed']}, version {verdict['version']})")
    return Group(table, last)


def _said(name: str, evidence: Mapping[str, Any]) -> str:
    """The evidence in a sentence; nothing for a claim (or an older verdict's evidence) that has none here."""
    try:
        return SAID[name](evidence)
    except KeyError:
        return ""


def _mapping(found: Mapping[str, Any]) -> str:
    return (
        f"{found['intents_read_back']} intents of {found['calls']} calls read back, "
        f"{found['fields_compared']} fields compared, {found['fields_moved_wrongly']} moved wrongly"
    )


def _rollback(found: Mapping[str, Any]) -> str:
    cases = found["cases"]
    good = sum(case["as_before"] and case["named"] for case in cases)
    return f"{good} of {len(cases)} failures left the org as it was and named the culprit"


def _backoff(found: Mapping[str, Any]) -> str:
    waits = ", ".join(f"{wait:g}" for wait in found["troubles"][0]["waits_s"])
    again = "is retried" if found["rejection"]["waits_s"] else "is not retried"
    return f"waits {waits} s under {len(found['troubles'])} kinds of trouble; a rejection {again}"


def _budget(found: Mapping[str, Any]) -> str:
    (pinned, share), *others = found["committed_within_budget"].items()
    less = max(other for _, other in others)
    answered = f"{found['turns_answered']} turns answered, {found['answered_late']} late"
    slowest = f"slowest {found['slowest_answer_ms']:.1f} ms"
    return f"{answered}, {slowest}; {share:.0%} committed by then ({pinned}), with a trick off at most {less:.0%}"


def _nothing(found: Mapping[str, Any]) -> str:
    ends = ", ".join(f"{count} {state}" for state, count in found["ends"].items())
    return (
        f"{found['storms']} storms, {found['accepted']} deliveries ({ends}), {found['crashes']} crashes, "
        f"{found['answers_lost']} answers and {found['requests_lost']} requests lost, {len(found['breaches'])} breaches"
    )


SAID = {
    "mapping": _mapping,
    "atomic_rollback": _rollback,
    "backoff_schedule": _backoff,
    "budget_200ms": _budget,
    "nothing_lost": _nothing,
    "nothing_twice": _nothing,
}
"""Claim → its evidence in a sentence."""
