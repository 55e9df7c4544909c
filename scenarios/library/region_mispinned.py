"""The configuration says America, the org lives in Europe: nobody waits for it, and hardly a turn is in time."""

from scenarios.story import Given, Rings, Story, Then

STORY = Story(
    name="region-mispinned",
    tells=(
        "Pinned to NA130 while the org is EU2: an ocean on each crossing. All is answered in time, hardly a "
        "turn committed."
    ),
    given=Given(agents="us", instance="EU2"),
    when=(Rings("happy-call"),),
    then=Then(
        in_time=(0, 4),
        ends={f"happy-call/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6, "end")},
        alerts=0,
        dead={},
    ),
)
