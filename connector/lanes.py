"""Who goes before whom: FIFO per record on the critical lane; an async lane that waits for it and never blocks it."""

from connector.commands import Flow, GivePlace, TakePlace
from connector.intents import Delivery

NO_RECORDS = ("Call/", "Caller/")
"""How the places begin that stand for no record."""


def caller_place(number: str) -> str:
    """The place of whoever does not know yet whether the org knows a number, until what it writes is written."""
    return f"Caller/{number}"


def identity_place(call_id: str) -> str:
    """The place of the one delivery of a call that asks who its caller is; held for no longer than that."""
    return f"Identity/{call_id}"


def call_place(call_id: str) -> str:
    """The place that all critical deliveries of one call go through, in order."""
    return f"Call/{call_id}"


def places_of(delivery: Delivery, records: tuple[str, ...]) -> tuple[str, ...]:
    """All places that a delivery holds while it is written: its records, and its call where it is critical.

    Each lane has its own line before a record, for an async delivery may hold its place for minutes. Both lanes may
    write one record at a time, but never one field of it: a field is of one lane.
    """
    own = tuple(dict.fromkeys(records))
    if delivery.lane == "critical":
        return (call_place(delivery.call.id), *own)
    return tuple(f"async {each}" for each in own)


def first_places(delivery: Delivery, places: tuple[str, ...]) -> tuple[str, ...]:
    """Where a delivery stands in line first of all: from the moment on at which it is accepted."""
    return places if delivery.lane == "critical" else (call_place(delivery.call.id),)


def in_turn(delivery: Delivery, places: tuple[str, ...]) -> Flow[None]:
    """Wait until it is the delivery's turn.

    An async delivery first lets the critical ones of its call that came before it pass, so that the records it points
    at have ids. It holds nothing that a critical one needs, so that it never blocks a call.
    """
    first = first_places(delivery, places)
    yield TakePlace(first, on_behalf=delivery.key)
    if first != places:
        yield GivePlace(first)
        yield TakePlace(places, on_behalf=delivery.key)
