"""The agent says the same turn twice, and then another value under the same turn: answered the same, then refused."""

from scenarios.story import Given, Rings, Story, TellsAgain, Then

STORY = Story(
    name="said-twice",
    tells="Turn 2 is told again (a network hiccup at the agent): the same answer. With another value it is a conflict.",
    given=Given(near=True, host=None),
    when=(
        Rings("happy-call"),
        TellsAgain("happy-call", turn=2, at_s=24),
        TellsAgain("happy-call", turn=2, at_s=25, value=99),
    ),
    then=Then(
        told={"happy-call/2": "conflict"},
        ends={"happy-call/2": "committed"},
        tries={"happy-call/2": 1},
        alerts=0,
        rows={"SELECT Seats__c FROM Opportunity": [{"Seats__c": 42.0}]},
    ),
)
