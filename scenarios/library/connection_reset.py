"""The connection is reset after the org has committed."""

from scenarios.story import Given, Rings, Story, Then

STORY = Story(
    name="connection-reset",
    tells="The connection breaks at turn 2, after the commit: asked again 0.2 s later, and there once.",
    given=Given(
        near=True, host=None, weather=({"kind": "reset", "where": {"body": "*Seats__c*"}, "how_often": {"times": 1}},)
    ),
    when=(Rings("happy-call"),),
    then=Then(
        tries={"happy-call/2": 2},
        ends={f"happy-call/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6, "end")},
        alerts=0,
        rows={"SELECT Seats__c FROM Opportunity": [{"Seats__c": 42.0}]},
    ),
)
