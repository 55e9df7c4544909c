"""A map may change between a promise and its delivery: what does not fit any more dies visibly; nothing is stuck."""

from typing import Any

import pytest

from connector.config import parse_config
from connector.engine import Connector
from connector.intents import Unfit
from connector.ledger import MemoryLedger
from connector.login import Credentials
from connector.messages import Answer
from connector.replay import Selection
from tests.connector.talk import BUSY, MAP, WEBHOOK, Talk, a_connector, fine

OK = Answer(200, "ok")
CHANGES: dict[str, dict[str, Any]] = {
    "the intent is gone": {name: target for name, target in MAP.items() if name != "competitor"},
    "the intent is only read": {**MAP, "competitor": {"target": "Lead.Interest__c", "direction": "from_salesforce"}},
    "the intent goes to the log now": {**MAP, "competitor": "Task.Description"},
    "the intent is posted now": {**MAP, "competitor": "FeedItem.Body"},
    "the field takes a number now": {**MAP, "competitor": {"target": "Opportunity.Seats__c", "type": "integer"}},
}


def promised() -> MemoryLedger:
    """A ledger with one promise, made under the old map."""
    ledger = MemoryLedger()
    Talk(a_connector(ledger)).tell(competitor="Initech")
    return ledger


def under(fields: dict[str, Any], ledger: MemoryLedger) -> Talk:
    """The next life of the connector, with another map."""
    known = Credentials(token="held", slack_webhook=WEBHOOK)
    return Talk(Connector(parse_config({"fields": fields}), ledger, Talk(a_connector()).connector.desk.dice, known))


@pytest.mark.parametrize("fields", CHANGES.values(), ids=CHANGES)
def test_what_does_not_fit_any_more_is_a_dead_letter_that_is_told(fields):
    talk = under(fields, promised())

    (flow,) = talk.connector.recover()
    outcome = talk.run(flow, [OK])

    standing = talk.connector.ledger.readings.standings["call-1/1/competitor"]
    assert (outcome.status, standing.category, standing.alerted) == ("dead", "map", True)
    assert "Initech" not in str(standing)


@pytest.mark.parametrize("fields", CHANGES.values(), ids=CHANGES)
def test_an_edit_of_such_a_letter_is_refused(fields):
    talk = under(fields, promised())
    (flow,) = talk.connector.recover()
    talk.run(flow, [OK])

    with pytest.raises(Unfit, match="competitor"):
        talk.connector.replay(Selection(everything=True), "mara", "mended", {"competitor": "Hooli"})


def test_a_letter_is_written_as_the_mended_map_says():
    ledger = promised()
    talk = under(CHANGES["the intent is gone"], ledger)
    (flow,) = talk.connector.recover()
    talk.run(flow, [OK])

    mended = under({**MAP, "competitor": "Opportunity.Rival__c"}, ledger)
    (flow,) = mended.connector.replay(Selection(everything=True), "mara", "mended")

    assert mended.run(flow, [fine()]).status == "committed"
    assert mended.sent[-1].body["compositeRequest"][-1]["body"]["Rival__c"] == "Initech"


def test_a_wait_that_goes_on_under_the_new_map_ends_as_well():
    ledger = MemoryLedger()
    talk = Talk(a_connector(ledger))
    (delivery,) = talk.tell(seats=3).deliveries
    for _ in talk.steps(talk.connector.deliver(delivery), [BUSY]):
        if talk.asked[-1:] == ["wait 0.2"]:
            break

    later = under({"demo_requested": "Opportunity.Demo_Requested_At__c"}, ledger)
    (flow,) = later.connector.recover()

    assert (later.run(flow, [OK]).status, later.asked[-3:]) == ("dead", ["dead", "alert", "alerted"])
