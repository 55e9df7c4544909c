"""Somebody merges the caller's account into its twin while the call goes on."""

from scenarios.story import Adds, Given, Merges, Rings, Story, Then

STORY = Story(
    name="merged-account",
    tells=(
        "The caller's account is merged into its twin: what was looked up before is refused as `reference`, "
        "nothing splits."
    ),
    given=Given(near=True, host=None),
    when=(
        Rings("happy-call"),
        Adds(0.1, "Account", {"Name": "Fernhill Robotics Inc."}),
        Merges(
            28,
            "Account",
            loser="SELECT Id FROM Account WHERE Name = 'Fernhill Robotics'",
            master="SELECT Id FROM Account WHERE Name = 'Fernhill Robotics Inc.'",
        ),
        Rings("happy-call", at_s=100, call="next"),
    ),
    then=Then(
        told={"happy-call/2": "committed", "happy-call/3": "dead", "next/1": "committed", "next/6": "committed"},
        dead={"reference": 4},
        alerts=4,
        rows={
            "SELECT Account.Name, Seats__c FROM Opportunity": [
                {"Account": {"Name": "Fernhill Robotics Inc."}, "Seats__c": 42.0},
                {"Account": {"Name": "Fernhill Robotics Inc."}, "Seats__c": 42.0},
            ],
            "SELECT Name, Account.Name FROM Contact": [
                {"Name": "Mara Quist", "Account": {"Name": "Fernhill Robotics Inc."}}
            ],
        },
    ),
)
