"""The process dies again and again, each time just after it came back."""

from scenarios.story import Dies, Given, Rings, Story, Then

STORY = Story(
    name="crash-loop",
    tells=(
        "The process dies five times in forty seconds. Turns told meanwhile are told again, and each is there once."
    ),
    given=Given(near=True, host=None),
    when=(
        Rings("happy-call"),
        *(Dies(at_s=20 + 8 * number, down_s=2.0) for number in range(5)),
    ),
    then=Then(
        ends={f"happy-call/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6, "end")},
        alerts=0,
        dead={},
        rows={"SELECT COUNT(Id) n FROM Opportunity": [{"n": 1}], "SELECT COUNT(Id) n FROM Task": [{"n": 1}]},
    ),
)
