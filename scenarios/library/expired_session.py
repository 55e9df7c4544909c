"""The session ends in mid-call: one new login, one second try at once, outside the schedule."""

from scenarios.story import Given, Rings, SessionsEnd, Story, Then

STORY = Story(
    name="expired-session",
    tells="An administrator ends all sessions between two turns. The next turn earns 401, one login, and goes through.",
    given=Given(near=True, host=None),
    when=(Rings("happy-call"), SessionsEnd(at_s=20)),
    then=Then(
        told={"happy-call/2": "committed"},
        ends={f"happy-call/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6, "end")},
        tries={"happy-call/2": 1, "happy-call/3": 1},
        alerts=0,
    ),
)
