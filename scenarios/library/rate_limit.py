"""An edge in front of the org lets nobody through for a while: 429."""

from scenarios.story import Given, Rings, Story, Then

STORY = Story(
    name="rate-limit",
    tells=(
        "For 5 s an edge answers 429. The retries come through; no turn is answered late, no dead letter is written."
    ),
    given=Given(
        near=True, host=None, weather=({"kind": "rate_limit", "how_often": {"window": {"from_s": 20, "to_s": 25}}},)
    ),
    when=(Rings("happy-call"),),
    then=Then(
        told={"happy-call/2": "accepted"},
        ends={f"happy-call/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6, "end")},
        alerts=0,
        dead={},
    ),
)
