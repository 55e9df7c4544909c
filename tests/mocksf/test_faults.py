"""Kinds of fault, the fates they pronounce, and how fates add up."""

from dataclasses import fields
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocksf.faults import BY_NAME, FAIR, KINDS, Ending, Fate, Lost, Phase, in_phase
from mocksf.messages import Response
from mocksf.parked import Stranger
from mocksf.weather import Rule, RuleError

# Whole numbers of seconds: sums of floats depend on grouping by themselves.
SECONDS = st.integers(0, 1000).map(float)
FATES = st.builds(
    Fate,
    there_s=SECONDS,
    service_s=SECONDS,
    back_s=SECONDS,
    lost=st.sampled_from(Lost),
    ending=st.sampled_from(Ending),
    refusal=st.none() | st.builds(Response, st.integers(300, 599)),
    undone=st.booleans(),
    cut_after=st.none() | st.integers(0, 100),
    strangers=st.lists(st.builds(Stranger, st.sampled_from(["Account", "Contact"]), SECONDS), max_size=2).map(tuple),
    struck=st.lists(st.sampled_from(["r1", "r2"]), max_size=2).map(tuple),
)


class TestFatesAddUp:
    @given(FATES, FATES, FATES)
    def test_grouping_does_not_matter(self, one: Fate, two: Fate, three: Fate):
        assert (one + two) + three == one + (two + three)

    @given(FATES)
    def test_nothing_added_changes_nothing(self, fate: Fate):
        assert fate + FAIR == fate == FAIR + fate

    @given(FATES, FATES)
    def test_delays_sum_and_the_worst_loss_stands(self, one: Fate, two: Fate):
        both = one + two

        assert both.there_s == one.there_s + two.there_s
        assert (both.lost, both.ending) == (max(one.lost, two.lost), max(one.ending, two.ending))

    @given(FATES, FATES)
    def test_the_first_refusal_and_the_first_cut_stand(self, one: Fate, two: Fate):
        both = one + two

        assert both.refusal is (one.refusal or two.refusal)
        assert both.cut_after == (two.cut_after if one.cut_after is None else one.cut_after)

    @given(FATES, FATES)
    def test_every_rule_that_struck_is_remembered(self, one: Fate, two: Fate):
        assert (one + two).struck == one.struck + two.struck


class TestKinds:
    def test_their_names_follow_from_their_classes(self):
        assert list(BY_NAME) == [
            "latency", "region", "service_times", "bandwidth", "lost_request", "lost_answer", "timeout", "reset",
            "closed", "stale_keep_alive", "tls_refused", "truncated_body", "garbled_body", "slow_drip",
            "error", "maintenance_page", "instance_migration", "rate_limit",
            "daily_limit", "concurrent_limit", "session_expiry", "read_only", "duplicate_rule", "row_lock",
            "stale_describe",
            "lock_holder", "token_revoked", "record_deleted", "deploy",
        ]  # fmt: skip

    @pytest.mark.parametrize("kind", KINDS, ids=list(BY_NAME))
    def test_they_hold_settings_and_no_counters(self, kind: type):
        assert kind.__dataclass_params__.frozen

    @pytest.mark.parametrize(
        ("name", "settings", "fate"),
        [
            ("latency", {"seconds": 0.2}, Fate(there_s=0.2)),
            ("latency", {"seconds": 0.2, "at": "service"}, Fate(service_s=0.2)),
            ("latency", {"seconds": 0.2, "at": "back"}, Fate(back_s=0.2)),
            ("lost_request", {}, Fate(lost=Lost.REQUEST)),
            ("lost_request", {"ending": "reset"}, Fate(lost=Lost.REQUEST, ending=Ending.RESET)),
            ("lost_answer", {}, Fate(lost=Lost.ANSWER)),
            ("timeout", {}, Fate(lost=Lost.REQUEST)),
            ("tls_refused", {}, Fate(lost=Lost.REQUEST, ending=Ending.REFUSED)),
            ("stale_keep_alive", {"ending": "silence"}, Fate(lost=Lost.REQUEST)),
            ("reset", {}, Fate(lost=Lost.REQUEST, ending=Ending.RESET)),
            ("lock_holder", {"sobject": "Account", "hold_s": 4}, Fate(strangers=(Stranger("Account", 4.0),))),
        ],
    )
    def test_each_pronounces_its_fate(self, name: str, settings: dict[str, object], fate: Fate):
        assert Rule(name, settings).fate(Random(1)) == fate


class TestLatency:
    def test_half_of_lognormal_draws_are_shorter_than_the_median(self):
        rule, dice = Rule("latency", {"median_s": 0.1, "sigma": 0.5}), Random(7)

        draws = [rule.fate(dice).there_s for _ in range(2000)]

        assert 0.46 < sum(draw < 0.1 for draw in draws) / 2000 < 0.54

    def test_its_95th_percentile_is_what_sigma_says(self):
        rule, dice = Rule("latency", {"median_s": 0.1, "sigma": 0.5}), Random(7)

        draws = sorted(rule.fate(dice).there_s for _ in range(4000))

        assert draws[3800] == pytest.approx(0.1 * 2.276, rel=0.08)  # e ** (1.645 * 0.5)

    def test_no_draw_is_longer_than_the_cap_and_nothing_piles_up_there(self):
        rule, dice = Rule("latency", {"median_s": 0.1, "sigma": 2, "cap_s": 0.2}), Random(7)

        draws = [rule.fate(dice).there_s for _ in range(1000)]

        assert max(draws) <= 0.2
        assert draws.count(0.2) < 5

    @pytest.mark.parametrize(
        "settings", [{}, {"median_s": 1, "seconds": 1}, {"distribution": "lognormal", "seconds": 1}]
    )
    def test_it_has_one_shape(self, settings: dict[str, object]):
        with pytest.raises(RuleError, match="latency"):
            Rule("latency", settings)


class TestError:
    def test_status_and_sentence_follow_from_a_known_code(self):
        refusal = Rule("error", {"code": "REQUEST_LIMIT_EXCEEDED"}).fate(Random(1)).refusal

        assert refusal is not None
        assert (refusal.status, refusal.body) == (
            403, [{"message": "TotalRequests Limit exceeded.", "errorCode": "REQUEST_LIMIT_EXCEEDED"}],
        )  # fmt: skip

    def test_it_says_whatever_it_is_told_to(self):
        refusal = (
            Rule("error", {"code": "ODD", "status": 418, "message": "tea", "fields": ["Name"]}).fate(Random(1)).refusal
        )

        assert refusal is not None
        assert refusal.status == 418
        assert refusal.body == [{"message": "tea", "errorCode": "ODD", "fields": ["Name"]}]

    def test_its_keys_stand_in_the_order_of_the_dialect_of_its_code(self):
        refusal = Rule("error", {"code": "NOT_FOUND"}).fate(Random(1)).refusal

        assert refusal is not None
        assert list(refusal.body[0]) == ["errorCode", "message"]

    def test_it_can_be_any_json(self):
        refusal = Rule("error", {"status": 400, "body": {"error": "invalid_grant"}}).fate(Random(1)).refusal

        assert refusal is not None
        assert (refusal.status, refusal.body) == (400, {"error": "invalid_grant"})

    def test_it_can_be_the_maintenance_page(self):
        refusal = Rule("error", {"html": True}).fate(Random(1)).refusal

        assert refusal is not None
        assert b"We are down for maintenance." in refusal.body
        assert refusal.headers["Content-Type"].startswith("text/html")

    def test_two_exchanges_never_share_an_answer(self):
        rule = Rule("error")

        assert rule.fate(Random(1)).refusal is not rule.fate(Random(1)).refusal


class TestPhases:
    @pytest.mark.parametrize(
        ("phase", "fate"),
        [
            ("before_org", Fate(lost=Lost.REQUEST, ending=Ending.RESET)),
            ("before_commit", Fate(lost=Lost.ANSWER, ending=Ending.RESET, undone=True)),
            ("after_commit", Fate(lost=Lost.ANSWER, ending=Ending.RESET)),
            ("mid_body", Fate(lost=Lost.ANSWER, ending=Ending.RESET, cut_after=9)),
        ],
    )
    def test_a_reset_strikes_at_each_of_them(self, phase: str, fate: Fate):
        assert Rule("reset", {"after_bytes": 9}, phase=phase).fate(Random(1)) == fate

    @given(FATES, st.sampled_from(Phase))
    def test_a_phase_leaves_time_and_locks_alone(self, fate: Fate, phase: Phase):
        moved = in_phase(fate, phase, 3)

        kept = {"there_s", "service_s", "back_s", "ending", "refusal", "strangers"}
        assert [getattr(moved, one.name) for one in fields(Fate) if one.name in kept] == [
            getattr(fate, one.name) for one in fields(Fate) if one.name in kept
        ]

    @pytest.mark.parametrize(
        ("kind", "settings", "phase"),
        [("timeout", {}, "mid_body"), ("lost_request", {}, "after_commit"), ("latency", {"seconds": 1}, "before_org")],
    )
    def test_a_kind_refuses_a_phase_at_which_it_cannot_strike(self, kind: str, settings: dict[str, object], phase: str):
        with pytest.raises(RuleError, match="phase"):
            Rule(kind, settings, phase=phase)
