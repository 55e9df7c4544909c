"""One event loop for several orgs: the one that has most to do is held back, and nobody is held back for good."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.service.shares import LAG_S, LEAST, Shares

LATE, IN_TIME = LAG_S * 2, LAG_S / 2


def test_the_org_with_most_under_way_is_halved_while_the_loop_lags():
    shares = Shares()
    flooded, quiet = shares.joined(), shares.joined()
    flooded.inside, quiet.inside = 64, 2
    shares.felt(LATE)

    assert (flooded.room, quiet.room) == (32, float("inf"))


def test_room_comes_back_when_the_loop_is_in_time():
    shares = Shares()
    flooded, _ = shares.joined(), shares.joined()
    flooded.inside = 64
    shares.felt(LATE)
    for _ in range(10):
        shares.felt(IN_TIME)

    assert flooded.room == 42


def test_one_org_alone_is_never_held_back():
    shares = Shares()
    alone = shares.joined()
    alone.inside = 500
    shares.felt(LATE)

    assert alone.room == float("inf")


@given(st.lists(st.tuples(st.sampled_from([LATE, IN_TIME]), st.lists(st.integers(0, 500), min_size=3, max_size=3))))
def test_no_org_is_ever_left_without_room(beats: list[tuple[float, list[int]]]):
    shares = Shares()
    three = [shares.joined() for _ in range(3)]
    for lag, inside in beats:
        for share, count in zip(three, inside, strict=True):
            share.inside = count
        shares.felt(lag)

    assert min(share.room for share in three) >= LEAST


@pytest.mark.parametrize("rounds", [1, 50])
def test_a_quiet_org_is_never_held_back_for_its_neighbours(rounds: int):
    shares = Shares()
    flooded, quiet = shares.joined(), shares.joined()
    for _ in range(rounds):
        flooded.inside, quiet.inside = min(64, int(min(flooded.room, 64))), 1
        shares.felt(LATE)

    assert (quiet.room, flooded.room >= LEAST) == (float("inf"), True)
