"""The sandbox is copied anew in mid call: the same people under other ids, and the looked-up ones are gone."""

from scenarios.story import Given, Refreshes, Rings, Story, Then

STORY = Story(
    name="sandbox-refresh",
    tells=(
        "A refresh between lookup and turn 1: old ids name nobody, so all is dead at once, named, and nothing "
        "goes astray."
    ),
    given=Given(near=True, host=None),
    when=(
        Rings("happy-call"),
        Refreshes(at_s=8),
        Rings("happy-call", at_s=100, call="next"),
    ),
    then=Then(
        told={"happy-call/1": "dead"},
        tries={"happy-call/1": 1},
        ends={f"next/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6, "end")},
        dead={"reference": 6, "deleted": 1, "not found": 1},
        rows={"SELECT Call_Key__c FROM Opportunity": [{"Call_Key__c": "next"}]},
    ),
)
