"""Plays a story in a world: sets it up, lets it happen, and compares the end with what was to be."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from mocksf.org import OrgSettings
from scenarios.agenda import Agenda
from scenarios.byhand import BY_HAND
from scenarios.callers import Agent
from scenarios.figures import NO_TIME, own_time
from scenarios.laws import broken_laws
from scenarios.lines import NEXT_DOOR, distance
from scenarios.outcome import missed
from scenarios.recordings import Recording, recording
from scenarios.seen import Seen
from scenarios.shop import shop_config
from scenarios.story import (
    ByHand,
    Dies,
    Discards,
    Given,
    Glances,
    Imports,
    Replays,
    Rings,
    SessionsEnd,
    Story,
    Stumbles,
    Suspends,
    TellsAgain,
)
from scenarios.world import Setting, World, schema_of


@dataclass(slots=True)
class Played:
    """A story that was played: its world, and what did not come as told."""

    story: Story
    world: World
    seen: Seen
    broken: list[tuple[str, str]]
    """Breaches of laws: (law, what broke it)."""
    missed: list[str] = field(default_factory=list)
    """What the story's `then` promised and did not come."""

    @property
    def holds(self) -> bool:
        return not self.broken and not self.missed


def play(story: Story, seed: int = 0, **changes: Any) -> Played:
    """One story in one world, from the beginning to rest. The same seed gives the same world, byte for byte.

    `changes` are fields of the `Setting` that are to be otherwise, such as `connector_of`.
    """
    world, agents = staged(story, seed, **changes)
    world.run(story.seconds)
    return judged(story, world, agents)


def staged(story: Story, seed: int = 0, agenda: Agenda | None = None, **changes: Any) -> tuple[World, dict[str, Agent]]:
    """The world of a story before anything happens, everything put on its agenda."""
    world = World(replace(setting_of(story.given), **changes), story.given.seed + seed, agenda)
    agents: dict[str, Agent] = {}
    for happening in story.when:
        PLANS[type(happening)](world, agents, happening)
    return world, agents


def judged(story: Story, world: World, agents: dict[str, Agent]) -> Played:
    """What the laws and the story itself say of what happened."""
    seen = Seen(world, at_rest=story.then.at_rest or not world.host.process.busy())
    played = Played(story, world, seen, broken_laws(seen))
    played.missed.extend(missed(story.then, seen, {name: agent.call_id for name, agent in agents.items()}))
    return played


def setting_of(given: Given) -> Setting:
    """The world that a story's `given` speaks of."""
    return Setting(
        weather=given.weather,
        distance=NEXT_DOOR if given.near else distance(given.agents, given.instance),
        timed=not given.near,
        own_time=own_time(given.host) if given.host else NO_TIME,
        slack_away=given.slack_away,
        config=shop_config(given.config),
        schema=schema_of(given.schema),
        org=OrgSettings(**given.org),
    )


def settle_in(world: World, call: Recording) -> None:
    """Put the people of a recording into the org whom it says the org knows, once each."""
    person, phone = call.caller.known, call.caller.phone
    if person is None or phone in world.known:
        return
    world.known.add(phone)
    names = {"FirstName": person.first_name, "LastName": person.last_name, "Email": person.email, "Phone": phone}
    if person.account is None:
        world.add("Lead", **names, Company=person.company)
        return
    account = world.add("Account", Name=person.account, BillingCountry=person.country)
    world.add("Contact", **names, AccountId=account)


def _rings(world: World, agents: dict[str, Agent], what: Rings) -> None:
    call = recording(what.recording)
    settle_in(world, call)
    agents[what.call or what.recording] = world.ring(call, what.at_s, what.call, what.looks_up)


def _tells_again(world: World, agents: dict[str, Agent], what: TellsAgain) -> None:
    world.at(what.at_s, lambda: agents[what.recording].tell_again(what.turn, what.value))


def _replays(world: World, _: dict[str, Agent], what: Replays) -> None:
    world.at(what.at_s, lambda: world.host.replay(what.actor, what.reason, what.rate_per_s))


def _discards(world: World, _: dict[str, Agent], what: Discards) -> None:
    world.at(what.at_s, lambda: world.host.discard(what.actor, what.reason, what.call))


def _stumbles(world: World, _: dict[str, Agent], what: Stumbles) -> None:
    world.at(what.at_s, lambda: world.host.stumble(what.steps, what.after, what.down_s))


def _by_hand(world: World, _: dict[str, Agent], what: ByHand) -> None:
    world.at(what.at_s, lambda: BY_HAND[type(what)](world, what))


PLANS: dict[type, Callable[[World, dict[str, Agent], Any], None]] = {
    Rings: _rings,
    Dies: lambda world, _, what: world.crash(what.at_s, what.down_s),
    Stumbles: _stumbles,
    Suspends: lambda world, _, what: world.at(what.at_s, lambda: world.host.process.stand_still(what.lasts_s)),
    SessionsEnd: lambda world, _, what: world.at(what.at_s, world.end_sessions),
    TellsAgain: _tells_again,
    Replays: _replays,
    Discards: _discards,
    Imports: lambda world, _, what: world.at(what.at_s, world.import_campaigns),
    Glances: lambda world, _, what: world.at(what.at_s, world.glance),
    **dict.fromkeys(BY_HAND, _by_hand),
}
"""Happening → how it is put on a world's agenda."""
