"""Places: first come, first served per record, no two waiting for each other, nobody left standing."""

from collections.abc import Callable
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from scenarios.places import Places


class Queue:
    """Places with a note of who was let in, in order."""

    def __init__(self) -> None:
        self.places = Places()
        self.let_in: list[int] = []

    def take(self, owner: int, *keys: str) -> None:
        self.places.take(owner, keys, lambda: self.let_in.append(owner))


def test_the_first_goes_at_once() -> None:
    queue = Queue()

    queue.take(1, "a")

    assert queue.let_in == [1]


def test_the_second_goes_when_the_first_gives_its_place() -> None:
    queue = Queue()
    queue.take(1, "a")
    queue.take(2, "a")
    assert queue.let_in == [1]

    queue.places.give(1, ["a"])

    assert queue.let_in == [1, 2]


def test_whoever_came_first_goes_first() -> None:
    queue = Queue()
    for owner in range(1, 6):
        queue.take(owner, "a")

    for owner in range(1, 6):
        queue.places.give(owner, ["a"])

    assert queue.let_in == [1, 2, 3, 4, 5]


def test_who_learns_an_id_goes_before_those_who_wait_for_it_anyway() -> None:
    queue = Queue()
    queue.take(1, "key")
    queue.take(2, "key", "id")

    queue.places.take(1, ["id"], lambda: queue.let_in.append(1), ahead=True)

    assert queue.let_in == [1, 1]


def test_who_learns_an_id_waits_for_its_holder() -> None:
    queue = Queue()
    queue.take(3, "id", "another key")
    queue.take(1, "key")
    queue.take(2, "key", "id")

    queue.places.take(1, ["id"], lambda: queue.let_in.append(1), ahead=True)
    assert queue.let_in == [3, 1]
    queue.places.leave_all(3)

    assert queue.let_in == [3, 1, 1]


KEYS, IDS = st.sets(st.sampled_from("abc"), min_size=1), st.sets(st.sampled_from("123"), min_size=1)
WHO = st.tuples(KEYS, IDS, st.booleans())
"""The keys and ids of what somebody writes, and whether the ids are learnt only in turn."""


@given(st.lists(WHO, max_size=8), st.lists(st.integers(0, 7)))
def test_nobody_stands_for_ever_whoever_learns_ids_in_turn(
    people: list[tuple[set[str], set[str], bool]], lots: list[int]
) -> None:
    places, done = Places(), list[int]()
    going: list[Callable[[], object]] = []

    def learns(owner: int) -> None:
        going.append(lambda: places.take(owner, sorted(people[owner][1]), lambda: writes(owner), ahead=True))

    def writes(owner: int) -> None:
        going.append(lambda: (done.append(owner), places.leave_all(owner)))

    for owner, (keys, ids, later) in enumerate(people):
        wake = learns if later else writes
        places.take(owner, sorted(keys if later else keys | ids), partial(wake, owner))
    for lot in (*lots, *[0] * 50):
        if going:
            going.pop(lot % len(going))()

    assert sorted(done) == list(range(len(people)))


def test_other_records_do_not_wait() -> None:
    queue = Queue()
    queue.take(1, "a")
    queue.take(2, "b")

    assert queue.let_in == [1, 2]


def test_two_records_are_had_together_or_not_at_all() -> None:
    queue = Queue()
    queue.take(1, "a")
    queue.take(2, "a", "b")
    queue.take(3, "b")

    assert queue.let_in == [1]
    queue.places.give(1, ["a"])
    assert queue.let_in == [1, 2]
    queue.places.give(2, ["a", "b"])
    assert queue.let_in == [1, 2, 3]


def test_whoever_ends_without_a_word_gives_all_its_places() -> None:
    queue = Queue()
    queue.take(1, "a", "b")
    queue.take(2, "b")

    queue.places.leave_all(1)

    assert queue.let_in == [1, 2]


@given(st.lists(st.lists(st.sampled_from("abcd"), min_size=1, max_size=3), min_size=1, max_size=12))
def test_everybody_gets_a_turn_and_never_two_for_one_record(wishes: list[list[str]]) -> None:
    queue = Queue()
    for owner, keys in enumerate(wishes):
        queue.take(owner, *keys)

    holding: dict[str, int] = {}
    served = 0
    while served < len(queue.let_in):
        owner = queue.let_in[served]
        assert all(holding.get(key) is None for key in wishes[owner]), "one record, one holder"
        queue.places.give(owner, wishes[owner])
        served += 1

    assert sorted(queue.let_in) == list(range(len(wishes)))
