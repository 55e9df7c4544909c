"""The name of the org resolves to nothing, as for hours in May 2021."""

from scenarios.story import Given, Rings, Story, Then

STORY = Story(
    name="name-servers-gone",
    tells=(
        "For five minutes requests vanish without an answer. Nobody waits, nothing is lost, the last retry "
        "finds the way."
    ),
    given=Given(
        near=True, host=None, weather=({"kind": "lost_request", "how_often": {"window": {"from_s": 20, "to_s": 320}}},)
    ),
    when=(Rings("happy-call"),),
    then=Then(
        told={"happy-call/2": "accepted"},
        ends={f"happy-call/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6, "end")},
        alerts=0,
        dead={},
    ),
    seconds=3000,
)
