"""Rules at work: which of them decides, how often it strikes, and what it remembers."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocksf.clock import VirtualClock
from mocksf.dice import Dice
from mocksf.faults import FAIR, Lost
from mocksf.messages import Request
from mocksf.parked import Part
from mocksf.weather import NoSuchRule, RuleError, Sight, Weather, explain, parse_rule, parse_rules

API = "/services/data/v66.0"
COMPOSITE = Request("POST", f"{API}/composite/")
CREATE = Request("POST", f"{API}/sobjects/Account/", {"sforce-call-options": "client=voice"})
QUERY = Request("GET", f"{API}/query?q=SELECT+Id,(SELECT+Id+FROM+Contacts)+FROM+Account")


def weather(*rules: dict[str, Any], seed: int = 1, clock: VirtualClock | None = None) -> Weather:
    return Weather(parse_rules(list(rules)), Dice(seed), clock or VirtualClock())


def struck(sky: Weather, request: Request = COMPOSITE, times: int = 1) -> list[tuple[str, ...]]:
    return [sky.fate_of(request).struck for _ in range(times)]


class TestWhere:
    @pytest.mark.parametrize(
        ("where", "request_", "matches"),
        [
            ({}, COMPOSITE, True),
            ({"method": "post"}, COMPOSITE, True),
            ({"method": "GET"}, COMPOSITE, False),
            ({"path": "*/composite"}, COMPOSITE, True),
            ({"path": "*/COMPOSITE/"}, COMPOSITE, True),
            ({"path": "/composite"}, COMPOSITE, False),
            ({"path": "*/sobjects/*"}, CREATE, True),
            ({"sobject": "account"}, CREATE, True),
            ({"sobject": "Contact"}, CREATE, False),
            ({"sobject": "Account"}, QUERY, True),
            ({"sobject": "Contacts"}, QUERY, False),
            ({"operation": "query"}, QUERY, True),
            ({"operation": "create"}, CREATE, True),
            ({"operation": "create"}, COMPOSITE, False),
            ({"header": {"Sforce-Call-Options": "*voice*"}}, CREATE, True),
            ({"header": {"Sforce-Call-Options": "*other*"}}, CREATE, False),
            ({"header": {"Sforce-Call-Options": "*"}}, QUERY, False),
            ({"method": "POST", "path": "*/composite", "operation": "composite"}, COMPOSITE, True),
        ],
    )
    def test_a_missing_key_is_a_wildcard_and_all_given_ones_must_match(
        self, where: dict[str, Any], request_: Request, matches: bool
    ):
        assert (weather({"kind": "timeout", "where": where}).fate_of(request_) != FAIR) is matches

    @pytest.mark.parametrize(
        ("method", "target", "operation"),
        [
            ("POST", "/services/oauth2/token", "login"),
            ("POST", "/services/Soap/u/59.0", "login"),
            ("GET", "/services/data", "versions"),
            ("GET", f"{API}/limits/", "limits"),
            ("GET", f"{API}/queryAll?q=x", "query"),
            ("GET", f"{API}/sobjects", "describe"),
            ("GET", f"{API}/sobjects/Account/describe", "describe"),
            ("GET", f"{API}/sobjects/Account/001", "retrieve"),
            ("PATCH", f"{API}/sobjects/Account/001", "update"),
            ("PATCH", f"{API}/sobjects/Account/Key__c/7", "upsert"),
            ("POST", f"{API}/sobjects/Account/001?_HttpMethod=PATCH", "update"),
            ("DELETE", f"{API}/sobjects/Account/001", "delete"),
            ("POST", f"{API}/chatter/feed-elements", "chatter"),
            ("GET", "/anything", "other"),
        ],
    )
    def test_an_operation_has_a_name(self, method: str, target: str, operation: str):
        assert Sight(Request(method, target)).operation == operation

    def test_nth_counts_the_exchanges_that_fit_all_the_rest(self):
        sky = weather({"kind": "timeout", "where": {"path": "*/composite", "nth": 2}})

        assert [sky.fate_of(one).lost for one in (COMPOSITE, QUERY, COMPOSITE, COMPOSITE)] == [
            Lost.NOTHING, Lost.NOTHING, Lost.REQUEST, Lost.NOTHING,
        ]  # fmt: skip


class TestWhichRuleDecides:
    def test_of_one_kind_the_first_whose_where_matches(self):
        sky = weather({"kind": "reset", "where": {"method": "GET"}}, {"kind": "reset"}, {"kind": "reset"})

        assert struck(sky, COMPOSITE) == [("r2",)]
        assert struck(sky, QUERY) == [("r1",)]

    def test_its_dice_are_part_of_its_decision(self):
        sky = weather({"kind": "reset", "how_often": {"chance": 0}}, {"kind": "reset"})

        assert struck(sky, times=5) == [()] * 5

    def test_rules_of_several_kinds_strike_together(self):
        sky = weather({"kind": "latency", "seconds": 1}, {"kind": "lost_answer"})

        assert struck(sky) == [("r1", "r2")]

    def test_latencies_at_several_places_are_decided_apart(self):
        sky = weather(*({"kind": "latency", "seconds": 1, "at": at} for at in ("there", "service", "there")))

        assert struck(sky) == [("r1", "r2")]


class TestHowOften:
    def test_it_strikes_so_many_times_and_then_no_more(self):
        sky = weather({"kind": "timeout", "how_often": {"times": 2}})

        assert struck(sky, times=4) == [("r1",), ("r1",), (), ()]

    @pytest.mark.parametrize(
        ("window", "strikes"),
        [
            ({"from_s": 10, "to_s": 20}, [False, True, False]),
            ({"to_s": 20}, [True, True, False]),
            ({"from": "2026-01-05T09:00:10Z", "to": "2026-01-05T09:00:20Z"}, [False, True, False]),
            ({"from": "2026-01-05T09:00:20Z"}, [False, False, True]),
        ],
    )
    def test_a_window_opens_at_its_first_instant_and_is_shut_at_its_last(self, window: Any, strikes: list[bool]):
        clock = VirtualClock()
        sky = weather({"kind": "timeout", "how_often": {"window": window}}, clock=clock)

        seen = []
        for _ in range(3):
            seen.append(sky.fate_of(COMPOSITE) != FAIR)
            clock.advance(10)

        assert seen == strikes

    def test_a_window_in_seconds_begins_when_the_rule_is_laid_down(self):
        clock = VirtualClock()
        sky = weather(clock=clock)
        clock.advance(100)
        sky.add(parse_rule({"kind": "timeout", "how_often": {"window": {"to_s": 5}}}))

        assert struck(sky) == [("r1",)]

    def test_a_chance_falls_as_often_as_it_should(self):
        sky = weather({"kind": "timeout", "how_often": {"chance": 0.3}})

        assert 250 < sum(map(bool, struck(sky, times=1000))) < 350


class TestDice:
    @given(st.integers(), st.floats(0.05, 0.95))
    def test_a_seed_plays_the_same_weather_again(self, seed: int, chance: float):
        rule = {"kind": "timeout", "how_often": {"chance": chance}}

        assert struck(weather(rule, seed=seed), times=30) == struck(weather(rule, seed=seed), times=30)

    def test_another_rule_does_not_change_the_dice_of_the_first(self):
        rule = {"id": "rain", "kind": "timeout", "how_often": {"chance": 0.5}}
        other = {"id": "hail", "kind": "latency", "median_s": 1, "how_often": {"chance": 0.5}}

        alone = ["rain" in names for names in struck(weather(rule), times=50)]
        among = ["rain" in names for names in struck(weather(other, rule), times=50)]

        assert alone == among

    def test_a_rule_that_always_strikes_rolls_none(self):
        dice = Dice(1)
        before = dice.named("weather/r1").getstate()
        Weather(parse_rules([{"kind": "timeout"}]), dice, VirtualClock()).fate_of(COMPOSITE)

        assert dice.named("weather/r1").getstate() == before


LOCKED_PART = {"kind": "error", "code": "UNABLE_TO_LOCK_ROW", "where": {"path": "*/composite", "part": "opp"}}


class TestParts:
    @pytest.mark.parametrize(
        ("part", "hindered"),
        [
            (Part("PATCH", f"{API}/sobjects/Opportunity/Call_Key__c/1", "Opportunity", "opp"), True),
            (Part("PATCH", f"{API}/sobjects/Account/Caller_Key__c/1", "Account", "acc"), False),
        ],
    )
    def test_a_rule_about_a_part_strikes_that_part_alone(self, part: Part, hindered: bool):
        sky = weather(LOCKED_PART)

        assert (sky.hinder(COMPOSITE, part) is not None) is hindered
        assert sky.fate_of(COMPOSITE) == FAIR

    def test_a_part_can_be_named_by_its_object(self):
        sky = weather({"kind": "error", "where": {"part": "account"}})

        assert sky.hinder(COMPOSITE, Part("POST", f"{API}/sobjects/Account", "Account", "x"))

    def test_the_refusal_is_the_org_s_own(self):
        refusal = weather(LOCKED_PART).hinder(COMPOSITE, Part("PATCH", "/x", "Opportunity", "opp"))

        assert refusal is not None
        assert (refusal.code, refusal.status, refusal.fields) == ("UNABLE_TO_LOCK_ROW", 500, ())

    def test_only_an_error_can_strike_a_part(self):
        with pytest.raises(RuleError, match="only an error"):
            weather({"kind": "timeout", "where": {"part": "opp"}})


class TestRulesAsAResource:
    def test_a_rule_without_an_id_is_given_one_that_is_free(self):
        sky = weather({"id": "r1", "kind": "reset"}, {"kind": "timeout"})

        assert [rule.id for rule in sky.rules] == ["r1", "r2"]

    def test_a_patch_changes_what_it_names_and_keeps_the_tally(self):
        sky = weather({"kind": "timeout", "how_often": {"times": 2}})
        struck(sky)
        sky.patch("r1", {"kind": "timeout", "phase": "after_commit"})

        assert sky.fate_of(COMPOSITE).lost is Lost.ANSWER
        assert sky.find("r1").struck == 2
        assert struck(sky) == [()]

    def test_a_removed_rule_strikes_no_more(self):
        sky = weather({"kind": "timeout"})
        sky.remove("r1")

        assert struck(sky) == [()]

    def test_an_unknown_id_names_the_nearest(self):
        with pytest.raises(NoSuchRule, match="did you mean `storm`"):
            weather({"id": "storm", "kind": "timeout"}).remove("strom")

    def test_a_replacement_that_cannot_be_leaves_the_old_rules(self):
        sky = weather({"id": "a", "kind": "timeout"})
        twice = parse_rules([{"id": "b", "kind": "reset"}])

        with pytest.raises(RuleError, match="taken"):
            sky.replace(twice * 2)

        assert [rule.id for rule in sky.rules] == ["a"]

    @pytest.mark.parametrize(
        "rule",
        [
            {"id": "a", "kind": "lost_answer", "where": {"method": "POST", "nth": 2}, "how_often": {"chance": 0.3}},
            {"id": "b", "kind": "latency", "settings": {"median_s": 0.06, "at": "back"}},
            {"id": "c", "kind": "reset", "phase": "mid_body"},
            {"id": "d", "kind": "error", "how_often": {"window": {"from_s": 1.0, "to": "2026-01-05T09:00:10+00:00"}}},
        ],
    )
    def test_its_json_form_reads_back_as_itself(self, rule: dict[str, Any]):
        assert parse_rule(rule).as_json() == rule

    def test_a_state_brings_rules_and_tallies_back(self):
        sky = weather({"kind": "timeout", "how_often": {"times": 1}})
        state = sky.state()
        struck(sky)
        sky.add(parse_rule({"kind": "reset"}))
        sky.restore(state)

        assert struck(sky, times=2) == [("r1",), ()]


class TestExplanations:
    def test_a_rule_that_never_matched_names_its_nearest_miss(self):
        sky = weather({"kind": "timeout", "where": {"method": "POST", "path": "*/composite/tree"}})
        struck(sky, QUERY)
        struck(sky, COMPOSITE)

        told = explain(sky.find("r1"))

        assert told["nearest"]["failed"] == {"path": {"wanted": "*/composite/tree", "seen": f"{API}/composite"}}
        assert "never matched" in told["says"]

    @pytest.mark.parametrize(
        ("rules", "says"),
        [
            ([{"kind": "timeout"}, {"kind": "timeout"}], "rule `r1` stands before it"),
            ([{"kind": "reset"}, {"kind": "timeout", "how_often": {"chance": 0}}], "chance did not fall"),
            ([{"kind": "reset"}, {"kind": "timeout", "how_often": {"window": {"from_s": 9}}}], "outside its window"),
            ([{"kind": "reset"}, {"kind": "timeout"}], "struck 1 of 1"),
            ([{"kind": "reset"}, {"kind": "timeout", "where": {"nth": 3}}], "`nth` wanted 3 and saw 1"),
        ],
    )
    def test_a_rule_says_what_became_of_it(self, rules: list[dict[str, Any]], says: str):
        sky = weather(*rules)
        struck(sky)

        assert says in explain(sky.find("r2"))["says"]
