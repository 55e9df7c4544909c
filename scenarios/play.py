"""Plays a story in a world: sets it up, lets it happen, and compares the end with what was to be."""

from dataclasses import dataclass, field
from typing import Any

from scenarios.callers import Agent
from scenarios.evidence import attempts, status
from scenarios.figures import NO_TIME, own_time
from scenarios.laws import broken_laws
from scenarios.lines import NEXT_DOOR, distance
from scenarios.recordings import Recording, recording
from scenarios.seen import Seen
from scenarios.shop import shop_config
from scenarios.story import Dies, Given, Happening, Replays, Rings, SessionsEnd, Story, TellsAgain, Then
from scenarios.trace import END, Receipt
from scenarios.world import Setting, World


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


def play(story: Story, seed: int = 0) -> Played:
    """One story in one world, from the beginning to rest. The same seed gives the same world, byte for byte."""
    world = World(setting_of(story.given), seed)
    agents: dict[str, Agent] = {}
    for happening in story.when:
        _plan(world, agents, happening)
    world.run(story.seconds)
    seen = Seen(world, at_rest=not world.host.process.busy())
    played = Played(story, world, seen, broken_laws(seen))
    played.missed.extend(_missed(story.then, seen, agents))
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
    )


def settle_in(world: World, call: Recording) -> None:
    """Put the people of a recording into the org whom it says the org knows."""
    person = call.caller.known
    if person is None:
        return
    account = world.add("Account", Name=person.account, BillingCountry=person.country)
    names = {"FirstName": person.first_name, "LastName": person.last_name, "Email": person.email}
    world.add("Contact", **names, AccountId=account, Phone=call.caller.phone)


def _plan(world: World, agents: dict[str, Agent], happening: Happening) -> None:
    match happening:
        case Rings(name, at_s, looks_up):
            call = recording(name)
            settle_in(world, call)
            agents[name] = world.ring(call, at_s, looks_up=looks_up)
        case Dies(at_s, down_s):
            world.crash(at_s, down_s)
        case SessionsEnd(at_s):
            world.at(at_s, world.end_sessions)
        case TellsAgain(name, turn, at_s, value):
            world.at(at_s, lambda: agents[name].tell_again(turn, value))
        case Replays(at_s, actor, reason):
            world.at(at_s, lambda: world.host.replay(actor, reason))


# -- what was to be ----------------------------------------------------------------------------------------------


def _missed(then: Then, seen: Seen, agents: dict[str, Agent]) -> list[str]:
    missed = [*_answers(then, seen, agents), *_ends(then, seen, agents)]
    if then.alerts is not None and len(seen.messages) != then.alerts:
        missed.append(f"Slack took {len(seen.messages)} messages, not {then.alerts}")
    for query, rows in then.rows.items():
        found = seen.soql(query)
        if found != rows:
            missed.append(f"{query} gives {found}, not {rows}")
    return missed


def _answers(then: Then, seen: Seen, agents: dict[str, Agent]) -> list[str]:
    told = {name: [each.told for each in _receipts(seen, agents, name)] for name in then.told}
    return [
        f"{name} was told {told[name]}, not {wanted!r}"
        for name, wanted in then.told.items()
        if not told[name] or told[name][-1] != wanted
    ]


def _ends(then: Then, seen: Seen, agents: dict[str, Agent]) -> list[str]:
    missed: list[str] = []
    stands, tries = status(seen), attempts(seen)
    for name, wanted in then.ends.items():
        found = [stands.get(key, "unknown") for key in _deliveries(seen, agents, name)]
        if not found or any(each != wanted for each in found):
            missed.append(f"{name} ended {found or 'as nothing'}, not {wanted!r}")
    for name, number in then.tries.items():
        made = sum(len(tries.get(key, [])) for key in _deliveries(seen, agents, name))
        if made != number:
            missed.append(f"{name} was tried {made} times, not {number}")
    return missed


def _receipts(seen: Seen, agents: dict[str, Agent], name: str) -> list[Receipt]:
    """The receipts of ``recording/turn`` (or ``recording/end``)."""
    call, _, turn = name.rpartition("/")
    number: Any = END if turn == "end" else int(turn)
    return [each for each in seen.receipts if (each.call, each.turn) == (agents[call].call_id, number)]


def _deliveries(seen: Seen, agents: dict[str, Agent], name: str) -> list[str]:
    return list(dict.fromkeys(key for each in _receipts(seen, agents, name) for key in each.deliveries))
