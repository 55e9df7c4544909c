"""Dies anywhere, recovers, delivers once: the connector is killed at every step of a call, before it and after it."""

import pytest

from scenarios.evidence import status
from scenarios.laws import broken_laws
from scenarios.play import settle_in
from scenarios.process import Doom
from scenarios.recordings import recording
from scenarios.seen import Seen
from scenarios.world import Setting, World

LOST_ANSWER = {"kind": "lost_answer", "where": {"method": "POST", "path": "*/composite", "nth": 3}}


def lived(name: str, doom: Doom | None, looks_up: bool = True) -> Seen:
    world = World(Setting(weather=[LOST_ANSWER]))
    call = recording(name)
    settle_in(world, call)
    if doom is not None:
        world.host.doom(doom, down_s=1.0)
    world.ring(call, looks_up=looks_up)
    world.run(900)
    return Seen(world, at_rest=True)


def steps(name: str, looks_up: bool = True) -> int:
    return lived(name, None, looks_up).world.host.steps


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("name", ["happy-call", "unknown-caller"])
def test_a_death_at_any_step_loses_nothing_and_doubles_nothing(name: str, after: bool) -> None:
    total = steps(name)
    assert total >= 25

    for step in range(1, total + 1):
        seen = lived(name, Doom(step, after))

        assert broken_laws(seen) == [], f"died at step {step} of {total}"
        assert set(status(seen).values()) == {"committed"}, f"died at step {step} of {total}"


@pytest.mark.parametrize("name", ["happy-call", "unknown-caller"])
def test_a_death_at_any_step_makes_nobody_two_whom_nobody_looked_up(name: str) -> None:
    for step in range(1, steps(name, looks_up=False) + 1):
        seen = lived(name, Doom(step, after=bool(step % 2)), looks_up=False)

        assert broken_laws(seen) == [], f"died at step {step}"
        assert set(status(seen).values()) == {"committed"}, f"died at step {step}"


def test_the_process_really_dies_at_its_step() -> None:
    seen = lived("happy-call", Doom(10))

    assert len(seen.crashes) == 1
    assert seen.world.host.total_steps == 10
