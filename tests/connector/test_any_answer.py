"""Whatever comes back, however garbled, is judged; no answer breaks a delivery off."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from connector.messages import Answer, Reply, Silence
from connector.verdicts import Action, judge
from tests.connector.talk import Talk, a_connector, fine

WORDS = st.sampled_from(
    [
        *("compositeResponse", "httpStatusCode", "referenceId", "body", "acc", "opp"),
        *("errorCode", "message", "error", "UNABLE_TO_LOCK_ROW"),
        *("records", "searchRecords", "attributes", "Body", "id", "Id", "access_token"),
    ]
)
SCALARS = st.none() | st.booleans() | st.integers(0, 600) | WORDS | st.text(max_size=4)
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4))
PARTS = st.lists(
    st.fixed_dictionaries({}, optional={"httpStatusCode": SCALARS, "referenceId": SCALARS, "body": JSON}), max_size=3
)
BODIES = JSON | st.builds(lambda parts: {"compositeResponse": parts}, PARTS)
STATUSES = st.sampled_from([200, 201, 204, 300, 400, 401, 403, 404, 413, 420, 429, 500, 502, 503])
ANSWERS: st.SearchStrategy[Reply] = st.builds(Answer, STATUSES, BODIES) | st.builds(
    Silence, st.sampled_from(["timeout", "reset", "refused", "garbled"])
)


@given(reply=ANSWERS, composite=st.booleans())
def test_every_answer_has_a_verdict(reply: Reply, composite: bool):
    verdict = judge(reply, composite=composite)

    assert verdict.action in Action
    assert verdict.action is not Action.DONE or (isinstance(reply, Answer) and reply.ok)


@settings(max_examples=200)
@given(replies=st.lists(ANSWERS, min_size=1, max_size=6), told=st.sampled_from(["seats", "competitor", "notice"]))
def test_every_delivery_comes_to_an_end(replies: list[Reply], told: str):
    talk = Talk(a_connector())
    talk.deliver("demo_requested", replies=[fine()])
    left = list(replies)
    values: dict[str, Any] = {told: 4 if told == "seats" else "four"}

    (delivery,) = talk.tell(turn=2, **values).deliveries
    outcome = talk.run(talk.connector.deliver(delivery), lambda _: left.pop(0) if left else Answer(503))

    assert outcome.status in {"committed", "dead"}
    assert talk.asked.count("trying") <= 5


@given(replies=st.lists(ANSWERS, min_size=4, max_size=4))
def test_every_lookup_comes_to_an_answer(replies: list[Reply]):
    talk = Talk(a_connector())

    found = talk.run(talk.connector.looked_up("+14155550100"), replies)

    assert found.answered in {True, False}
