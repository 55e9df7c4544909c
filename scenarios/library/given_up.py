"""A person looks at a dead letter, rings the customer, and gives the letter up."""

from scenarios.story import Discards, Given, Rings, Story, Then

STORY = Story(
    name="given-up",
    tells=(
        "A rejected turn is discarded by a person, with a reason that the ledger keeps; nothing of it reaches the org."
    ),
    given=Given(
        near=True,
        host=None,
        weather=(
            {
                "kind": "error",
                "settings": {"code": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "status": 400, "message": "No."},
                "where": {"part": "Opportunity", "body": "*Seats__c*"},
            },
        ),
    ),
    when=(
        Rings("happy-call"),
        Discards("call-2026-0001", at_s=90),
    ),
    then=Then(
        told={"happy-call/2": "dead"},
        ends={"happy-call/2": "discarded", "happy-call/3": "committed"},
        alerts=1,
        rows={"SELECT Seats__c FROM Opportunity": [{"Seats__c": None}]},
    ),
)
