"""Each lane has its own line before a record: what is async never holds up a call, and keeps its own order."""

from random import Random

from connector.commands import GivePlace, Send, TakePlace
from connector.config import parse_config
from connector.engine import Connector
from connector.intents import Call, Delivery, Intent
from connector.ledger import MemoryLedger
from connector.login import Credentials
from tests.connector.talk import KNOWN, NINE, Talk, fine

FIELDS = {
    "seats": {"target": "Opportunity.Seats__c", "type": "integer"},
    "mood": {"target": "Opportunity.Mood__c", "lane": "async"},
}


def accepted(connector: Connector, turn: int, name: str, value: object) -> Delivery:
    (delivery,) = connector.accept(Call("call-1", KNOWN), turn, [Intent(name, value)], NINE).deliveries
    return delivery


def held(connector: Connector, delivery: Delivery) -> set[str]:
    """The places that a delivery holds while it is sent."""
    taken: set[str] = set()
    for command in Talk(connector).steps(connector.deliver(delivery), [fine()]):
        if isinstance(command, TakePlace):
            taken |= set(command.keys)
        if isinstance(command, GivePlace):
            taken -= set(command.keys)
        if isinstance(command, Send):
            break
    return taken


def places(first: tuple[str, object], second: tuple[str, object]) -> set[str]:
    """What two deliveries of one call must both hold."""
    connector = Connector(parse_config({"fields": FIELDS}), MemoryLedger(), Random(0), Credentials(token="held"))
    one, other = (accepted(connector, turn, *said) for turn, said in enumerate((first, second)))
    return held(connector, one) & held(connector, other)


def test_an_async_delivery_holds_nothing_that_a_critical_one_waits_for():
    assert places(("mood", "keen"), ("seats", 3)) == set()


def test_two_async_deliveries_of_one_record_stand_in_line():
    assert places(("mood", "keen"), ("mood", "doubtful")) != set()
