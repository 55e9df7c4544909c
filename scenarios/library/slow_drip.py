"""The answer comes a few bytes at a time."""

from scenarios.story import Given, Rings, Story, Then

STORY = Story(
    name="slow-drip",
    tells="The answers drip, a few bytes at a time: nobody waits beyond the budget, and nothing is asked twice.",
    given=Given(
        near=True,
        host=None,
        weather=(
            {
                "kind": "slow_drip",
                "settings": {"piece_bytes": 64, "pause_s": 0.2},
                "where": {"path": "*/composite"},
                "how_often": {"window": {"from_s": 20, "to_s": 45}},
            },
        ),
    ),
    when=(Rings("happy-call"),),
    then=Then(
        told={"happy-call/1": "committed", "happy-call/2": "accepted"},
        tries={"happy-call/2": 1},
        ends={f"happy-call/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6, "end")},
        alerts=0,
        dead={},
    ),
)
