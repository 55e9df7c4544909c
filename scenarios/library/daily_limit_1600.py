"""The calls of the day are used up at 16:00: what dies meanwhile is replayed when the window has moved on."""

from scenarios.story import Given, Replays, Rings, Story, Then

STORY = Story(
    name="daily-limit-1600",
    tells=(
        "At 16:00 the org has answered its calls of the day. Turns are accepted, die as `limit`, and are "
        "replayed at night."
    ),
    given=Given(
        near=True,
        host=None,
        weather=({"kind": "daily_limit", "how_often": {"window": {"from_s": 25200, "to_s": 50400}}},),
    ),
    when=(
        Rings("happy-call", at_s=25170),
        Replays(at_s=50500, rate_per_s=2.0),
    ),
    then=Then(
        told={"happy-call/1": "committed", "happy-call/2": "committed", "happy-call/3": "accepted"},
        ends={f"happy-call/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6, "end")},
        dead={"limit": 6},
        rows={"SELECT Seats__c, Competitor__c FROM Opportunity": [{"Seats__c": 42.0, "Competitor__c": "Routely"}]},
    ),
    seconds=51500,
)
