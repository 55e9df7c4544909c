"""Agents in Europe write to an instance in America: every turn is answered in time, hardly one is committed by then."""

from scenarios.story import Given, Rings, Story, Then

STORY = Story(
    name="wrong-region",
    tells="Agents in the EU, instance NA130: an ocean on every crossing. Answers keep the budget, commits come later.",
    given=Given(
        agents="eu",
        instance="NA130",
        config={"org": {"region": {"agents": "eu", "instance": "NA130"}, "phone_region": "US"}},
    ),
    when=(Rings("happy-call"),),
    then=Then(ends={f"happy-call/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6, "end")}, alerts=0),
)
