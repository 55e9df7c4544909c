"""The pure parts of the pages: forms that lose nothing on the way there and back, and the drawing of a call."""

from datetime import timedelta
from typing import Any, get_args

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from connector.chain import Draft
from connector.config import (
    ConfigError,
    ConnectorConfig,
    DeliveryConfig,
    LoginConfig,
    OrgConfig,
    RegionConfig,
    parse_config,
)
from connector.config.delivery import Pool
from connector.config.words import Hint, Lane, Transform
from connector.ledger import MemoryLedger
from connector.live.written import Written
from connector.service.pages.knobs import knobs, said, shown
from connector.service.pages.rows import CHOICES, Row, doubled, fields_of, rows_in, rows_of
from connector.service.pages.timeline import NEAR_MS, WIDTH, Axis, drawn
from connector.service.pages.typed import shown as shown_value
from connector.service.pages.typed import typed
from tests.connector.talk import NINE
from tests.connector.test_config import SAMPLES

NAMES = st.from_regex(r"[a-z][a-z0-9_.-]{0,12}", fullmatch=True)
WORDS = st.sampled_from(["no", "yes", "on", "1", "12:30"]) | st.text(
    st.characters(categories=["L", "N"], include_characters=" _-"), min_size=1, max_size=9
).map(str.strip)
TARGETS = st.from_regex(r"[A-Z][a-z]{1,5}\.[A-Z][a-z]{1,8}(__c)?", fullmatch=True)
FULL = st.fixed_dictionaries(
    {"target": TARGETS},
    optional={
        "type": st.sampled_from(get_args(Hint)),
        "transform": st.sampled_from(get_args(Transform)[1:]),
        "lane": st.sampled_from(get_args(Lane)),
        "values": st.dictionaries(WORDS.filter(bool), WORDS.filter(bool), min_size=1, max_size=3),
        "max_length": st.integers(1, 255),
        "record_key": st.just("Call_Key__c"),
    },
)
FIELDS = st.dictionaries(NAMES, TARGETS | FULL.filter(lambda entry: len(entry) > 1), min_size=1, max_size=6)


def form_of(rows: list[Row]) -> dict[str, str]:
    """Rows as a browser sends them."""
    names = ("was", "name", "target", "values", *CHOICES)
    return {f"{name}.{number}": getattr(row, name) for number, row in enumerate(rows) for name in names}


class TestTheRowsOfAMap:
    @given(FIELDS)
    def test_lose_nothing_on_the_way_to_a_form_and_back(self, fields: dict[str, Any]):
        assert fields_of(rows_in(form_of(rows_of(fields))), fields) == fields

    def test_follow_a_new_name_with_all_that_the_form_does_not_show(self):
        fields = {"seats": {"target": "Opportunity.Seats__c", "max_digits": 6}}
        form = form_of(rows_of(fields)) | {"name.0": "places"}

        assert fields_of(rows_in(form), fields) == {"places": fields["seats"]}

    def test_take_proposals_in_and_rows_out(self):
        form = form_of(rows_of({"a": "X.Y", "b": "X.Z"})) | {"remove.0": "1", "accept.c": '{"target": "X.W"}'}

        assert fields_of(rows_in(form), {}) == {"b": "X.Z", "c": "X.W"}

    def test_know_what_stands_twice(self):
        assert list(doubled([Row(name="a"), Row(name="b"), Row(name="a")])) == [2]


class TestAText:
    @given(FIELDS, FIELDS)
    def test_says_what_it_was_changed_to(self, before: dict[str, Any], after: dict[str, Any]):
        for written in (Written(yaml.safe_dump({"fields": before})), Written(yaml.safe_dump(before))):
            assert written.saying({"fields": after}).sections() == {"fields": after}

    @pytest.mark.parametrize("word", ["no", "on", "12:30", "1e3", "2026-01-05", "~", "# x", "a: b", "null", "é"])
    def test_keeps_words_that_yaml_would_take_for_something_else(self, word: str):
        sections = {"fields": {"a": {"target": "X.Y", "values": {word: word}}}}
        changed = Written("# of the company\nfields: {a: X.Y}\n").saying(sections)

        assert (changed.sections(), "# of the company" in changed.text) == (sections, True)

    def test_keeps_the_comments_of_what_did_not_change(self):
        sample = Written((SAMPLES / "sample.yaml").read_text(), "sample.yaml")
        data = sample.sections()
        data["fields"]["seats"]["max_digits"] = 5
        changed = sample.saying(data)

        assert [line for line in changed.text.splitlines() if line not in sample.text] == ["    max_digits: 5"]

    def test_stays_json_where_it_was(self):
        assert Written('{"a": "X.Y"}').saying({"fields": {"a": "X.Z"}}).data() == {"fields": {"a": "X.Z"}}


class TestTheKnobs:
    def test_change_nothing_where_nobody_turns_them(self):
        sections = yaml.safe_load((SAMPLES / "sample.yaml").read_text())

        assert said(shown(sections), sections) == sections

    @pytest.mark.parametrize(
        ("path", "text", "section"),
        [
            ("delivery.budget_ms", "150", {"delivery": {"budget_ms": 150}}),
            ("delivery.schedule", "0.2, 1", {"delivery": {"schedule": [0.2, 1]}}),
            ("delivery.retry_rejections", "yes", {"delivery": {"retry_rejections": True}}),
            ("org.region.agents", "eu", {"org": {"region": {"agents": "eu"}}}),
            ("delivery.slack_webhook", "HOOK", {"delivery": {"slack_webhook": {"env": "HOOK"}}}),
            ("delivery.dead_letter_broker", "AMQP", {"delivery": {"dead_letter_broker": {"env": "AMQP"}}}),
            ("delivery.review_url", "https://a/ui", {"delivery": {"review_url": "https://a/ui"}}),
            ("delivery.connections.async", "3", {"delivery": {"connections": {"async": 3}}}),
            ("records", "Visit__c:\n  key: Key__c\n", {"records": {"Visit__c": {"key": "Key__c"}}}),
        ],
    )
    def test_say_a_value_and_leave_no_empty_section_behind(self, path: str, text: str, section: dict[str, Any]):
        fields = {"fields": {"a": "X.Y"}}
        turned = said({path: text}, fields)

        assert turned == {**fields, **section}
        assert said({path: ""}, turned) == fields
        assert shown(turned)[path] == text

    def test_are_there_for_everything_but_the_map(self):
        held: dict[str, type[BaseModel]] = {
            "$": ConnectorConfig,
            "org": OrgConfig,
            "org.region": RegionConfig,
            "org.login": LoginConfig,
            "delivery": DeliveryConfig,
        }
        keys = {f"{place}.{name}".removeprefix("$.") for place, kind in held.items() for name in kind.model_fields}
        lanes = {f"delivery.connections.{lane}" for lane in get_args(Pool)}

        assert {knob.path for knob in knobs()} == (keys - held.keys() - {"fields", "delivery.connections"}) | lanes

    @given(st.dictionaries(st.sampled_from([knob.path for knob in knobs()]), st.text(max_size=12)))
    def test_never_make_anything_but_a_configuration_or_a_refusal_with_places(self, form: dict[str, str]):
        places = []
        try:
            parse_config(said(form, {"fields": {"a": "X.Y"}}))
        except ConfigError as refusal:
            places = [problem.path for problem in refusal.problems]

        assert all(place.startswith("$.") for place in places)


class TestATypedValue:
    @given(st.none() | st.integers() | st.booleans() | st.text(max_size=20), st.sampled_from(get_args(Hint)))
    def test_that_nobody_touched_is_the_very_same(self, value: Any, hint: Hint):
        assert typed(shown_value(value), value, hint) == value

    @pytest.mark.parametrize(
        ("text", "hint", "value"),
        [
            ("7", "integer", 7),
            ("7", "text", "7"),
            ("yes", "checkbox", True),
            ("many", "integer", "many"),
            ("", "text", None),
        ],
    )
    def test_is_what_the_intent_carries(self, text: str, hint: Hint, value: Any):
        assert typed(text, "before", hint) == value


class TestTheDrawing:
    @given(st.lists(st.floats(0, 1e9), min_size=2, max_size=20))
    def test_keeps_the_order_of_instants_and_stays_inside(self, instants: list[float]):
        axis = Axis(max(instants))
        places = [axis(ms) for ms in sorted(instants)]

        assert places == sorted(places)
        assert 0 <= places[0] <= places[-1] <= WIDTH

    def test_has_a_bar_per_attempt_and_marks_for_what_else_happened(self):
        ledger = MemoryLedger()
        detail = {
            "call": "c",
            "turn": 1,
            "kind": "composite",
            "lane": "critical",
            "intents": {},
            "objects": [],
            "records": [],
        }
        failed = {"category": "lock", "reason": "X", "perhaps": False, "next_at": None, "attempt": 1}
        for ms, kind, told in (
            (0, "accepted", detail), (90, "failed", failed), (290, "trying", {"attempt": 2}),
            (2000, "committed", {"attempt": 2, "records": {}}),
        ):  # fmt: skip
            payload = {"it": 1} if kind == "accepted" else None
            ledger.append(Draft(kind, "c/1/x", NINE + timedelta(milliseconds=ms), told, payload))
        drawing = drawn(list(ledger.entries()), ["c/1/x"], NINE, {"c/1/x": 180.0})
        (row,) = drawing.rows

        assert [bar.kind for bar in row.bars] == ["bad", "good"]
        assert row.bars[0].start == 0
        assert row.bars[0].width < drawing.line < row.bars[1].start
        assert [mark.kind for mark in row.marks] == ["answered"]
        assert Axis(2000)(NEAR_MS) < row.end <= WIDTH
