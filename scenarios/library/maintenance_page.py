"""Where JSON should be, there is a page for people."""

from scenarios.story import Given, Rings, Story, Then

STORY = Story(
    name="maintenance-page",
    tells=(
        "A maintenance page comes instead of JSON for 20 s: read as maintenance, never as data; the retries arrive."
    ),
    given=Given(
        near=True,
        host=None,
        weather=(
            {
                "kind": "maintenance_page",
                "where": {"path": "*/composite"},
                "how_often": {"window": {"from_s": 20, "to_s": 40}},
            },
        ),
    ),
    when=(Rings("happy-call"),),
    then=Then(
        told={"happy-call/2": "accepted"},
        tries={"happy-call/2": 5},
        ends={f"happy-call/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6, "end")},
        alerts=0,
        dead={},
    ),
)
