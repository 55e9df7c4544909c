"""The answer to the Chatter post is lost: the lane looks before it posts again, and the team reads it once."""

from scenarios.story import Given, Rings, Story, Then

STORY = Story(
    name="chatter-lost-answer",
    tells="The feed takes the post, the answer is lost. A post has no key: the lane reads the feed, then lets it be.",
    given=Given(
        weather=({"kind": "lost_answer", "where": {"path": "*/chatter/*"}, "how_often": {"times": 1}},),
        near=True,
        host=None,
    ),
    when=(Rings("happy-call"),),
    then=Then(
        ends={"happy-call/end": "committed"},
        tries={"happy-call/end": 3},
        alerts=0,
        rows={
            "SELECT Body FROM FeedItem": [
                {
                    "Body": "Demo wanted by Fernhill Robotics, 42 seats, decision this quarter, Routely in the race.\n"
                    "[ref call-2026-0001/end/post]"
                }
            ],
        },
    ),
)
