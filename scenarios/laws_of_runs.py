"""Laws about whole runs, for which a run must be made again: a seed is a world, and state is all that counts."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from typing import Any

import orjson

from mocksf.clock import EPOCH
from mocksf.faults import BY_NAME
from mocksf.messages import Request, Response
from mocksf.wire import Wire
from scenarios.play import play, staged
from scenarios.story import Story
from scenarios.swarm import maker_of
from scenarios.timeline import timeline
from scenarios.world import API, World

RunLaw = Callable[[Story], Iterator[str]]

NEVER = {"window": {"from_s": 3e7, "to_s": 3e7 + 1}}
"""A window that no run lives to see."""
PROBES: tuple[tuple[str, str, Any], ...] = (
    ("POST", f"{API}/sobjects/Account", {"Name": "Probe"}),
    ("POST", f"{API}/sobjects/Account", {"Nam": "Probe"}),
    ("PATCH", f"{API}/sobjects/Opportunity/Call_Key__c/probe", {"Name": "P", "StageName": "Prospecting"}),
    ("GET", f"{API}/query?q=SELECT+Id,Name+FROM+Account+ORDER+BY+Id", None),
    ("GET", f"{API}/query?q=SELECT+COUNT()+FROM+Opportunity", None),
    ("GET", f"{API}/limits", None),
)
"""Requests that write, fail, read and count."""


def fingerprint(world: World) -> str:
    """A digest of all that was seen in a world: its timeline, its ledger, and every byte that went over the wire."""
    digest = sha256()
    for line in timeline(world.trace, EPOCH):
        digest.update(line.encode() + b"\n")
    for entry in world.host.ledger.entries():
        digest.update(entry.hash.encode())
    for each in world.trace.exchanges:
        digest.update(orjson.dumps([each.method, each.path, each.body, each.status, each.response], default=str))
    return digest.hexdigest()


def a_seed_is_a_world(story: Story) -> Iterator[str]:
    """The same story and seed give the same world, byte for byte."""
    one, other = (fingerprint(play(story).world) for _ in range(2))
    if one != other:
        yield f"{story.name} was another world the second time"


def a_rule_that_sleeps_changes_nothing(story: Story) -> Iterator[str]:
    """Rules that are switched off leave the traffic as it is, byte for byte."""
    asleep = tuple({**maker_of(kind), "how_often": NEVER} for kind in BY_NAME)
    more = replace(story, given=replace(story.given, weather=(*story.given.weather, *asleep)))
    if fingerprint(play(more).world) != fingerprint(play(story).world):
        yield f"{story.name} is another world under rules that never strike"


def what_is_restored_goes_on_the_same(story: Story) -> Iterator[str]:
    """An org that was restored or forked goes on as the first one did, and a fork is felt by nobody."""
    world = play(story).world
    token = world.org.login()
    twin, still = world.wire.fork(), world.wire.fork()
    snapshot = world.wire.snapshot()
    first = _answers(world.wire, token)
    if _answers(twin, token) != first:
        yield "a fork answers otherwise than what it was forked from"
    world.wire.restore(snapshot)
    if _answers(world.wire, token) != first:
        yield "what was restored answers otherwise than before"
    if _answers(still, token) != first:
        yield "a fork felt what was done to the org that it came from"


def _answers(wire: Wire, token: str) -> list[Any]:
    found: list[Any] = []
    for method, path, body in PROBES:
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        raw = b"" if body is None else orjson.dumps(body)
        answer = wire.org.handle(Request(method, path, headers, raw, wire.org.settings.my_domain))
        assert isinstance(answer, Response), "a probe waits for nobody"
        found.append((answer.status, orjson.dumps(answer.body, default=lambda raw: bytes(raw).decode())))
    return found


def orgs_keep_to_themselves(story: Story) -> Iterator[str]:
    """Another customer beside it changes nothing: no row, id, limit, fault or instant is shared but the clock."""
    alone, _ = staged(story, name="here")
    alone.run(story.seconds)
    beside, _ = staged(story, name="here")
    other, _ = staged(story, seed=1, agenda=beside.agenda, name="elsewhere")
    beside.run(story.seconds)
    if fingerprint(beside) != fingerprint(alone):
        yield f"{story.name} went otherwise beside another customer"
    if beside.org.org_id == other.org.org_id:
        yield f"{beside.org.org_id} is the id of two orgs"
    (status, _), *_ = _answers(beside.wire, other.org.login())
    if status != 401:
        yield f"the token of one org earned {status} at another"


RUNS: tuple[RunLaw, ...] = (
    a_seed_is_a_world,
    a_rule_that_sleeps_changes_nothing,
    what_is_restored_goes_on_the_same,
    orgs_keep_to_themselves,
)
"""What must hold of a run and its repetition."""
