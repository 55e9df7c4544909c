"""An outage of five hours buries the desk: alerts are put together, for Slack takes about one a second."""

from scenarios.story import Given, Replays, Rings, Story, Then

STORY = Story(
    name="dead-letter-flood",
    tells=(
        "Five hours of outage, sixty callers: Slack hears of all the dead in fewer messages; one paced replay heals."
    ),
    given=Given(
        near=True,
        host=None,
        weather=(
            {
                "kind": "error",
                "settings": {"code": "SERVER_UNAVAILABLE"},
                "how_often": {"window": {"from_s": 0, "to_s": 18000}},
            },
        ),
    ),
    when=(
        *(Rings(f"caller-{number}", at_s=10) for number in range(60)),
        Replays(at_s=18100, rate_per_s=5.0),
    ),
    then=Then(ends={f"caller-{number}/1": "committed" for number in range(60)}, dead={"outage": 192}, alerts=84),
    seconds=18900,
)
