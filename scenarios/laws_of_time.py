"""Laws about answers, accounts and rest: the agent's budget, the org's count, and that everything comes to an end."""

from collections.abc import Iterator

from scenarios.evidence import lives, status
from scenarios.lines import later
from scenarios.witness import Witness


def every_turn_is_answered_in_time(seen: Witness) -> Iterator[str]:
    """Every turn is answered within the budget, unless the connector died over it."""
    for receipt in seen.receipts:
        if receipt.interrupted:
            continue
        over = later(receipt.asked, seen.terms.budget_s)
        if receipt.answered is None and seen.now > over:
            yield f"{receipt.name} was never answered"
        elif receipt.answered is not None and receipt.answered > over:
            waited = (receipt.answered - receipt.asked).total_seconds() * 1000
            yield f"{receipt.name} was answered after {waited:.1f} ms"


def every_call_is_counted(seen: Witness) -> Iterator[str]:
    """The org counted as many API calls as reached it with a good session.

    Where sessions end and the weather hides what the org answered, nobody can tell whether it was a 401.
    """
    reached = [each for each in seen.exchanges if each.arrived is not None and each.path.startswith("/services/data")]
    counted = sum(each.status != 401 for each in reached)
    hidden = sum(each.hidden for each in reached) if seen.sessions_end else 0
    if not counted - hidden <= seen.calls_counted <= counted:
        yield f"{counted} calls reached the org, which counted {seen.calls_counted}"


def nothing_is_left_undone(seen: Witness) -> Iterator[str]:
    """Once the faults are over, everything accepted comes to an end."""
    yield from (f"{key} is still pending" for key, state in status(seen).items() if state == "pending")


KNOWN = frozenset({"alert_failed", "replayed", "discarded"})
"""What shows that a death is known, or cannot be told."""


def every_dead_letter_is_told(seen: Witness) -> Iterator[str]:
    """For each death there is a message that Slack took after it, or an entry that says none could be sent.

    A person who has replayed or discarded the letter meanwhile knows of it.
    """
    last = max((message.at for message in seen.messages), default=None)
    for entry in seen.entries:
        if entry.kind != "dead":
            continue
        told = [each.kind for each in lives(seen)[entry.delivery] if each.seq > entry.seq]
        if not KNOWN.isdisjoint(told):
            continue
        if "alerted" not in told:
            yield f"{entry.delivery} died and nobody was told"
        elif last is None or last < entry.at:
            yield f"{entry.delivery} is said to be told, but Slack took no message after its death"


def nothing_is_in_the_dark_at_hang_up(seen: Witness) -> Iterator[str]:
    """At hang-up every critical intent that was answered is readable in the org, or shown as pending or dead."""
    for shown in seen.shown:
        if shown.state == "dark":
            yield f"{shown.call}/{shown.turn}: {shown.intent} was neither in the org nor shown when the caller hung up"
