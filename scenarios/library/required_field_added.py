"""An admin makes a field required that nobody fills in, notices, and takes it back."""

from scenarios.story import Deploys, Given, Replays, Rings, Story, Then


def region(**settings: object) -> dict[str, object]:
    """A change of the deal's region."""
    return {"objects": {"Opportunity": {"fields": {"Region__c": settings}}}}


STORY = Story(
    name="required-field-added",
    tells=(
        "A required field appears: turns that need the deal die as `required field`, later ones pass, a replay heals."
    ),
    given=Given(near=True, host=None),
    when=(
        Rings("happy-call"),
        Deploys(at_s=1, change=region(type="Text", length=40, required=True)),
        Deploys(at_s=25, change=region(required=False)),
        Replays(at_s=90, reason="the field is optional again"),
    ),
    then=Then(
        told={"happy-call/1": "dead", "happy-call/2": "dead", "happy-call/3": "committed"},
        ends={f"happy-call/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6, "end")},
        dead={"required field": 2},
        rows={
            "SELECT Seats__c, Demo_Requested_At__c FROM Opportunity": [
                {"Seats__c": 42.0, "Demo_Requested_At__c": "2026-01-05T09:00:12.000+0000"}
            ]
        },
    ),
)
