"""The org is in read-only mode for a minute: lookups work, writes wait."""

from scenarios.story import Given, Rings, Story, Then

STORY = Story(
    name="read-only-maintenance",
    tells="Read-only maintenance for 60 s: lookups find people, writes are refused, and all arrive when it is over.",
    given=Given(
        near=True,
        host=None,
        weather=(
            {
                "kind": "read_only",
                "where": {"method": "POST", "path": "*/composite", "body": "*PATCH*"},
                "how_often": {"window": {"from_s": 20, "to_s": 80}},
            },
        ),
    ),
    when=(Rings("happy-call"),),
    then=Then(
        told={"happy-call/1": "committed", "happy-call/2": "accepted"},
        ends={f"happy-call/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6, "end")},
        alerts=0,
        dead={},
    ),
)
