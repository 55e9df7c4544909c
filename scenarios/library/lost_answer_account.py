"""A stranger's first composite makes account, contact and opportunity, and its answer is lost."""

from scenarios.story import Given, Rings, Story, Then

STORY = Story(
    name="lost-answer-account",
    tells="The answer to a stranger's first turn is lost after the commit: still one account, one contact, one deal.",
    given=Given(
        near=True,
        host=None,
        weather=({"kind": "lost_answer", "where": {"body": "*/sobjects/Account*"}, "how_often": {"times": 1}},),
    ),
    when=(Rings("caller-3"),),
    then=Then(
        tries={"caller-3/1": 2},
        ends={"caller-3/1": "committed", "caller-3/2": "committed"},
        alerts=0,
        rows={
            "SELECT Name FROM Account": [{"Name": "Watkins and Sons"}],
            "SELECT Name FROM Contact": [{"Name": "Mitchell Munoz"}],
            "SELECT Call_Key__c FROM Opportunity": [{"Call_Key__c": "caller-3"}],
        },
    ),
)
