"""The org commits and the answer is lost: the connector asks again, and there is still one of everything."""

from scenarios.story import Given, Rings, Story, Then

STORY = Story(
    name="lost-answer",
    tells="The answer to turn 1 never comes. After 15 s of silence it is asked again: still one opportunity.",
    given=Given(
        weather=(
            {
                "kind": "lost_answer",
                "where": {"method": "POST", "path": "*/composite", "nth": 2},
            },  # the first one looks up
        ),
        near=True,
        host=None,
    ),
    when=(Rings("happy-call"),),
    then=Then(
        told={"happy-call/1": "accepted"},
        ends={"happy-call/1": "committed", "happy-call/2": "committed"},
        tries={"happy-call/1": 2},
        alerts=0,
        rows={"SELECT Call_Key__c FROM Opportunity": [{"Call_Key__c": "call-2026-0001"}]},
    ),
)
