"""The org is away for longer than the schedule: dead letters, alerts, and replays, of which one is enough."""

from scenarios.story import Given, Replays, Rings, Story, Then

STORY = Story(
    name="outage-long",
    tells="The org is away for 20 minutes. After 336.2 s each turn in line dies, is told, and is replayed later.",
    given=Given(
        weather=(
            {
                "kind": "error",
                "settings": {"status": 503, "code": "SERVER_UNAVAILABLE", "message": "The server is busy."},
                "how_often": {"window": {"from_s": 10, "to_s": 1210}},
            },
        ),
        near=True,
        host=None,
    ),
    when=(Rings("happy-call"), Replays(at_s=1300), Replays(at_s=1300.5), Replays(at_s=2300)),
    then=Then(
        told={"happy-call/1": "accepted"},
        ends={f"happy-call/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6, "end")},
        tries={"happy-call/1": 7},
        rows={"SELECT Call_Key__c FROM Opportunity": [{"Call_Key__c": "call-2026-0001"}]},
    ),
    seconds=2400,
)
