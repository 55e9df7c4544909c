"""A colleague converts the lead while its caller still talks."""

from scenarios.story import Converts, Given, Rings, Story, Then

STORY = Story(
    name="converted-lead",
    tells=(
        "The lead is converted between two turns: the second is refused for good, as `converted lead`, and a "
        "person looks."
    ),
    given=Given(near=True, host=None, config={"org": {"phone_region": "DE"}}),
    when=(
        Rings("unknown-caller"),
        Converts(at_s=18, lead="SELECT Id FROM Lead"),
    ),
    then=Then(told={"unknown-caller/1": "committed", "unknown-caller/2": "dead"}, dead={"converted lead": 1}, alerts=1),
)
