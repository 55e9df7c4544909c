"""What Slack is sent of dead letters: codes, counts and keys as blocks, and never what was said."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from connector.messages import Json

LINES_MAX = 10
"""How many dead letters a message names; of the others it gives the number."""
LINE_MAX = 300
"""Characters of a line: a delivery of hundreds of intents has a key that Slack would not take."""
SECTION_MAX = 3000
"""Characters that a section takes."""
FIELDS_MAX = 10
"""Fields that a section takes."""
SPECIAL = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))
"""What means something in Slack's own markup."""


@dataclass(frozen=True, slots=True)
class Death:
    """A dead letter as an alert speaks of it."""

    delivery: str
    category: str
    reason: str
    perhaps: bool


def message(queue: str, deaths: Sequence[Death], head: str, review: str | None = None) -> dict[str, Json]:
    """One message about some deaths: blocks, and `text` for where blocks are not shown (notifications, search).

    `head` is the ledger's, so that a cut-off tail would show; `review` the address of the page that letters are
    reviewed on.
    """
    many = "1 dead letter" if len(deaths) == 1 else f"{len(deaths)} dead letters"
    counts = Counter(death.category for death in deaths)
    lines = [_line(death) for death in deaths[:LINES_MAX]]
    if len(deaths) > LINES_MAX:
        in_all = ", ".join(f"{count} × {category}" for category, count in sorted(counts.items()))
        lines.append(f"and {len(deaths) - LINES_MAX} more; in all {in_all}")
    text = "\n".join([f"{many} in {queue}", *lines, f"ledger head {head}"])
    return {"text": escaped(text), "blocks": _blocks(f"{many} in {queue}", lines, counts, head, review)}


def _blocks(title: str, lines: list[str], counts: Counter[str], head: str, review: str | None) -> list[Json]:
    shown = counts.most_common(FIELDS_MAX)
    blocks: list[Json] = [
        {"type": "header", "text": {"type": "plain_text", "text": title[:150]}},
        {"type": "section", "fields": [_marked(f"*{escaped(category)}*\n{count}") for category, count in shown]},
        {"type": "section", "text": _marked(escaped("\n".join(lines))[:SECTION_MAX])},
    ]
    if review:
        blocks.append({"type": "section", "text": _marked(_links(review, [category for category, _ in shown]))})
    blocks.append({"type": "context", "elements": [_marked(f"ledger head {head}")]})
    return blocks


def _links(review: str, categories: Sequence[str]) -> str:
    """Where letters are reviewed: all, and those of each category, as many as a section takes."""
    text = f"<{review}|Review them>"
    for category in categories:
        link = f" · <{review}?category={quote(category)}|{escaped(category)}>"
        if len(text) + len(link) <= SECTION_MAX:
            text += link
    return text


def _marked(text: str) -> dict[str, Json]:
    return {"type": "mrkdwn", "text": text}


def escaped(text: str) -> str:
    """A text that Slack shows as it is."""
    for character, entity in SPECIAL:
        text = text.replace(character, entity)
    return text


def _line(death: Death) -> str:
    doubt = ", perhaps written all the same" if death.perhaps else ""
    return f"• {death.delivery[:LINE_MAX]}: {death.category}, {death.reason[:LINE_MAX]}{doubt}"
