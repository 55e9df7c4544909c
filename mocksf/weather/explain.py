"""Why a rule strikes, or why it never did: its tally told in a sentence, with the nearest miss."""

from typing import Any

from mocksf.weather.laid import Laid


def explain(laid: Laid) -> dict[str, Any]:
    """A rule with its tally and one sentence that says what became of it, JSON-ready."""
    told: dict[str, Any] = {
        "rule": laid.rule.as_json(),
        "since": laid.since.isoformat(),
        "matched": laid.matched,
        "struck": laid.struck,
        "says": _sentence(laid),
    }
    if laid.nearest is not None and not laid.matched:
        told["nearest"] = {
            "method": laid.nearest.method,
            "path": laid.nearest.path,
            "failed": {key: {"wanted": wanted, "seen": seen} for key, (wanted, seen) in laid.nearest.failed.items()},
        }
    return told


def _sentence(laid: Laid) -> str:
    if laid.struck:
        return f"struck {laid.struck} of {laid.matched} matching exchanges"
    if not laid.matched:
        return _missed(laid)
    reasons = [
        (laid.behind, f"rule `{laid.shadow}` stands before it and decides"),
        (laid.idle, "it was outside its window or used up"),
        (laid.unlucky, "its chance did not fall"),
    ]
    told = "; ".join(f"{count} times {reason}" for count, reason in reasons if count)
    return f"matched {laid.matched} exchanges and never struck: {told}"


def _missed(laid: Laid) -> str:
    if laid.nearest is None:
        return "no exchange yet"
    keys = " and ".join(
        f"`{key}` wanted {wanted!r} and saw {seen!r}" for key, (wanted, seen) in laid.nearest.failed.items()
    )
    return f"never matched; nearest was {laid.nearest.method} {laid.nearest.path}, where {keys}"
