"""The map was made from a describe of last month: the field is gone, and only what needs it dies."""

from scenarios.story import Given, Rings, Story, Then

STORY = Story(
    name="stale-describe",
    tells=(
        "Seats go to a field that the org has no more: turn 2 dies as `unknown field` at once, all else is written."
    ),
    given=Given(near=True, host=None, config={"fields": {"seats": {"target": "Opportunity.Seats_Wanted__c"}}}),
    when=(Rings("happy-call"),),
    then=Then(
        told={"happy-call/1": "committed", "happy-call/2": "dead", "happy-call/3": "committed"},
        tries={"happy-call/2": 1},
        dead={"unknown field": 1},
        alerts=1,
        rows={"SELECT Seats__c, Competitor__c FROM Opportunity": [{"Seats__c": None, "Competitor__c": "Routely"}]},
    ),
)
