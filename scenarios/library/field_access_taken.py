"""An admin takes everybody's right to edit one field."""

from scenarios.story import Deploys, Given, Rings, Story, Then

READ_ONLY = {"Competitor__c": {"createable": False, "updateable": False}}

STORY = Story(
    name="field-access-taken",
    tells="The API user may no longer edit Competitor__c: turn 5 dies as `not writable`, its neighbours are written.",
    given=Given(near=True, host=None),
    when=(
        Rings("happy-call"),
        Deploys(at_s=1, change={"objects": {"Opportunity": {"fields": READ_ONLY}}}),
    ),
    then=Then(
        told={"happy-call/4": "committed", "happy-call/5": "dead", "happy-call/6": "committed"},
        tries={"happy-call/5": 1},
        dead={"not writable": 1},
        alerts=1,
        rows={"SELECT Seats__c, Competitor__c FROM Opportunity": [{"Seats__c": 42.0, "Competitor__c": None}]},
    ),
)
