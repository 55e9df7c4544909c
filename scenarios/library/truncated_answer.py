"""The connection breaks in the middle of the answer's body, after the commit."""

from scenarios.story import Given, Rings, Story, Then

STORY = Story(
    name="truncated-answer",
    tells="The answer to turn 2 breaks off after 40 bytes: perhaps done, asked again by its key, and there once.",
    given=Given(
        near=True,
        host=None,
        weather=(
            {
                "kind": "truncated_body",
                "settings": {"after_bytes": 40},
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
