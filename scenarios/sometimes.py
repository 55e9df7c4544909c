"""What a sweep must have seen at least once, so that its silence means something: each row counts one kind of event."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from connector.commands import Command
from connector.messages import Answer, Silence
from mocksf.faults import BY_NAME, Phase
from scenarios.evidence import attempts, is_write, lives, refusals, status
from scenarios.seen import Seen
from scenarios.trace import Exchange


@dataclass(frozen=True, slots=True)
class Sometimes:
    """Something that must happen sometimes: how often it did in one world."""

    name: str
    count: Callable[[Seen], int]


def entries(kind: str, fits: Callable[[Mapping[str, Any]], Any] = lambda _: True) -> Callable[[Seen], int]:
    """Counts ledger entries of a kind whose detail fits."""
    return lambda seen: sum(entry.kind == kind and bool(fits(entry.detail)) for entry in seen.entries)


def exchanges(fits: Callable[[Exchange], Any]) -> Callable[[Seen], int]:
    """Counts requests that fit."""
    return lambda seen: sum(bool(fits(each)) for each in seen.exchanges)


def told(word: str) -> Callable[[Seen], int]:
    """Counts turns whose agent was answered so."""
    return lambda seen: sum(receipt.told == word for receipt in seen.receipts)


def shown(state: str) -> Callable[[Seen], int]:
    """Counts critical intents that stood so at hang-up."""
    return lambda seen: sum(each.state == state for each in seen.shown)


def struck(kind: str) -> Callable[[Seen], int]:
    """Counts how often rules of a kind struck, parts of composites included."""
    return lambda seen: sum(laid.struck for laid in seen.world.wire.weather.laid if laid.rule.kind == kind)


def in_phase(phase: Phase) -> Callable[[Seen], int]:
    """Counts how often rules struck at a phase."""
    return lambda seen: sum(laid.struck for laid in seen.world.wire.weather.laid if laid.rule.phase is phase)


def retries(count: int) -> Callable[[Seen], int]:
    """Counts deliveries that were committed in their first round after so many retries."""

    def counted(seen: Seen) -> int:
        rounds = ([entry for entry in life if entry.kind != "alerted"] for life in lives(seen).values())
        firsts = [life for life in rounds if all(entry.kind != "replayed" for entry in life)]
        ends = [life[-1] for life in firsts if life[-1].kind == "committed"]
        return sum(int(entry.detail.get("attempt") or 1) == count + 1 for entry in ends)

    return counted


def lost_after_commit(seen: Seen) -> set[str]:
    """The deliveries of which a write was committed and nobody heard of it."""
    return {
        str(each.delivery)
        for each in seen.exchanges
        if is_write(each)
        and each.delivery
        and isinstance(each.reply, Silence)
        and each.arrived
        and each.done
        and not each.undone
        and not refusals(each.response)
        and each.status not in (401, 403)
    }


def healed(by_hand: bool) -> Callable[[Seen], int]:
    """Counts deliveries whose lost answer was healed: by a retry, or by a person's replay."""

    def counted(seen: Seen) -> int:
        stands = status(seen)
        lost = [key for key in lost_after_commit(seen) if stands.get(key) == "committed"]
        replayed = [any(entry.kind == "replayed" for entry in lives(seen)[key]) for key in lost]
        return sum(each is by_hand for each in replayed)

    return counted


def stopped(command: str) -> Callable[[Seen], int]:
    """Counts flows that stood at a command when their process died."""
    return lambda seen: seen.world.trace.stopped[command]


def replayed_into(end: str) -> Callable[[Seen], int]:
    """Counts dead letters that were replayed and ended so."""

    def counted(seen: Seen) -> int:
        stands = status(seen)
        return sum(
            stands.get(key) == end and any(entry.kind == "replayed" for entry in life)
            for key, life in lives(seen).items()
        )

    return counted


def recovered(seen: Seen) -> int:
    """Counts deliveries that were under way at a death and committed in a later life."""
    first = min(seen.crashes, default=None)
    tries = attempts(seen) if first else {}
    return sum(
        first is not None and status(seen).get(key) == "committed" and each[0].begun < first < each[-1].begun
        for key, each in tries.items()
    )


def _late(each: Exchange) -> bool:
    return bool(each.heard and each.arrived and each.arrived > each.heard)


def _refused_with(code: str) -> Callable[[Exchange], bool]:
    return lambda each: any(found == code for found, _ in refusals(each.response))


def _many(detail: Mapping[str, Any]) -> bool:
    return int(detail.get("letters", 0)) > 1


SOMETIMES: tuple[Sometimes, ...] = (
    *(Sometimes(f"fault {kind}", struck(kind)) for kind in BY_NAME),
    *(Sometimes(f"phase {phase.value}", in_phase(phase)) for phase in Phase),
    *(Sometimes(f"committed after {count} retries", retries(count)) for count in range(6)),
    *(Sometimes(f"died at {each.__name__}", stopped(each.__name__)) for each in get_args(Command)),
    *(Sometimes(f"turn answered {word}", told(word)) for word in ("committed", "accepted", "dead")),
    Sometimes("turn told again after a death", lambda seen: sum(each.interrupted for each in seen.receipts)),
    *(Sometimes(f"at hang-up {state}", shown(state)) for state in ("readable", "pending", "dead")),
    Sometimes("lost answer healed by a retry", healed(by_hand=False)),
    Sometimes("lost answer healed by a replay", healed(by_hand=True)),
    Sometimes("request arrived after its sender gave up", exchanges(_late)),
    Sometimes("culprit found among bystanders", entries("failed", lambda detail: detail.get("culprit"))),
    Sometimes("row lock given up", exchanges(_refused_with("UNABLE_TO_LOCK_ROW"))),
    Sometimes("part halted by another", exchanges(_refused_with("PROCESSING_HALTED"))),
    Sometimes("session found bad", exchanges(lambda each: isinstance(each.reply, Answer) and each.reply.status == 401)),
    Sometimes("token refreshed", entries("refreshed")),
    Sometimes("caller identified by a delivery", entries("identified")),
    Sometimes("overtaken write applied again", entries("reapplied")),
    Sometimes("attempt perhaps done", entries("failed", lambda detail: detail.get("perhaps"))),
    Sometimes("delivery recovered after a death", recovered),
    Sometimes("dead letter", entries("dead")),
    Sometimes("dead letter replayed", entries("replayed")),
    Sometimes("replay committed", replayed_into("committed")),
    Sometimes("replay dead again", replayed_into("dead")),
    Sometimes("dead letter discarded", entries("discarded")),
    Sometimes("alert sent", entries("alerted")),
    Sometimes("alert for many letters", entries("alerted", _many)),
    Sometimes("Slack away", lambda seen: seen.world.slack.refused - seen.world.slack.hurried),
    Sometimes("part refused by itself", lambda seen: sum(len(each.parts) for each in seen.imports)),
    Sometimes("reader in mid-composite", lambda seen: len(seen.glimpses)),
)
"""Everything that must be seen; a new kind of fault is among it as soon as the weather knows it."""

Coverage = Counter[str]


def coverage_of(seen: Seen) -> Coverage:
    """How often each was seen in one world."""
    return Counter({each.name: each.count(seen) for each in SOMETIMES})


def together(found: Iterable[Coverage]) -> Coverage:
    """The coverage of many worlds."""
    total: Coverage = Counter()
    for each in found:
        total.update(each)
    return total


def unseen(coverage: Coverage) -> Iterator[str]:
    """What was never seen."""
    yield from (each.name for each in SOMETIMES if not coverage[each.name])
