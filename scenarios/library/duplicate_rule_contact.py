"""A duplicate rule refuses the contact: a person looks at it, the rule is relaxed, the replay goes through."""

from scenarios.story import Given, Replays, Rings, Story, Then

STORY = Story(
    name="duplicate-rule-contact",
    tells=(
        "A new duplicate rule blocks the contact of turn 6. One dead letter of `duplicate rule`; relaxed and replayed."
    ),
    given=Given(
        near=True,
        host=None,
        weather=(
            {
                "kind": "duplicate_rule",
                "where": {"part": "Contact"},
                "how_often": {"window": {"from_s": 50, "to_s": 90}},
            },
        ),
    ),
    when=(
        Rings("happy-call"),
        Replays(at_s=100, reason="the rule lets it pass now"),
    ),
    then=Then(
        told={"happy-call/5": "committed", "happy-call/6": "dead"},
        ends={f"happy-call/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6, "end")},
        tries={"happy-call/6": 2},
        dead={"duplicate rule": 1},
        alerts=1,
        rows={"SELECT Preferred_Channel__c FROM Contact": [{"Preferred_Channel__c": "Email"}]},
    ),
)
