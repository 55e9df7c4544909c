"""Security freezes the API user: every login fails until it is thawed."""

from scenarios.story import Given, Replays, Rings, SessionsEnd, Story, Then

STORY = Story(
    name="user-frozen",
    tells="The API user is frozen: sessions end, logins are refused, turns die as `login`; thawed, one replay heals.",
    given=Given(
        near=True,
        host=None,
        weather=(
            {
                "kind": "error",
                "settings": {
                    "status": 400,
                    "body": {"error": "invalid_grant", "error_description": "authentication failure"},
                },
                "where": {"operation": "login"},
                "how_often": {"window": {"from_s": 20, "to_s": 120}},
            },
        ),
    ),
    when=(
        Rings("happy-call"),
        SessionsEnd(at_s=20),
        Replays(at_s=130, reason="the user is thawed"),
    ),
    then=Then(
        told={"happy-call/1": "committed", "happy-call/2": "dead"},
        ends={f"happy-call/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6, "end")},
        dead={"login": 7},
    ),
)
