"""The contact is written and the answer is lost: the second try finds it as it should be."""

from scenarios.story import Given, Rings, Story, Then

STORY = Story(
    name="lost-answer-contact",
    tells=(
        "The answer to turn 6, which writes the contact, is lost. Asked again after 15 s; still one contact, one value."
    ),
    given=Given(
        near=True,
        host=None,
        weather=({"kind": "lost_answer", "where": {"body": "*Preferred_Channel__c*"}, "how_often": {"times": 1}},),
    ),
    when=(Rings("happy-call"),),
    then=Then(
        told={"happy-call/6": "accepted"},
        tries={"happy-call/6": 2},
        ends={f"happy-call/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6, "end")},
        alerts=0,
        rows={
            "SELECT Name, Preferred_Channel__c FROM Contact": [{"Name": "Mara Quist", "Preferred_Channel__c": "Email"}]
        },
    ),
)
