"""Somebody deletes the contact while it talks."""

from scenarios.story import Deletes, Given, Rings, Story, Then

STORY = Story(
    name="contact-deleted",
    tells=(
        "The contact is deleted before turn 6: what is for the deal arrives, what is for the contact dies as `deleted`."
    ),
    given=Given(near=True, host=None),
    when=(
        Rings("happy-call"),
        Deletes(50, "SELECT Id FROM Contact"),
    ),
    then=Then(
        told={"happy-call/5": "committed", "happy-call/6": "dead"},
        dead={"deleted": 1, "reference": 1},
        rows={"SELECT Id FROM Contact": []},
    ),
)
