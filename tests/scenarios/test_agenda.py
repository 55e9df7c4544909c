"""The agenda: strict order of events on a clock that never runs backwards."""

from datetime import timedelta

from mocksf.clock import EPOCH, VirtualClock
from scenarios.agenda import Agenda


def agenda() -> Agenda:
    return Agenda(VirtualClock())


def test_events_happen_in_order_of_their_instants() -> None:
    seen: list[str] = []
    agenda_ = agenda()

    agenda_.after(2, lambda: seen.append("second"))
    agenda_.after(1, lambda: seen.append("first"))
    agenda_.run()

    assert seen == ["first", "second"]


def test_events_of_one_instant_happen_as_they_were_asked_for() -> None:
    seen: list[int] = []
    agenda_ = agenda()

    for number in range(20):
        agenda_.after(1, lambda number=number: seen.append(number))
    agenda_.run()

    assert seen == list(range(20))


def test_an_event_finds_the_clock_at_its_instant() -> None:
    agenda_ = agenda()
    seen = []

    agenda_.after(336.2, lambda: seen.append(agenda_.clock.now()))
    agenda_.run()

    assert seen == [EPOCH + timedelta(seconds=336.2)]


def test_what_is_past_happens_now_and_time_stands() -> None:
    agenda_ = agenda()
    seen = []

    agenda_.after(5, lambda: agenda_.at(EPOCH, lambda: seen.append(agenda_.clock.now())))
    agenda_.run()

    assert seen == [EPOCH + timedelta(seconds=5)]


def test_running_until_an_instant_leaves_later_events_and_moves_the_clock() -> None:
    agenda_ = agenda()
    seen: list[str] = []
    agenda_.after(1, lambda: seen.append("in time"))
    agenda_.after(3, lambda: seen.append("too late"))

    agenda_.run(EPOCH + timedelta(seconds=2))

    assert seen == ["in time"]
    assert agenda_.clock.now() == EPOCH + timedelta(seconds=2)
