"""The token is revoked just before a composite arrives: 401, one login, the second try at once."""

from scenarios.story import Given, Rings, Story, Then

STORY = Story(
    name="token-revoked",
    tells=(
        "Somebody revokes the token just before turn 2 arrives. One login, one second try outside the "
        "schedule, in time."
    ),
    given=Given(
        near=True,
        host=None,
        weather=({"kind": "token_revoked", "where": {"body": "*Seats__c*"}, "how_often": {"times": 1}},),
    ),
    when=(Rings("happy-call"),),
    then=Then(
        told={"happy-call/2": "committed"},
        tries={"happy-call/2": 1},
        ends={f"happy-call/{turn}": "committed" for turn in (1, 2, 3, 4, 5, 6, "end")},
        alerts=0,
        sent={"/services/oauth2/token": 2},
    ),
)
