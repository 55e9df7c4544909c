"""A questionnaire of two hundred custom fields of five types, mapped one to one."""

from scenarios.recordings import recording
from scenarios.story import Given, Rings, Story, Then

TYPES = ("text", "number", "checkbox", "picklist", "date")
HEARD = recording("wide-call").intents
NAMES = tuple(heard.name for heard in HEARD)
ANSWERS = {f"{heard.name.capitalize()}__c": heard.value for heard in HEARD}

STORY = Story(
    name="fields-200",
    tells=(
        "Two hundred custom fields in ten turns: one composite each, and every answer is read back from its own field."
    ),
    given=Given(
        near=True,
        host=None,
        schema=("sample", "wide.yaml"),
        config={
            "fields": {
                name: {"target": f"Opportunity.{name.capitalize()}__c", "type": TYPES[number % 5]}
                for number, name in enumerate(NAMES, 1)
            }
        },
    ),
    when=(Rings("wide-call"),),
    then=Then(
        ends={f"wide-call/{turn}": "committed" for turn in (*range(1, 11), "end")},
        tries={f"wide-call/{turn}": 1 for turn in range(1, 11)},
        alerts=0,
        rows={f"SELECT {', '.join(ANSWERS)} FROM Opportunity": [ANSWERS]},
    ),
)
