"""The connector dies while a delivery is under way, and finishes it from the ledger alone when it is back."""

from scenarios.story import Dies, Given, Rings, Story, Then

STORY = Story(
    name="crash-mid-delivery",
    tells="The process dies 100 ms after turn 2 was told, is back 3 s later, and nothing is lost or there twice.",
    given=Given(),
    when=(Rings("happy-call"), Dies(at_s=22.15, down_s=3.0)),
    then=Then(ends={f"happy-call/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6, "end")}, alerts=0),
)
