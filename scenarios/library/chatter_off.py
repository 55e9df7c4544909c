"""Chatter is off in this org: the team's post cannot be made, and nothing else suffers."""

from scenarios.story import Given, Rings, Story, Then

STORY = Story(
    name="chatter-off",
    tells="Chatter is off: the post dies as `permission`, the call is logged, and every turn is committed in time.",
    given=Given(near=True, host=None, org={"chatter": False}),
    when=(Rings("happy-call"),),
    then=Then(
        told={"happy-call/1": "committed", "happy-call/6": "committed"},
        dead={"permission": 1},
        alerts=1,
        rows={"SELECT COUNT(Id) n FROM Task": [{"n": 1}]},
    ),
)
