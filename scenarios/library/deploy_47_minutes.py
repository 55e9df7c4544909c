"""A deploy of 47 minutes: nothing of it shows until its last 5 %, and then rows are locked."""

from scenarios.story import Deploys, Given, Rings, Story, Then

NEW_FIELD = {"objects": {"Opportunity": {"fields": {"Renewal_Month__c": {"type": "Text", "length": 7}}}}}

STORY = Story(
    name="deploy-47-minutes",
    tells=(
        "A deploy runs for 47 minutes. Calls go on beside it; the one that meets its commit waits in line and arrives."
    ),
    given=Given(
        near=True,
        host=None,
        weather=(
            {
                "kind": "row_lock",
                "where": {"operation": "composite", "method": "POST"},
                "how_often": {"window": {"from_s": 2679, "to_s": 2820}},
            },
        ),
    ),
    when=(
        Rings("happy-call"),
        Rings("happy-call", at_s=1200, call="midway"),
        Rings("happy-call", at_s=2660, call="commit"),
        Deploys(at_s=2820, change=NEW_FIELD),
    ),
    then=Then(
        told={"happy-call/1": "committed", "midway/1": "committed", "commit/3": "accepted"},
        ends={"happy-call/6": "committed", "midway/6": "committed", "commit/2": "committed", "commit/6": "committed"},
        tries={"midway/1": 1, "commit/2": 6},
        alerts=0,
        dead={},
        rows={
            "SELECT Call_Key__c FROM Opportunity ORDER BY Call_Key__c": [
                {"Call_Key__c": each} for each in ("call-2026-0001", "commit", "midway")
            ],
            "SELECT Renewal_Month__c FROM Opportunity LIMIT 1": [{"Renewal_Month__c": None}],
        },
    ),
    seconds=3400,
)
