"""The worst moment: the composite is on its way, its answer will be lost, and the process dies."""

from scenarios.story import Dies, Given, Rings, Story, Then

STORY = Story(
    name="crash-after-send",
    tells=(
        "The process dies right after sending turn 2; the org commits. Back after 3 s it asks again: one of everything."
    ),
    given=Given(
        near=True,
        host=None,
        weather=(
            {
                "kind": "latency",
                "settings": {"seconds": 0.3},
                "where": {"body": "*Seats__c*"},
                "how_often": {"times": 1},
            },
        ),
    ),
    when=(
        Rings("happy-call"),
        Dies(at_s=22.2, down_s=3.0),
    ),
    then=Then(
        told={"happy-call/2": "accepted"},
        ends={f"happy-call/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6, "end")},
        tries={"happy-call/2": 2},
        alerts=0,
        rows={"SELECT Seats__c FROM Opportunity": [{"Seats__c": 42.0}]},
    ),
)
