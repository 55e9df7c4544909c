"""The sample call from ring to goodbye: every intent is where it belongs, the call is logged, the team is told."""

from scenarios.story import Given, Rings, Story, Then

STORY = Story(
    name="happy-call",
    tells="A known contact rings and asks for a demo. Six turns, each answered in time, each in its field.",
    given=Given(),
    when=(Rings("happy-call"),),
    then=Then(
        ends={f"happy-call/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6, "end")},
        tries={f"happy-call/{turn}": 1 for turn in range(1, 7)},
        alerts=0,
        rows={
            "SELECT Name, Seats__c, Budget_Confirmed__c, Decision_Horizon__c, Competitor__c, Demo_Requested_At__c "
            "FROM Opportunity": [
                {
                    "Name": "Call call-2026-0001",
                    "Seats__c": 42.0,
                    "Budget_Confirmed__c": True,
                    "Decision_Horizon__c": "This Quarter",
                    "Competitor__c": "Routely",
                    "Demo_Requested_At__c": "2026-01-05T09:00:12.000+0000",
                }
            ],
            "SELECT Preferred_Channel__c FROM Contact": [{"Preferred_Channel__c": "Email"}],
            "SELECT CallDisposition, CallDurationInSeconds, TaskSubtype, Status FROM Task": [
                {
                    "CallDisposition": "Demo requested",
                    "CallDurationInSeconds": 63,
                    "TaskSubtype": "Call",
                    "Status": "Completed",
                }
            ],
            "SELECT Body FROM FeedItem": [
                {
                    "Body": "Demo wanted by Fernhill Robotics, 42 seats, decision this quarter, Routely in the race.\n"
                    "[ref call-2026-0001/end/post]"
                }
            ],
            "SELECT Id FROM Lead": [],
        },
    ),
)
