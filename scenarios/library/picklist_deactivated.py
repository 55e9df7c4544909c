"""An admin deactivates a picklist value in mid campaign."""

from scenarios.story import Deploys, Given, Replays, Rings, Story, Then


def horizon(*, active: bool) -> dict[str, object]:
    """The values of the field, `This Quarter` switched on or off."""
    values = ["This Month", {"value": "This Quarter", "active": active}, "This Year", "Unknown"]
    return {"objects": {"Opportunity": {"fields": {"Decision_Horizon__c": {"values": values}}}}}


STORY = Story(
    name="picklist-deactivated",
    tells=(
        "`This Quarter` is deactivated: turn 4 dies as `value`. Switched on again and replayed, it stands in its field."
    ),
    given=Given(near=True, host=None),
    when=(
        Rings("happy-call"),
        Deploys(at_s=1, change=horizon(active=False)),
        Deploys(at_s=90, change=horizon(active=True)),
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
