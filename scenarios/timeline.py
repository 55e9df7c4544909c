"""A world's events as a readable strip of text, the same bytes for the same seed."""

from collections.abc import Iterator
from datetime import datetime
from textwrap import shorten

from scenarios.trace import Event, Trace

LANES = ("caller", "agent", "connector", "salesforce", "slack")
WIDTH = 96


def timeline(trace: Trace, began: datetime) -> Iterator[str]:
    """One line per event: when (seconds from the beginning), in which lane, about what, and what happened."""
    ordered = sorted(enumerate(trace.events), key=lambda pair: (pair[1].at, pair[0]))
    for _, event in ordered:
        yield _line(event, began)


def _line(event: Event, began: datetime) -> str:
    at_s = (event.at - began).total_seconds()
    lasted = ""
    if event.until is not None and event.until > event.at and event.lane == "salesforce":
        lasted = f" ({(event.until - event.at).total_seconds() * 1000:.1f} ms)"
    said = f'"{event.what}"' if event.lane == "caller" or (event.lane == "agent" and event.until) else event.what
    return f"{at_s:11.6f}  {event.lane:<10}  {event.who:<34}  {shorten(said, WIDTH, placeholder='…')}{lasted}".rstrip()
