"""The same herd with jitter: the retries spread, and the org sees a stream instead of a wall."""

from scenarios.recordings import recording
from scenarios.story import Given, Rings, Story, Then

CALLERS = tuple(f"caller-{number}" for number in range(30))

STORY = Story(
    name="herd-with-jitter",
    tells="Thirty callers fail in the same instant; with half of each wait left to chance they come back spread out.",
    given=Given(
        near=True,
        host=None,
        config={"delivery": {"jitter": 0.5}},
        weather=(
            {
                "kind": "error",
                "settings": {"code": "SERVER_UNAVAILABLE"},
                "where": {"path": "*/composite", "body": "*PATCH*"},
                "how_often": {"window": {"from_s": 100, "to_s": 125}},
            },
        ),
    ),
    when=(*(Rings(name, at_s=100 - recording(name).intents[0].at_s) for name in CALLERS),),
    then=Then(
        ends={f"{name}/1": "committed" for name in CALLERS}, alerts=0, dead={}, busiest_second=(4, 40), after_s=129
    ),
    seconds=900,
)
