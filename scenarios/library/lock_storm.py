"""A batch job walks over the accounts: for a minute most writes meet a locked row."""

from scenarios.story import Given, Rings, Story, Then

STORY = Story(
    name="lock-storm",
    tells=(
        "For a minute seven of ten writes meet a locked row. Every delivery comes through by its retries; "
        "nobody is told."
    ),
    given=Given(
        near=True,
        host=None,
        weather=(
            {
                "kind": "row_lock",
                "where": {"operation": "composite", "method": "POST"},
                "how_often": {"chance": 0.7, "window": {"from_s": 10, "to_s": 70}},
            },
        ),
    ),
    when=(
        Rings("happy-call"),
        *(Rings(f"caller-{number}", at_s=number) for number in range(12)),
    ),
    then=Then(ends={f"happy-call/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6, "end")}, alerts=0, dead={}),
    seconds=1200,
)
