"""Who goes before whom: FIFO per record on the critical lane; an async lane that waits for it and never blocks it."""

from connector.commands import Flow, GivePlace, TakePlace
from connector.intents import Delivery, Part


def call_place(call_id: str) -> str:
    """The place that all critical deliveries of one call go through, in order."""
    return f"Call/{call_id}"


def places_of(delivery: Delivery, parts: tuple[Part, ...]) -> tuple[str, ...]:
    """All places that a delivery holds while it is written: its records, and its call where it is critical."""
    records = dict.fromkeys(place for part in parts for place in part.places)
    return (call_place(delivery.call.id), *records) if delivery.lane == "critical" else tuple(records)


def in_turn(delivery: Delivery, places: tuple[str, ...]) -> Flow[None]:
    """Wait until it is the delivery's turn.

    An async delivery first lets the critical ones of its call that came before it pass, so that the records it points
    at have ids. It holds nothing that a critical one needs, so that it never blocks a call.
    """
    if delivery.lane == "async":
        yield TakePlace((call_place(delivery.call.id),))
        yield GivePlace((call_place(delivery.call.id),))
    yield TakePlace(places)
