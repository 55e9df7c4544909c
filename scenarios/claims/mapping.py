"""The claim `mapping`: every intent is read back from exactly the mapped field, and nothing else moved."""

from collections.abc import Mapping, Sequence
from typing import Any

from connector.config import ConnectorConfig
from scenarios.claims.claim import FULL, Claim
from scenarios.claims.image import OBJECTS, Image, described, image, moved, writable
from scenarios.claims.maps import generated
from scenarios.play import settle_in
from scenarios.recordings import Recording, recording
from scenarios.seen import Seen
from scenarios.shop import PLACES, Place, shop_config
from scenarios.world import API, Setting, World

TELLS = "Every intent is read back from the org in exactly the mapped field, with the mapped value; nothing else moved."

Moved = dict[str, Any]
"""``Object.Field`` → the value that it moved to."""


def mapping(seed: int = 0, maps: int = FULL.maps) -> Claim:
    """Play the sample calls, and calls over generated maps; compare what moved in the org with what was mapped."""
    runs = [_run(name, recording(name), shop_config({"org": {"phone_region": "US"}}), PLACES, seed) for name in SAMPLES]
    probe = World(Setting(), seed)
    fields = {sobject: described(probe, sobject) for sobject in ("Account", "Contact", "Opportunity", "Lead")}
    for number in range(maps):
        made = generated(fields, seed * 1000 + number)
        runs.append(_run(f"map {number + 1}", made.recording, made.config, made.places, seed))
    wrong = [run for run in runs if run["wrong"]]
    evidence = {
        "calls": len(runs),
        "intents_read_back": sum(len(run["expected"]) for run in runs),
        "field_types": sorted({kind for run in runs for kind in run["types"]}),
        "fields_compared": sum(run["compared"] for run in runs),
        "fields_moved_wrongly": sum(len(run["wrong"]) for run in runs),
        "sample_call": runs[0]["expected"],
        "wrong": [{"call": run["name"], "fields": run["wrong"]} for run in wrong],
    }
    return Claim("mapping", TELLS, not wrong, evidence)


SAMPLES = ("happy-call", "unknown-caller")


def _run(name: str, call: Recording, config: ConnectorConfig, places: Mapping[str, Place], seed: int) -> dict[str, Any]:
    world = World(Setting(config=config), seed)
    settle_in(world, call)
    before = image(world)
    world.ring(call)
    world.run(call.end.at_s + 60)
    seen = Seen(world, at_rest=True, places=places)
    expected = {f"{each.sobject}.{each.field}": each.value for each in seen.wanted}
    found, compared = _moved(world, before)
    wrong = {key: {"expected": expected.get(key), "found": found.get(key)} for key in _differ(expected, found)}
    types = _types(world, expected)
    return {"name": name, "expected": expected, "wrong": wrong, "compared": compared, "types": types}


def _differ(expected: Moved, found: Moved) -> list[str]:
    absent = object()
    return sorted(key for key in {**expected, **found} if expected.get(key, absent) != found.get(key, absent))


def _types(world: World, expected: Moved) -> set[str]:
    kinds = {(sobject, each["name"]): each["type"] for sobject in OBJECTS for each in described(world, sobject)}
    return {str(kinds[sobject, field]) for sobject, _, field in (key.partition(".") for key in expected)}


def _moved(world: World, before: Image) -> tuple[Moved, int]:
    """Everything that moved in the org: old records against themselves, new ones against a bare twin."""
    found: Moved = {}
    compared = 0
    for sobject, rows in image(world).items():
        among = writable(world, sobject)
        for record_id, row in rows.items():
            old = before[sobject].get(record_id)
            if old is None and sobject == "FeedItem":
                continue  # a post is all text; it is looked at by its reference, see the laws
            base = old if old is not None else _twin(world, sobject, row, DECLARED.get(sobject, ()))
            compared += len(among)
            found |= {f"{sobject}.{name}": value for name, value in moved(base, row, among).items()}
    return found, compared


DECLARED: Mapping[str, Sequence[str]] = {
    "Account": ("Name", "Caller_Key__c"),
    "Contact": ("LastName", "Phone", "AccountId", "Caller_Key__c", "Email"),
    "Opportunity": ("Name", "StageName", "CloseDate", "AccountId", "Call_Key__c"),
    "Lead": ("LastName", "Company", "Phone", "Country", "Call_Key__c", "OwnerId", "Email"),
    "Task": (
        *("Subject", "Status", "Priority", "TaskSubtype", "CallType", "ActivityDate"),
        *("WhoId", "WhatId", "Call_Key__c", "CallDurationInSeconds"),
    ),
}
"""What a new record carries by configuration, whatever was said: key, links, defaults."""


def _twin(world: World, sobject: str, row: Mapping[str, Any], declared: Sequence[str]) -> dict[str, Any]:
    """What the record would be, had nothing been said: made with its declared fields, and taken away again."""
    mark = world.org.snapshot()
    key = {"Account": "Caller_Key__c", "Contact": "Caller_Key__c"}.get(sobject, "Call_Key__c")
    body = {name: row[name] for name in declared if row.get(name) is not None}
    body[key] = f"twin of {row['Id']}"
    if "IsConverted" in row:
        body.pop("OwnerId", None)
    created: str = world.ask("POST", f"{API}/sobjects/{sobject}", body)["id"]
    twin = image(world, [sobject])[sobject][created]
    world.org.restore(mark)
    return {**twin, **{name: row[name] for name in declared}, key: row[key]}
