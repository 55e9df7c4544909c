"""A rule of the org itself: no more than 40 seats without a confirmed budget."""

from scenarios.story import Given, Replays, Rings, Story, Then

STORY = Story(
    name="validation-rule-added",
    tells=(
        "A real validation rule refuses 42 seats before the budget is confirmed; after turn 3 the replay satisfies it."
    ),
    given=Given(near=True, host=None, schema=("sample", "seats_rule.yaml")),
    when=(
        Rings("happy-call"),
        Replays(at_s=90, reason="the budget is confirmed"),
    ),
    then=Then(
        told={"happy-call/2": "dead", "happy-call/3": "committed"},
        ends={f"happy-call/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6, "end")},
        tries={"happy-call/2": 2},
        dead={"validation rule": 1},
        alerts=1,
        rows={
            "SELECT Seats__c, Budget_Confirmed__c FROM Opportunity": [{"Seats__c": 42.0, "Budget_Confirmed__c": True}]
        },
    ),
)
