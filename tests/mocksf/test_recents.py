"""The list of recent items, against the way it is told: the latest first, each once, two hundred at most."""

from hypothesis import given
from hypothesis import strategies as st

from mocksf.rest.recents import KEPT_MAX, Recents

IDS = st.integers(0, 300).map(str)


@given(notes=st.lists(st.lists(IDS, max_size=120), max_size=8))
def test_the_list_is_the_latest_ids_each_once(notes: list[list[str]]):
    recents = Recents()
    for ids in notes:
        recents.note("me", ids)

    told = [each for ids in notes for each in ids]
    assert recents.of("me") == tuple(dict.fromkeys(reversed(told)))[:KEPT_MAX]


@given(before=st.lists(IDS), after=st.lists(IDS))
def test_a_state_is_not_touched_by_what_comes_later(before: list[str], after: list[str]):
    recents = Recents()
    recents.note("me", before)
    listed, state = recents.of("me"), recents.state()
    recents.note("me", after)
    recents.restore(state)

    assert recents.of("me") == listed
