"""Somebody unknown rings on two lines at once."""

from scenarios.story import Given, Rings, Story, Then

STORY = Story(
    name="stranger-twice",
    tells="A stranger rings twice in the same second: two deals, and still one contact and one account.",
    given=Given(near=True, host=None),
    when=(
        Rings("caller-3"),
        Rings("caller-3", at_s=0.5, call="again"),
    ),
    then=Then(
        ends={"caller-3/1": "committed", "again/1": "committed"},
        alerts=0,
        rows={"SELECT COUNT(Id) n FROM Contact": [{"n": 1}], "SELECT COUNT(Id) n FROM Opportunity": [{"n": 2}]},
    ),
)
