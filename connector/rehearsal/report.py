"""The report of a rehearsal: a JSON value, and one self-contained page."""

from collections.abc import Sequence
from dataclasses import asdict
from html import escape
from typing import Any

from connector.config import ConnectorConfig
from connector.rehearsal.play import Part, Played

STYLE = """
:root{color-scheme:light dark;--ink:#1d2733;--dim:#5d6b7a;--line:#d5dce4;--paper:#fff;--good:#1a7f4b;--wait:#9a6700;
--bad:#b42318}
@media(prefers-color-scheme:dark){:root{--ink:#e6ebf1;--dim:#93a1b0;--line:#33404d;--paper:#141a21;--good:#4cc38a;
--wait:#e2b340;--bad:#ff8a7a}}
body{font:15px/1.45 system-ui,sans-serif;color:var(--ink);background:var(--paper);margin:2rem auto;max-width:76rem;
padding:0 1rem}h1{font-size:1.5rem;margin:0}p{color:var(--dim)}table{border-collapse:collapse;width:100%}
td{overflow-wrap:break-word;word-break:break-word}.played{table-layout:fixed}
th,td{text-align:left;vertical-align:top;padding:.45rem .6rem;border-bottom:1px solid var(--line)}
th{font-weight:600;color:var(--dim)}small{color:var(--dim);display:block}.committed{color:var(--good)}
.accepted{color:var(--wait)}.dead{color:var(--bad)}svg{max-width:100%;height:auto}svg text{fill:var(--ink)}
"""


def told(played: Sequence[Played], config: ConnectorConfig) -> dict[str, Any]:
    """The rehearsal as a JSON value."""
    rows = [asdict(each) for each in played]
    late = [each.name for each in played if not each.in_budget]
    return {"budget_ms": config.delivery.budget_ms, "schedule": config.delivery.schedule, "late": late, "cases": rows}


def waits_of(part: Part) -> str:
    """`6 tries, after 0.2, 1, 5, 30 and 300 s`, in short."""
    tries = f"{part.attempts}×"
    return f"{tries} ({', '.join(f'{each:g}' for each in part.waits_s)} s)" if part.waits_s else tries


def landed_of(played: Played) -> str:
    """What the org has more than before."""
    return ", ".join(f"{name} +{count}" for name, count in sorted(played.landed.items())) or "nothing"


def dead_of(part: Part) -> str:
    """One dead letter in a line."""
    doubt = ", perhaps written all the same" if part.perhaps else ""
    where = f" in {part.culprit}" if part.culprit else ""
    return f"{part.delivery}: {part.category}, {part.reason}{where}{doubt}"


def page(played: Sequence[Played], config: ConnectorConfig) -> str:
    """The rehearsal as one self-contained page."""
    head = (
        "<tr><th>failure<th>the caller heard<th>deliveries: tries (waits)<th>in the org<th>dead letters<th>Slack</tr>"
    )
    rows = "".join(map(_row, played))
    budget = config.delivery.budget_ms
    late = sum(not each.in_budget for each in played)
    dead = sum(bool(each.dead) for each in played)
    sums = f"{len(played)} cases, {late} answered after the budget of {budget} ms, {dead} with dead letters"
    return framed("Negative rehearsal", sums, f'<table class="played">{head}{rows}</table>')


def framed(title: str, sums: str, body: str) -> str:
    """A page without anything from elsewhere."""
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style>'
        f"<h1>{escape(title)}</h1><p>{escape(sums)}</p>{body}</html>\n"
    )


def _row(each: Played) -> str:
    tries = "".join(
        f'<div class="{_colour(part.status)}">{escape(part.status)} {escape(waits_of(part))}</div>'
        f"<small>{escape(part.delivery)}</small>"
        for part in each.deliveries
    )
    dead = "".join(f"<div>{escape(dead_of(part))}</div>" for part in each.dead) or "–"
    slack = "".join(f"<div>{escape(text.splitlines()[0])}</div>" for text in each.slack) or "–"
    heard = f'<b class="{_colour(each.answer)}">{escape(each.answer)}</b> after {each.answered_ms:g} ms'
    lookup = f"<small>lookup: {escape(each.lookup)}</small>"
    name = f"<b>{escape(each.name)}</b><small>{escape(each.tells)}</small>"
    cells = (name, heard + lookup, tries, escape(landed_of(each)), dead, slack)
    return f"<tr>{''.join(f'<td>{cell}' for cell in cells)}</tr>"


def _colour(status: str) -> str:
    return status if status in ("committed", "dead") else "accepted"
