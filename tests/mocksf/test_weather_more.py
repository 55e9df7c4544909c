"""Weather in time and in detail: bodies, users, every nth, ramps, spells, and profiles by name."""

from datetime import timedelta
from itertools import pairwise
from math import exp, log
from random import Random
from statistics import correlation, median, stdev
from typing import Any

import pytest
from typer.testing import CliRunner

from mocksf import Org
from mocksf.__main__ import app
from mocksf.clock import EPOCH, VirtualClock
from mocksf.dice import Dice
from mocksf.faults import FAIR
from mocksf.messages import Request
from mocksf.weather import Rule, RuleError, Weather, endless, parse_rule, parse_rules, profile_named, profiles

ROWS = "/services/data/v66.0/sobjects"
BODY = (
    b'{"compositeRequest": [{"body": {"StageName": "Closed Won", "Amount": 5}},'
    b' {"body": {"StageName": "Prospecting"}}]}'
)
CREATE = Request("POST", f"{ROWS}/Account", body=b'{"Name": "Acme"}')
COMPOSITE = Request("POST", "/services/data/v66.0/composite", body=BODY)


def weather(*rules: dict[str, Any], clock: VirtualClock | None = None, seed: int = 1) -> Weather:
    return Weather(parse_rules(list(rules)), Dice(seed), clock or VirtualClock())


def strikes(sky: Weather, request: Request = CREATE) -> bool:
    return sky.fate_of(request) != FAIR


class TestWhere:
    @pytest.mark.parametrize(
        ("body", "request_", "matches"),
        [
            ("*Acme*", CREATE, True),
            ("*acme*", CREATE, True),
            ("*Bee*", CREATE, False),
            ({"Name": "Ac*"}, CREATE, True),
            ({"Name": "Bee"}, CREATE, False),
            ({"Nmae": "*"}, CREATE, False),
            ({"compositeRequest.*.body.StageName": "Closed*"}, COMPOSITE, True),
            ({"compositeRequest.1.body.StageName": "Closed*"}, COMPOSITE, False),
            ({"compositeRequest.0.body.Amount": "5"}, COMPOSITE, True),
            ({"*.*.body.StageName": "Prosp*"}, COMPOSITE, True),
            ({"a.b": "*"}, Request("GET", ROWS), False),
        ],
    )
    def test_a_body_is_matched_by_its_text_or_by_what_stands_in_it(self, body: Any, request_: Request, matches: bool):
        assert strikes(weather({"kind": "timeout", "where": {"body": body}}), request_) is matches

    def test_a_rule_may_be_about_one_user_and_one_org(self):
        rules = [
            {"kind": "error", "where": {"user": "admin@*", "tenant": "default"}},
            {"kind": "session_expiry", "where": {"user": "nobody@*"}},
        ]

        with Org(rules=rules).client() as client:
            assert client.get(f"{ROWS}/Account/describe").status_code == 503
        with Org(rules=rules, name="other").client() as client:
            assert client.get(f"{ROWS}/Account/describe").status_code == 200


class TestHowOften:
    def test_every_nth_strikes_and_no_other(self):
        sky = weather({"kind": "timeout", "how_often": {"every": 3}})

        assert [strikes(sky) for _ in range(7)] == [False, False, True, False, False, True, False]

    def test_a_ramp_grows_from_one_chance_to_another(self):
        clock = VirtualClock()
        ramp = {"from_s": 100, "to_s": 200, "low": 0, "high": 1}
        sky = weather({"kind": "timeout", "how_often": {"ramp": ramp}}, clock=clock)

        shares = {}
        for at in (0, 100, 150, 200, 300):
            clock.move_to(EPOCH + timedelta(seconds=at))
            shares[at] = sum(strikes(sky) for _ in range(400)) / 400

        assert (shares[0], shares[100], shares[200], shares[300]) == (0, 0, 1, 1)
        assert shares[150] == pytest.approx(0.5, abs=0.1)

    def test_spells_go_by_turns_and_strike_in_the_bad_ones_alone(self):
        clock = VirtualClock()
        sky = weather({"kind": "timeout", "how_often": {"spells": {"good_s": 60, "bad_s": 30}}}, clock=clock)

        seen = []
        for _ in range(20_000):
            clock.advance(1)
            seen.append(strikes(sky))

        changes = sum(one != other for one, other in pairwise(seen))
        assert sum(seen) / len(seen) == pytest.approx(1 / 3, abs=0.05)
        assert 20_000 / changes == pytest.approx(45, rel=0.25)

    def test_spells_are_the_same_for_a_seed_however_often_somebody_asks(self):
        def spells(step_s: float) -> list[bool]:
            clock, told = VirtualClock(), []
            rule = {"kind": "timeout", "id": "r", "how_often": {"spells": {"good_s": 50, "bad_s": 50}}}
            sky = weather(rule, clock=clock, seed=4)
            for _ in range(int(600 / step_s)):
                clock.advance(step_s)
                told.append(strikes(sky))
            return told

        assert spells(1.0)[59::60] == spells(60.0)

    @pytest.mark.parametrize(
        ("how_often", "path", "said"),
        [
            ({"ramp": {"from_s": 5, "to_s": 5}}, "rule.how_often.ramp", "must come after"),
            ({"ramp": {"to": 5}}, "rule.how_often.ramp.to", "did you mean `to_s`?"),
            ({"spells": {"god_s": 5, "bad_s": 1}}, "rule.how_often.spells.god_s", "did you mean `good_s`?"),
            ({"drift": {"sigma": 1, "memory_s": 60}}, "rule.how_often.drift", "a timeout has no delays"),
            ({"drift": {"sigma": 0, "memory_s": 60}}, "rule.how_often.drift.sigma", "greater than 0"),
            ({"every": 0}, "rule.how_often.every", "greater than or equal to 1"),
            ({"window": {"to_s": 1e300}}, "rule.how_often.window.to_s", "less than or equal to"),
        ],
    )
    def test_a_slip_names_its_place(self, how_often: dict[str, Any], path: str, said: str):
        with pytest.raises(RuleError) as refused:
            parse_rule({"kind": "timeout", "how_often": how_often})

        assert any(place == path and said in sentence for place, sentence in refused.value.problems)

    def test_delays_that_drift_are_long_together_and_keep_their_median(self):
        clock = VirtualClock()
        drift = {"sigma": 0.5, "memory_s": 600}
        sky = weather({"kind": "latency", "settings": {"seconds": 1}, "how_often": {"drift": drift}}, clock=clock)

        logs = []
        for _ in range(20_000):
            clock.advance(60)
            logs.append(log(sky.fate_of(Request("GET", "/", {})).there_s))

        assert correlation(logs[:-1], logs[1:]) == pytest.approx(exp(-60 / 600), abs=0.02)
        assert correlation(logs[:-100], logs[100:]) == pytest.approx(0, abs=0.1)
        assert median(logs) == pytest.approx(0, abs=0.1)
        assert stdev(logs) == pytest.approx(0.5, rel=0.1)

    def test_a_drift_stands_still_with_the_clock(self):
        drift = {"sigma": 2, "memory_s": 600}
        sky = weather({"kind": "latency", "settings": {"seconds": 1}, "how_often": {"drift": drift}})

        assert len({sky.fate_of(Request("GET", "/", {})).there_s for _ in range(20)}) == 1

    def test_a_rule_is_written_as_it_was_read(self):
        form = {
            "id": "r",
            "kind": "latency",
            "settings": {"low_s": 1, "high_s": 2},
            "where": {"body": {"a": "b"}, "user": "x"},
            "how_often": {
                "every": 2,
                "ramp": {"to_s": 9.0},
                "spells": {"good_s": 1.0, "bad_s": 2.0},
                "drift": {"sigma": 0.5, "memory_s": 60.0},
            },
        }

        assert parse_rule(form).as_json() == form


class TestDraws:
    @pytest.mark.parametrize(
        ("settings", "low", "middle", "high"),
        [
            ({"low_s": 1, "high_s": 3}, 1, 2, 3),
            ({"mean_s": 1, "deviation_s": 0.1}, 0.5, 1, 1.5),
            ({"scale_s": 0.5, "alpha": 1.5, "cap_s": 60}, 0.5, 0.79, 60),
            ({"quantiles": [[0, 0.1], [0.5, 0.2], [1, 2]]}, 0.1, 0.2, 2),
        ],
    )
    def test_lie_where_their_settings_say(self, settings: dict[str, Any], low: float, middle: float, high: float):
        rule, dice = Rule("latency", settings), Random(3)

        draws = sorted(rule.fate(dice).there_s for _ in range(3000))

        assert low <= draws[0] <= draws[-1] <= high
        assert draws[1500] == pytest.approx(middle, rel=0.1)

    @pytest.mark.parametrize(
        ("settings", "said"),
        [
            ({"low_s": 1}, "needs `seconds`"),
            ({"low_s": 2, "high_s": 1}, "is more than `high_s`"),
            ({"median_s": 1, "seconds": 1}, "has no"),
            ({"quantiles": []}, "pairs of a share"),
            ({"quantiles": [[0.5, 1], [0.1, 2]]}, "pairs of a share"),
            ({"distribution": "pareto"}, "needs `scale_s`"),
            ({"seconds": 1e300}, "less than or equal to"),
        ],
    )
    def test_what_is_no_distribution_is_refused(self, settings: dict[str, Any], said: str):
        with pytest.raises(RuleError, match=said):
            Rule("latency", settings)


class TestWhatOthersDo:
    def test_a_revoked_token_is_no_good_for_whatever_follows(self):
        org = Org(rules=[{"kind": "token_revoked", "how_often": {"times": 1}}])

        with org.client() as client:
            statuses = [client.get(f"{ROWS}/Account/describe").status_code for _ in range(3)]

        assert statuses == [401, 401, 401]

    @pytest.mark.parametrize("by", ["id", "key", "composite"])
    def test_a_record_goes_just_before_it_is_written(self, by: str):
        org = Org(schema="sample")
        with org.client() as client:
            made = client.post(f"{ROWS}/Account", json={"Name": "A", "Caller_Key__c": "k"}).json()["id"]
            url = f"{ROWS}/Account/{made}" if by == "id" else f"{ROWS}/Account/Caller_Key__c/k"
            part = {"method": "PATCH", "url": url, "referenceId": "a", "body": {"Name": "B"}}
            asked = ("POST", COMPOSITE.target, {"compositeRequest": [part]}) if by == "composite" else None
            method, target, body = asked or ("PATCH", url, {"Name": "B"})
            with org.faults({"kind": "record_deleted", "sobject": "Account"}):
                answer = client.request(method, target, json=body)
            found = client.get("/services/data/v66.0/query?q=SELECT+Id+FROM+Account").json()["records"]
            ids = [row["Id"] for row in found]

        assert made not in ids
        assert (answer.status_code, len(ids)) == ((404, 0) if by == "id" else (201 if by == "key" else 200, 1))


class TestProfiles:
    @pytest.mark.parametrize("name", profiles())
    def test_each_says_what_it_tells_and_where_it_is_from(self, name: str):
        profile = profile_named(name)

        assert profile.tells
        assert profile.source
        assert Org(rules=list(profile.rules)).weather.rules == Org(rules=list(profile.rules)).weather.rules

    def test_the_availability_of_an_sla_is_what_it_says_over_many_years(self):
        """Asked every half hour of twenty simulated years: 99.95 %, within three standard deviations."""
        clock = VirtualClock()
        sky = Weather(list(profile_named("sla-99.95").rules), Dice(11), clock)

        up = total = 0
        for _ in range(20 * 365 * 48):
            clock.advance(1800)
            up += not strikes(sky)
            total += 1

        assert up / total == pytest.approx(0.9995, abs=0.00012)

    def test_an_outage_of_twenty_hours_ends_after_twenty_hours(self):
        clock = VirtualClock()
        sky = Weather(list(profile_named("na14-2016").rules), Dice(1), clock)

        clock.advance(71_939)
        assert strikes(sky)
        clock.advance(1)
        assert not strikes(sky)

    def test_a_name_that_is_none_names_the_nearest(self):
        with pytest.raises(RuleError, match="did you mean `lock-storm`"):
            profile_named("lock-strom")

    def test_rules_that_let_nothing_through_for_ever_are_named(self):
        rules = parse_rules(
            [
                {"id": "never", "kind": "timeout"},
                {"kind": "error", "how_often": {"times": 3}},
                {"kind": "error", "how_often": {"chance": 0.5}},
                {"kind": "error", "where": {"method": "POST"}},
                {"kind": "latency", "seconds": 1},
                {"kind": "reset", "how_often": {"window": {"to_s": 9}}},
            ]
        )

        assert endless(rules) == ["never"]

    def test_the_command_line_takes_a_profile_for_a_file(self):
        checked = CliRunner().invoke(app, ["rules", "check", "busy-monday"])
        slip = CliRunner().invoke(app, ["rules", "check", "busy-mondy"])

        assert (checked.exit_code, "11 rules, all good" in checked.output) == (0, True)
        assert (slip.exit_code, "did you mean `busy-monday`?" in slip.output) == (1, True)
