"""Somebody holds the opportunity for twelve seconds: the org waits ten, gives up, and the retry gets through."""

from scenarios.story import Given, Rings, Story, Then

STORY = Story(
    name="row-lock",
    tells="A stranger holds the row for 12 s. The org waits 10 s, then UNABLE_TO_LOCK_ROW; the retry waits the rest.",
    given=Given(
        weather=(
            {
                "kind": "lock_holder",
                "settings": {"sobject": "Opportunity", "hold_s": 12.0},
                "where": {"path": "*/composite"},
                "how_often": {"times": 1, "window": {"from_s": 20}},
            },
        ),
        near=True,
        host=None,
    ),
    when=(Rings("happy-call"),),
    then=Then(
        told={"happy-call/2": "accepted"},
        ends={f"happy-call/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6)},
        tries={"happy-call/2": 2},
        alerts=0,
    ),
)
