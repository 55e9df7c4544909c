"""An admin takes the API user's right to edit one field."""

from scenarios.story import Given, Rings, Story, Then

STORY = Story(
    name="field-access-taken",
    tells="The API user may no longer edit Competitor__c: turn 5 dies as `not writable`, its neighbours are written.",
    given=Given(
        near=True,
        host=None,
        weather=(
            {
                "kind": "error",
                "settings": {
                    "code": "INVALID_FIELD_FOR_INSERT_UPDATE",
                    "status": 400,
                    "message": "Unable to create/update fields: Competitor__c.",
                    "fields": ("Competitor__c",),
                },
                "where": {"part": "Opportunity", "body": "*Routely*"},
            },
        ),
    ),
    when=(Rings("happy-call"),),
    then=Then(
        told={"happy-call/4": "committed", "happy-call/5": "dead", "happy-call/6": "committed"},
        tries={"happy-call/5": 1},
        dead={"not writable": 1},
        alerts=1,
        rows={"SELECT Seats__c, Competitor__c FROM Opportunity": [{"Seats__c": 42.0, "Competitor__c": None}]},
    ),
)
