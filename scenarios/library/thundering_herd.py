"""Everybody's last retry is planned for the same instant, when the outage is over."""

from scenarios.recordings import recording
from scenarios.story import Given, Rings, Story, Then

CALLERS = tuple(f"caller-{number}" for number in range(30))

STORY = Story(
    name="thundering-herd",
    tells="Thirty callers fail in the same instant; 36 s later, without jitter, all of them are back in one second.",
    given=Given(
        near=True,
        host=None,
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
        ends={f"{name}/1": "committed" for name in CALLERS}, alerts=0, dead={}, busiest_second=(55, 90), after_s=129
    ),
    seconds=900,
)
