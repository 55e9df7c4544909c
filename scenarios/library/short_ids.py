"""A colleague's spreadsheet knows the deal by the 15 characters of its id: it is the same record."""

from scenarios.story import Changes, Given, Rings, Story, Then

STORY = Story(
    name="short-ids",
    tells=(
        "A spreadsheet changes the deal by its 15-character id, in mid call: one deal, with both people's words in it."
    ),
    given=Given(near=True, host=None),
    when=(
        Rings("happy-call"),
        Changes(28, "SELECT Id FROM Opportunity", {"NextStep": "Send two dates"}, short_ids=True),
    ),
    then=Then(
        ends={f"happy-call/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6, "end")},
        alerts=0,
        rows={
            "SELECT NextStep, Seats__c, Competitor__c FROM Opportunity": [
                {"NextStep": "Send two dates", "Seats__c": 42.0, "Competitor__c": "Routely"}
            ]
        },
    ),
)
