"""A contact whom the org knows rings and nobody looks the number up: the delivery does, and writes that person."""

from scenarios.story import Given, Rings, Story, Then

STORY = Story(
    name="never-looked-up",
    tells="Nobody looks a known contact up; the first delivery does, on its second try, and nobody becomes two.",
    given=Given(
        near=True,
        host=None,
        weather=({"kind": "lost_answer", "where": {"path": "*/composite", "nth": 1}},),
    ),
    when=(Rings("happy-call", looks_up=False),),
    then=Then(
        told={"happy-call/1": "accepted", "happy-call/6": "committed"},
        ends={"happy-call/1": "committed", "happy-call/6": "committed", "happy-call/end": "committed"},
        tries={"happy-call/1": 2},
        alerts=0,
        rows={
            "SELECT FirstName, Caller_Key__c, Preferred_Channel__c, Account.Name FROM Contact": [
                {
                    "FirstName": "Mara",
                    "Caller_Key__c": None,
                    "Preferred_Channel__c": "Email",
                    "Account": {"Name": "Fernhill Robotics"},
                }
            ],
            "SELECT Name FROM Account": [{"Name": "Fernhill Robotics"}],
            "SELECT Account.Name, Seats__c FROM Opportunity": [
                {"Account": {"Name": "Fernhill Robotics"}, "Seats__c": 42.0}
            ],
            "SELECT Who.Name FROM Task": [{"Who": {"Name": "Mara Quist"}}],
        },
    ),
)
