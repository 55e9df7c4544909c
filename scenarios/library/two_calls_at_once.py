"""One contact rings on two lines at once: each call has its deal, the person stays one."""

from scenarios.story import Given, Rings, Story, Then

STORY = Story(
    name="two-calls-at-once",
    tells="A contact talks on two lines at the same time: two deals, two logged calls, one contact, one account.",
    given=Given(near=True, host=None),
    when=(
        Rings("happy-call"),
        Rings("happy-call", at_s=3, call="second-line"),
    ),
    then=Then(
        ends={
            **{f"happy-call/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6, "end")},
            "second-line/6": "committed",
            "second-line/end": "committed",
        },
        alerts=0,
        rows={
            "SELECT Call_Key__c FROM Opportunity ORDER BY Call_Key__c": [
                {"Call_Key__c": "call-2026-0001"},
                {"Call_Key__c": "second-line"},
            ],
            "SELECT COUNT(Id) n FROM Contact": [{"n": 1}],
            "SELECT COUNT(Id) n FROM Task": [{"n": 2}],
        },
    ),
)
