"""Files of rules: both languages, and what is said about a typo."""

import pytest

from mocksf.weather import RuleError, load_rules

GOOD = """
- id: rain
  kind: lost_answer
  where: {method: POST, path: "*/composite", nth: 2}
  how_often: {chance: 0.3, times: 2, window: {from_s: 10, to: 2026-02-01T00:00:00Z}}
- {kind: latency, median_s: 0.06, at: service}
"""
ONE = '[{"kind": "lost_answer", "where": {"method": "POST", "path": "*/composite", "nth": 2}}]'


def test_yaml_and_json_say_the_same():
    assert load_rules("- {kind: lost_answer, where: {method: POST, path: '*/composite', nth: 2}}") == load_rules(ONE)


def test_a_file_may_be_a_list_or_name_its_rules():
    assert load_rules(GOOD) == load_rules("rules:" + GOOD.replace("\n", "\n  "))


@pytest.mark.parametrize("text", ["", "[]", "rules: []", "rules:"])
def test_no_rules_are_calm(text: str):
    assert load_rules(text) == []


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("- kind: lost_anser", "rain.yaml:1: rules[0].kind", "did you mean `lost_answer`?"),
        ("- where: {}", "rain.yaml:1: rules[0].kind", "a rule needs a `kind`"),
        ("- kind: error\n  where:\n    pth: x", "rain.yaml:3: rules[0].where.pth", "did you mean `path`?"),
        ("- kind: error\n  statas: 500", "rain.yaml:2: rules[0].statas", "did you mean `status`?"),
        (
            "- kind: error\n  settings:\n    statas: 5",
            "rain.yaml:3: rules[0].settings.statas",
            "did you mean `status`?",
        ),
        (
            "- kind: error\n  how_often: {chance: 2}",
            "rain.yaml:2: rules[0].how_often.chance",
            "less than or equal to 1",
        ),
        (
            "- kind: error\n  how_often:\n    window: {form: 1}",
            "rain.yaml:3: rules[0].how_often.window.form",
            "`from`?",
        ),
        (
            "- kind: error\n  where: {operation: qurey}",
            "rain.yaml:2: rules[0].where.operation",
            "did you mean `query`?",
        ),
        ("- kind: error\n  where: {nth: 0}", "rain.yaml:2: rules[0].where.nth", "greater than or equal to 1"),
        ("- kind: error\n  where: 3", "rain.yaml:2: rules[0].where", "an object is wanted, not 3"),
        ("- kind: latency", "rain.yaml:1: rules[0].settings", "a constant latency needs `seconds`"),
        ("- kind: timeout\n  phase: mid_body", "rain.yaml:2: rules[0].phase", "there is `before_org`"),
        ("- kind: reset\n  phase: mid_bdy", "rain.yaml:2: rules[0].phase", "did you mean `mid_body`?"),
        ("- {id: a, kind: reset}\n- {id: a, kind: reset}", "rain.yaml:1: rules", "the id `a` is given twice"),
        ("- 3", "rain.yaml:1: rules[0]", "a rule is an object"),
        ("kind: error", "rain.yaml:1: rules", "a list of rules is wanted"),
        ("- kind: [", "rain.yaml:1", "neither YAML nor JSON"),
        ("\x00", "rain.yaml", "neither YAML nor JSON"),
    ],
)
def test_a_problem_names_its_place_and_the_nearest_right_name(text: str, place: str, says: str):
    with pytest.raises(RuleError) as caught:
        load_rules(text, "rain.yaml")

    (found_place, found_says), *more = caught.value.problems
    assert found_place == place
    assert says in found_says
    assert more == []


def test_every_problem_is_named_at_once():
    with pytest.raises(RuleError) as caught:
        load_rules("- {kind: error, where: {pth: x, nth: 0}}\n- {kind: eror}\n- {kind: reset}")

    assert len(caught.value.problems) == 3
