"""The connector's host is suspended and woken: its clock steps, and whatever fell due is due at once."""

from scenarios.story import Given, Rings, Story, Suspends, Then

STORY = Story(
    name="clock-step",
    tells=(
        "The host sleeps for 6 s while a retry waits its 5 s: on waking the retry sets out at once, once, and arrives."
    ),
    given=Given(
        near=True,
        host=None,
        weather=(
            {
                "kind": "error",
                "settings": {"code": "SERVER_UNAVAILABLE"},
                "how_often": {"window": {"from_s": 53, "to_s": 58}},
            },
        ),
    ),
    when=(
        Rings("happy-call"),
        Suspends(at_s=56, lasts_s=6),
    ),
    then=Then(
        told={"happy-call/6": "accepted"},
        ends={f"happy-call/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6, "end")},
        tries={"happy-call/6": 4},
        alerts=0,
        dead={},
    ),
)
