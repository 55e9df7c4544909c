"""A batch holds the account's row for forty seconds at a time."""

from scenarios.story import Given, Rings, Story, Then

STORY = Story(
    name="night-batch",
    tells=(
        "A batch holds the account's row for 40 s: writers wait ten seconds each, fail, and come through by retrying."
    ),
    given=Given(
        near=True,
        host=None,
        weather=(
            {
                "kind": "lock_holder",
                "settings": {"sobject": "Account", "hold_s": 40.0},
                "where": {"path": "*/composite", "body": "*PATCH*"},
                "how_often": {"times": 1},
            },
        ),
    ),
    when=(Rings("happy-call"),),
    then=Then(
        told={"happy-call/1": "accepted"},
        ends={f"happy-call/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6, "end")},
        alerts=0,
        dead={},
    ),
)
