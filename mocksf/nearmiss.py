"""Why each rule of the weather struck one exchange, or did not: the nearest misses first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from mocksf.journal import Exchange
from mocksf.messages import Request
from mocksf.parked import Part
from mocksf.weather import Sight
from mocksf.weather.laid import Laid

STRUCK, FITTED, MISSED = 0, 1, 2
"""How near a rule came, the nearest first."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One rule beside one exchange."""

    rule: str
    kind: str
    nearness: int
    says: str
    failed: Mapping[str, tuple[Any, Any]]
    """The keys of `where` that failed: what they wanted, what they saw."""

    def as_json(self) -> dict[str, Any]:
        """JSON-ready."""
        failed = {key: {"wanted": wanted, "seen": seen} for key, (wanted, seen) in self.failed.items()}
        told = {"rule": self.rule, "kind": self.kind, "struck": self.nearness == STRUCK, "says": self.says}
        return told | ({"failed": failed} if failed else {})


def verdicts(exchange: Exchange, rules: Sequence[Laid]) -> list[Verdict]:
    """What each rule that lies now has to do with an exchange, the nearest first; looks only, counts nothing."""
    found = [_verdict(exchange, laid, rules[:at]) for at, laid in enumerate(rules)]
    return sorted(found, key=lambda one: (one.nearness, len(one.failed)))


def _verdict(exchange: Exchange, laid: Laid, before: Sequence[Laid]) -> Verdict:
    rule = laid.rule
    if rule.id in exchange.fate.struck:
        return Verdict(rule.id, rule.kind, STRUCK, "it struck", {})
    began = exchange.began
    if began is not None and began < laid.since:
        return Verdict(rule.id, rule.kind, MISSED, f"it was laid down later, at {laid.since.isoformat()}", {})
    failed = failures(laid, exchange.request)
    if failed:
        keys = " and ".join(f"`{key}` wanted {wanted!r} and saw {seen!r}" for key, (wanted, seen) in failed.items())
        return Verdict(rule.id, rule.kind, MISSED, keys, failed)
    return Verdict(rule.id, rule.kind, FITTED, _held_back(laid, before, exchange.request), {})


def failures(laid: Laid, request: Request) -> dict[str, tuple[Any, Any]]:
    """The keys of a rule's `where` that a request fails; of the parts of a composite the nearest counts."""
    tries = [_failed(laid, sight) for sight in _sights(laid, request)]
    return min(tries, key=len)


def _failed(laid: Laid, sight: Sight) -> dict[str, tuple[Any, Any]]:
    return {key: (wanted, seen) for key, wanted, look in laid.wants if (seen := look(wanted, sight)) is not True}


def _sights(laid: Laid, request: Request) -> Iterator[Sight]:
    parts = list(_parts(request)) if laid.of_parts else []
    yield from (Sight(request, part) for part in parts)
    if not parts:
        yield Sight(request)


def _parts(request: Request) -> Iterator[Part]:
    """The subrequests of a composite, as far as the body that was kept tells them."""
    try:
        body = orjson.loads(request.body) if isinstance(request.body, bytes) else None
    except orjson.JSONDecodeError:
        return
    listed = body.get("compositeRequest") if isinstance(body, dict) else None
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, dict):
            yield Part(str(one.get("method")), str(one.get("url")), None, str(one.get("referenceId")))


def _held_back(laid: Laid, before: Sequence[Laid], request: Request) -> str:
    """Why a rule that fits did not strike."""
    for first in before:
        if first.rule.slot == laid.rule.slot and not failures(first, request):
            return f"it fits, but rule `{first.rule.id}` stands before it and decides"
    often, where = laid.rule.how_often, laid.rule.where
    if where.part is not None:
        return "it fits a part; what strikes a part is told in the answer, not here"
    reasons = [
        (where.nth is not None, f"it is about number {where.nth} of the exchanges that fit"),
        (often.window is not None, "its window was closed"),
        (often.times is not None, f"its {often.times} times were used up"),
        (often.chance < 1, f"its chance of {often.chance:g} did not fall"),
    ]
    told = [reason for holds, reason in reasons if holds]
    return "it fits, but " + " or ".join(told) if told else "it fits, but was other or elsewhere in the list then"
