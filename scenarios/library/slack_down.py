"""Slack is away for an hour while a dead letter waits to be told."""

from scenarios.slack import Away
from scenarios.story import Given, Rings, Story, Then

STORY = Story(
    name="slack-down",
    tells="A rejection dies while Slack is away for an hour: the alert is delivered when Slack is back, once.",
    given=Given(
        near=True,
        host=None,
        slack_away=(Away(0, 3600),),
        weather=(
            {
                "kind": "error",
                "settings": {"code": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "status": 400, "message": "Not now."},
                "where": {"part": "Opportunity", "body": "*Seats__c*"},
            },
        ),
    ),
    when=(Rings("happy-call"),),
    then=Then(told={"happy-call/2": "dead"}, dead={"validation rule": 1}, alerts=1),
    seconds=9000,
)
