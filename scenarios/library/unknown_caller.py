"""Somebody unknown rings: a lead is made, and the org's assignment rule gives it to the team of the region."""

from scenarios.story import Given, Rings, Story, Then

STORY = Story(
    name="unknown-caller",
    tells="An unknown caller becomes one lead, qualified, and the rule for Germany changes its owner.",
    given=Given(
        agents="eu",
        instance="EU2",
        config={"org": {"region": {"agents": "eu", "instance": "EU2"}, "phone_region": "DE"}},
    ),
    when=(Rings("unknown-caller"),),
    then=Then(
        ends={"unknown-caller/1": "committed", "unknown-caller/2": "committed", "unknown-caller/end": "committed"},
        alerts=0,
        rows={
            "SELECT LastName, Company, Status, Interest__c, Owner.Username FROM Lead": [
                {
                    "LastName": "Jonas Adler",
                    "Company": "Kranich Logistik",
                    "Status": "Qualified",
                    "Interest__c": "Depot planning for 300 vans",
                    "Owner": {"Username": "emea-sales@mock.example"},
                }
            ],
            "SELECT Id FROM Opportunity": [],
        },
    ),
)
