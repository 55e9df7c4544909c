"""Somebody's reports hold all the long-running places of the org."""

from scenarios.story import Given, Rings, Story, Then

STORY = Story(
    name="concurrent-limit",
    tells="Too many long calls run in the org for 10 s: REQUEST_LIMIT_EXCEEDED is a matter of waiting, not of dying.",
    given=Given(
        near=True,
        host=None,
        weather=({"kind": "concurrent_limit", "how_often": {"window": {"from_s": 20, "to_s": 30}}},),
    ),
    when=(Rings("happy-call"),),
    then=Then(
        told={"happy-call/2": "accepted"},
        ends={f"happy-call/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6, "end")},
        alerts=0,
        dead={},
    ),
)
