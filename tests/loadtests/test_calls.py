"""Calls under load: drawn from a seed, each different, each checkable."""

from random import Random

import pytest

from loadtests.calls import FIELD_MAP, call, targets


def test_the_same_seed_says_the_same():
    assert call("a", 1, Random(3)) == call("a", 1, Random(3))


def test_a_call_says_everything_once():
    said = [intent for turn in call("a", 1, Random(3)).turns for intent in turn.intents]

    assert sorted(said) == sorted(FIELD_MAP)


def test_turns_follow_each_other():
    found = call("a", 1, Random(3))

    assert [turn.number for turn in found.turns] == [1, 2, 3]
    assert [turn.at_s for turn in found.turns] == pytest.approx([0.0, 0.3, 0.6])
    assert found.ends_at_s == pytest.approx(0.9)


def test_no_two_calls_share_a_key():
    calls = [call("a", number, Random(number)) for number in range(200)]

    assert len({each.id for each in calls}) == len({each.phone for each in calls}) == 200


def test_every_intent_has_a_target_on_a_record_that_a_call_writes_at_once():
    assert {target.split(".")[0] for target in targets().values()} == {"Account", "Contact", "Opportunity"}
