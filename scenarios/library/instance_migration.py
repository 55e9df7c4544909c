"""The org moves to another instance: pages instead of data, then every session is gone."""

from scenarios.story import Given, Rings, SessionsEnd, Story, Then

STORY = Story(
    name="instance-migration",
    tells=(
        "For 90 s a page says that the org moves; afterwards no old token is good. One login, and all that "
        "waited arrives."
    ),
    given=Given(
        near=True,
        host=None,
        weather=({"kind": "instance_migration", "how_often": {"window": {"from_s": 20, "to_s": 110}}},),
    ),
    when=(
        Rings("happy-call"),
        SessionsEnd(at_s=109),
    ),
    then=Then(
        told={"happy-call/2": "accepted"},
        ends={f"happy-call/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6, "end")},
        alerts=0,
        sent={"/services/oauth2/token": 2},
    ),
)
