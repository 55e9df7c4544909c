"""The opportunity is changed and the answer is lost, while the next turns are told already."""

from scenarios.story import Given, Rings, Story, Then

STORY = Story(
    name="lost-answer-opportunity",
    tells="The answer to turn 2, which writes the deal, is lost. Later turns wait behind it; the last word stands.",
    given=Given(
        near=True,
        host=None,
        weather=({"kind": "lost_answer", "where": {"body": "*Seats__c*"}, "how_often": {"times": 1}},),
    ),
    when=(Rings("happy-call"),),
    then=Then(
        told={"happy-call/2": "accepted"},
        tries={"happy-call/2": 2},
        ends={f"happy-call/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6, "end")},
        alerts=0,
        rows={"SELECT Seats__c, Competitor__c FROM Opportunity": [{"Seats__c": 42.0, "Competitor__c": "Routely"}]},
    ),
)
