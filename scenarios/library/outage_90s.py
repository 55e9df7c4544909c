"""The org is away for 90 seconds in the middle of a call: nobody waits, and everything arrives once it is back."""

from scenarios.story import Given, Rings, Story, Then

STORY = Story(
    name="outage-90s",
    tells="For 90 s the org answers 503. Each turn is answered in time; the fifth retry finds it back.",
    given=Given(
        weather=(
            {
                "kind": "error",
                "settings": {"status": 503, "code": "SERVER_UNAVAILABLE", "message": "The server is busy."},
                "how_often": {"window": {"from_s": 20, "to_s": 110}},
            },
        ),
        near=True,
        host=None,
    ),
    when=(Rings("happy-call"),),
    then=Then(
        told={"happy-call/2": "accepted", "happy-call/6": "accepted"},
        ends={f"happy-call/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6, "end")},
        tries={"happy-call/2": 6},
        alerts=0,
    ),
)
