"""The claim `backoff_schedule`: waits of 0.2, 1, 5, 30 and 300 s to the microsecond, six attempts, one end."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from scenarios.claims.claim import Claim
from scenarios.evidence import attempts
from scenarios.laws_of_record import the_chain_holds
from scenarios.recordings import Recording, recording
from scenarios.seen import Seen
from scenarios.shop import shop_config
from scenarios.world import Setting, World

TELLS = (
    "The waits between attempts are 0.2, 1, 5, 30, 300 s exactly; six attempts, then one dead letter, one alert, "
    "a complete audit trail. A deterministic rejection gets none."
)
SCHEDULE_S = (0.2, 1.0, 5.0, 30.0, 300.0)
TRAIL = ["accepted", "identified", *["failed", "trying"] * 5, "failed", "dead", "alerted"]
REJECTED_TRAIL = ["accepted", "identified", "failed", "dead", "alerted"]
_WRITES = {"path": "*/composite"}
_LATER = {"window": {"from_s": 5}}
"""The lookup at the ring is over by then."""

TROUBLES: Mapping[str, Mapping[str, Any]] = {
    "unavailable": {"kind": "error", "code": "SERVER_UNAVAILABLE", "status": 503},
    "maintenance page": {"kind": "error", "html": True, "status": 503},
    "daily limit": {"kind": "error", "code": "REQUEST_LIMIT_EXCEEDED", "status": 403},
    "silence": {"kind": "timeout"},
    "reset": {"kind": "reset"},
    "row lock": {"kind": "lock_holder", "sobject": "Opportunity", "hold_s": 1000.0},
}
"""Name → a trouble that never ends."""

REJECTION = {"kind": "error", "code": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "status": 400, "message": "Never."}


def backoff_schedule(seed: int = 0) -> Claim:
    """One turn against each kind of trouble that does not end, and against a refusal."""
    rows = [_case(name, trouble, seed) for name, trouble in TROUBLES.items()]
    rejected = _case("rejection", REJECTION, seed)
    good = [row["waits_s"] == list(SCHEDULE_S) and row["trail"] == TRAIL for row in rows]
    kept = all(row["alerts"] == 1 and row["chain_holds"] for row in (*rows, rejected))
    alone = rejected["waits_s"] == [] and rejected["trail"] == REJECTED_TRAIL
    evidence = {
        "expected_s": list(SCHEDULE_S),
        "waited_s": round(sum(rows[0]["waits_s"]), 6),
        "troubles": rows,
        "rejection": rejected,
    }
    pictures = {"expected_s": SCHEDULE_S, "measured_s": rows[0]["waits_s"]}
    return Claim("backoff_schedule", TELLS, all(good) and kept and alone, evidence, pictures)


def _case(name: str, trouble: Mapping[str, Any], seed: int) -> dict[str, Any]:
    rule = {**trouble, "where": _WRITES, "how_often": _LATER}
    world = World(Setting(weather=[rule], config=shop_config()), seed)
    world.ring(one_turn())
    world.run(900)
    seen = Seen(world, at_rest=True)
    key = next(entry.delivery for entry in seen.entries if entry.kind == "accepted")
    tries = attempts(seen).get(key, [])
    waits = [(after.begun - before.ended).total_seconds() for before, after in pairwise(tries) if before.ended]
    return {
        "trouble": name,
        "attempts": len(tries),
        "waits_s": waits,
        "trail": [entry.kind for entry in seen.entries if entry.delivery == key],
        "dead_letters": sum(entry.kind == "dead" and entry.delivery == key for entry in seen.entries),
        "alerts": sum(key in message.text for message in seen.messages),
        "chain_holds": not list(the_chain_holds(seen)),
    }


def one_turn() -> Recording:
    """The sample call's first turn, by a stranger, so that all three records are new."""
    base = recording("happy-call")
    caller = base.caller.model_copy(update={"known": None, "stranger": base.caller.person})
    return base.model_copy(update={"intents": base.intents[:1], "caller": caller})
