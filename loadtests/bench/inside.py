"""What is measured without a socket: the world's own pace, and how long a test waits for a fresh org."""

import time

from loadtests.bench.beginnings import milliseconds
from mocksf.org import Org
from mocksf.records import Actor
from mocksf.schema import load_schema
from scenarios.library import stories
from scenarios.measure import pace
from scenarios.play import play

WORLD_S = 2.0
"""Worlds are played for about so long."""
ROWS = 500
DAY_CALLS = 500
"""A company's day is lived with so many calls."""


def inside() -> dict[str, float]:
    """Events per second in the world; milliseconds to reset, fork and build an org. All of it processor time."""
    schema = load_schema(["sample"])
    empty, full = Org(schema), _filled(Org(schema))
    return {
        "events_per_s_in_the_world": round(_events_per_s()),
        **pace(DAY_CALLS),
        "org_reset_ms": milliseconds(empty.reset),
        f"org_reset_ms_with_{ROWS}_rows": milliseconds(full.reset, lambda: _filled(full)),
        "org_fork_ms": milliseconds(empty.fork),
        "org_new_ms": milliseconds(lambda: Org(schema)),
    }


def _events_per_s() -> float:
    """Every story, one after another and over again, until the time is up."""
    events, began, seed = 0, time.process_time(), 0
    while time.process_time() - began < WORLD_S:
        for story in stories().values():
            events += play(story, seed).world.agenda.happened
        seed += 1
    return events / (time.process_time() - began)


def _filled(org: Org) -> Org:
    actor, account = Actor(org.admin_id, org.clock.now()), org.schema["Account"]
    with org.store.atomic():
        for number in range(ROWS):
            org.records.create(actor, account, {"Name": f"Account {number}"}, lambda _: None)
    return org
