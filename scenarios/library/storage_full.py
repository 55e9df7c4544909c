"""The org has no room for another record."""

from scenarios.story import Given, Replays, Rings, Story, Then

STORY = Story(
    name="storage-full",
    tells="The org's storage is full: what makes a record dies as `storage`; room is made, and one replay heals.",
    given=Given(
        near=True,
        host=None,
        weather=(
            {
                "kind": "error",
                "settings": {"code": "STORAGE_LIMIT_EXCEEDED", "status": 400, "message": "storage limit exceeded"},
                "where": {"part": "Opportunity"},
                "how_often": {"window": {"from_s": 0, "to_s": 20}},
            },
        ),
    ),
    when=(
        Rings("happy-call"),
        Replays(at_s=100, reason="old files were removed"),
    ),
    then=Then(
        told={"happy-call/1": "dead", "happy-call/2": "committed"},
        ends={f"happy-call/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6, "end")},
        dead={"storage": 1},
        alerts=1,
    ),
)
