"""The org refuses the opportunity for good: nothing of the turn is there, the culprit is named, nobody asks again."""

from scenarios.story import Given, Rings, Story, Then

STORY = Story(
    name="opportunity-rejected",
    tells="A validation rule refuses the opportunity in turn 2: nothing of it stays, one dead letter, one alert.",
    given=Given(
        weather=(
            {
                "kind": "error",
                "settings": {
                    "status": 400,
                    "code": "FIELD_CUSTOM_VALIDATION_EXCEPTION",
                    "message": "Seats need a confirmed budget.",
                },
                "where": {"part": "opp"},
                "how_often": {"window": {"from_s": 20, "to_s": 25}},
            },
        ),
        near=True,
        host=None,
    ),
    when=(Rings("happy-call"),),
    then=Then(
        told={"happy-call/1": "committed", "happy-call/2": "dead", "happy-call/3": "committed"},
        ends={"happy-call/1": "committed", "happy-call/2": "dead", "happy-call/3": "committed"},
        tries={"happy-call/2": 1},
        alerts=1,
        rows={
            "SELECT Seats__c, Budget_Confirmed__c FROM Opportunity": [{"Seats__c": None, "Budget_Confirmed__c": True}]
        },
    ),
)
