"""The answer's body is damaged on the way, after the commit."""

from scenarios.story import Given, Rings, Story, Then

STORY = Story(
    name="garbled-json",
    tells="The answer to turn 2 arrives garbled: perhaps done, so it is asked again by its key, and is there once.",
    given=Given(
        near=True,
        host=None,
        weather=({"kind": "garbled_body", "where": {"body": "*Seats__c*"}, "how_often": {"times": 1}},),
    ),
    when=(Rings("happy-call"),),
    then=Then(
        tries={"happy-call/2": 2},
        ends={f"happy-call/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6, "end")},
        alerts=0,
        dead={},
        rows={"SELECT Seats__c FROM Opportunity": [{"Seats__c": 42.0}]},
    ),
)
