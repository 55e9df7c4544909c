"""The process is down for most of a call: the agent waits for it and tells all again."""

from scenarios.story import Dies, Given, Rings, Story, Then

STORY = Story(
    name="down-all-call",
    tells="The process dies at the first turn and is back when the caller has hung up: nothing of the call is lost.",
    given=Given(near=True, host=None),
    when=(
        Rings("happy-call"),
        Dies(at_s=13, down_s=60.0),
    ),
    then=Then(
        ends={f"happy-call/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6, "end")},
        alerts=0,
        dead={},
        rows={"SELECT Seats__c, Competitor__c FROM Opportunity": [{"Seats__c": 42.0, "Competitor__c": "Routely"}]},
    ),
)
