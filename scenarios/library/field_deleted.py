"""An admin deletes a mapped field while a call goes on; the describe that the map was checked against is stale."""

from scenarios.story import Deploys, Given, Replays, Rings, Story, Then

SEATS = {"Seats__c": {"type": "Number", "label": "Seats", "precision": 8, "scale": 0}}

STORY = Story(
    name="field-deleted",
    tells=(
        "Seats__c is deleted between two turns: turn 2 dies as `unknown field`; restored and replayed, all is written."
    ),
    given=Given(near=True, host=None),
    when=(
        Rings("happy-call"),
        Deploys(at_s=15, change={"deleted": ["Opportunity.Seats__c"]}),
        Deploys(at_s=80, change={"objects": {"Opportunity": {"fields": SEATS}}}),
        Replays(at_s=90, reason="the field is there again"),
    ),
    then=Then(
        told={"happy-call/1": "committed", "happy-call/2": "dead", "happy-call/3": "committed"},
        ends={f"happy-call/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6, "end")},
        dead={"unknown field": 1},
        alerts=1,
        rows={"SELECT Seats__c, Competitor__c FROM Opportunity": [{"Seats__c": 42.0, "Competitor__c": "Routely"}]},
    ),
)
