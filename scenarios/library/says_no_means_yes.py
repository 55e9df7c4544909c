"""The edge answers 503 after the instance has committed."""

from scenarios.story import Given, Rings, Story, Then

STORY = Story(
    name="says-no-means-yes",
    tells="Turn 2 is committed and yet answered with 503: perhaps done, asked again by its key, and there once.",
    given=Given(
        near=True,
        host=None,
        weather=(
            {
                "kind": "error",
                "phase": "after_commit",
                "settings": {"status": 503, "html": True},
                "where": {"body": "*Seats__c*"},
                "how_often": {"times": 1},
            },
        ),
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
