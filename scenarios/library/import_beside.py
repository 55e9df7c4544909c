"""Another program imports campaigns in composites that are not all or none, while calls are written."""

from scenarios.story import Given, Glances, Imports, Rings, Story, Then

STORY = Story(
    name="import-beside",
    tells=(
        "An import beside the calls loses one part of each batch and keeps the rest; readers never see half a call."
    ),
    given=Given(near=True, host=None),
    when=(
        Rings("happy-call"),
        *(Imports(at_s=15 + 10 * number) for number in range(4)),
        *(Glances(at_s=13 + number / 4) for number in range(200)),
    ),
    then=Then(
        told={"happy-call/2": "committed"},
        ends={f"happy-call/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6, "end")},
        alerts=0,
        dead={},
    ),
)
