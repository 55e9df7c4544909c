"""An admin deactivates a picklist value in mid campaign."""

from scenarios.story import Given, Replays, Rings, Story, Then

STORY = Story(
    name="picklist-deactivated",
    tells=(
        "`This Quarter` is deactivated: turn 4 dies as `value`. Switched on again and replayed, it stands in its field."
    ),
    given=Given(
        near=True,
        host=None,
        weather=(
            {
                "kind": "error",
                "settings": {
                    "code": "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
                    "status": 400,
                    "message": "Decision Horizon: bad value for restricted picklist field: This Quarter",
                    "fields": ("Decision_Horizon__c",),
                },
                "where": {"part": "Opportunity", "body": "*This Quarter*"},
                "how_often": {"window": {"from_s": 0, "to_s": 90}},
            },
        ),
    ),
    when=(
        Rings("happy-call"),
        Replays(at_s=100, reason="the value is active again"),
    ),
    then=Then(
        told={"happy-call/3": "committed", "happy-call/4": "dead", "happy-call/5": "committed"},
        ends={f"happy-call/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6, "end")},
        dead={"value": 1},
        alerts=1,
        rows={"SELECT Decision_Horizon__c FROM Opportunity": [{"Decision_Horizon__c": "This Quarter"}]},
    ),
)
