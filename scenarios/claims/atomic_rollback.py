"""The claim `atomic_rollback`: whatever part fails, and however, the org after is the org before, record for record."""

from collections.abc import Mapping
from typing import Any

from connector.config import ConnectorConfig
from scenarios.claims.claim import Claim
from scenarios.claims.image import image
from scenarios.recordings import Recording, recording
from scenarios.recordings.model import Heard, Step
from scenarios.shop import shop_config
from scenarios.world import Setting, World

TELLS = (
    "A failure in any part, of any kind, leaves the org as it was before, record for record, and the culprit is named."
)

PARTS = {"Account": "acc", "Contact": "con", "Opportunity": "opp"}
INTENTS = {"Account": "region", "Contact": "preferred_channel", "Opportunity": "seats"}
VALUES = {"region": "EMEA", "preferred_channel": "Email", "seats": 7}
ONCE = {"times": 1}


def _refusal(sobject: str) -> Mapping[str, Any]:
    settings = {"status": 400, "code": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "message": "Not like this."}
    return {"kind": "error", "settings": settings, "where": {"part": PARTS[sobject]}, "how_often": ONCE}


def _lock(sobject: str) -> Mapping[str, Any]:
    settings = {"sobject": sobject, "hold_s": 12.0}
    return {"kind": "lock_holder", "settings": settings, "where": _WRITES, "how_often": ONCE}


def _lost(_: str) -> Mapping[str, Any]:
    return {"kind": "lost_request", "where": _WRITES, "how_often": ONCE}


def _undone(_: str) -> Mapping[str, Any]:
    return {"kind": "timeout", "phase": "before_commit", "where": _WRITES, "how_often": ONCE}


_WRITES = {"method": "POST", "path": "*/composite", "nth": 2}
"""The first composite of a call looks the caller up; the second writes."""

KINDS = {
    "refusal": (_refusal, "FIELD_CUSTOM_VALIDATION_EXCEPTION", True),
    "lock": (_lock, "UNABLE_TO_LOCK_ROW", True),
    "lost request": (_lost, "silence: timeout", False),
    "undone before the commit": (_undone, "silence: timeout", False),
}
"""Kind → how it is made, the reason that the ledger gives, and whether one part is to blame."""


def atomic_rollback(seed: int = 0) -> Claim:
    """Every part times every kind; looked at after each event, and compared when the failure was written down."""
    config = shop_config({"fields": {"region": {"target": "Account.Region__c", "type": "picklist"}}})
    rows = [_case(sobject, kind, config, seed) for sobject in PARTS for kind in KINDS]
    holds = all(row["as_before"] and row["never_half"] and row["named"] and row["recovered"] for row in rows)
    return Claim(
        "atomic_rollback", TELLS, holds, {"cases": rows, "records_compared": sum(row["records"] for row in rows)}
    )


def _case(sobject: str, kind: str, config: ConnectorConfig, seed: int) -> dict[str, Any]:
    make, reason, blamed = KINDS[kind]
    world = World(Setting(weather=[make(sobject)], config=config), seed)
    world.add("Account", Name="Bystander", Caller_Key__c="+14155550199")
    before = image(world)
    world.ring(_call(sobject))
    halves = _until_failed(world)
    after = image(world)
    failed = next((entry for entry in world.host.ledger.entries() if entry.kind == "failed"), None)
    culprit = failed.detail["culprit"] if failed else None
    said = failed.detail["reason"] if failed else None
    world.run(400)
    return {
        "part": sobject,
        "kind": kind,
        "records": sum(len(records) for records in after.values()),
        "as_before": after == before,
        "never_half": not halves,
        "reason": said,
        "culprit": culprit,
        "named": said == reason and culprit == (PARTS[sobject] if blamed else None),
        "recovered": _there(world) == (0 if kind == "refusal" else 3),
    }


def _until_failed(world: World) -> list[str]:
    """Let events happen until a failure is in the ledger; what a reader saw of halves in between."""
    halves = []
    while not any(entry.kind == "failed" for entry in world.host.ledger.entries()):
        if not world.agenda.step():
            break
        if _there(world) not in (0, 3):
            halves.append(f"{world.clock.now():%H:%M:%S.%f}")
    return halves


def _there(world: World) -> int:
    """How many of the call's three records a reader sees."""
    keyed = [f"SELECT Id FROM {sobject} WHERE Caller_Key__c = '{PHONE}'" for sobject in ("Account", "Contact")]
    keyed.append("SELECT Id FROM Opportunity WHERE Call_Key__c = 'call-atomic'")
    return sum(len(world.soql(query)) for query in keyed)


PHONE = "+14155550177"


def _call(sobject: str) -> Recording:
    """A stranger's call with one turn, which says something about one object, and about the deal."""
    base = recording("happy-call")
    names = dict.fromkeys((INTENTS[sobject], "seats"))
    heard = tuple(Heard(at_s=13, turn=1, name=name, value=VALUES[name]) for name in names)
    person = base.caller.person
    caller = base.caller.model_copy(update={"known": None, "stranger": person, "phone": PHONE})
    call = base.call.model_copy(update={"id": "call-atomic"})
    script = (Step(step="all", says="Ask.", hears=tuple(names)),)
    return base.model_copy(update={"intents": heard, "caller": caller, "call": call, "script": script})
