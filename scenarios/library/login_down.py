"""The token endpoint is away while every session has ended."""

from scenarios.story import Given, Rings, SessionsEnd, Story, Then

STORY = Story(
    name="login-down",
    tells=(
        "Sessions end, and nobody can log in for 20 s. Turns are accepted, and arrive after the next login that works."
    ),
    given=Given(
        near=True,
        host=None,
        weather=(
            {
                "kind": "error",
                "settings": {"code": "SERVER_UNAVAILABLE"},
                "where": {"operation": "login"},
                "how_often": {"window": {"from_s": 20, "to_s": 40}},
            },
        ),
    ),
    when=(
        Rings("happy-call"),
        SessionsEnd(at_s=20),
    ),
    then=Then(
        told={"happy-call/1": "committed", "happy-call/2": "accepted"},
        ends={f"happy-call/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6, "end")},
        alerts=0,
        dead={},
    ),
)
