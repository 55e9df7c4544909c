"""`mocksf diff`: the same requests asked of two orgs part only where the orgs differ."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from mocksf import Org
from mocksf.__main__ import app
from mocksf.divergence import Heard, Recorded, Replay, Unreadable, compare, recorded
from mocksf.divergence.exchanges import heard

ROOT = "/services/data/v66.0"
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


def parts(ours: Any, theirs: Any) -> list[tuple[str, str]]:
    return [(each.path, each.what) for each in compare(Heard(200, "json", ours), Heard(200, "json", theirs))]


class TestCompare:
    @given(VALUES)
    def test_a_body_does_not_part_from_itself(self, body: Any):
        assert parts(body, json.loads(json.dumps(body))) == []

    @pytest.mark.parametrize(
        ("ours", "theirs"),
        [
            ("001xx000003DGQWAA4", "001yy000003DGQXAA4"),
            ("2026-03-02T15:00:00.000+0000", "2025-01-01T00:00:00.000Z"),
            ("https://mock.example/id/1", "https://real.example/id/1"),
            (f"{ROOT}/sobjects/Account/001xx000003DGQWAA4", f"{ROOT}/sobjects/Account/001yy000003DGQXAA4"),
        ],
    )
    def test_what_two_orgs_never_share_is_no_divergence(self, ours: str, theirs: str):
        assert parts({"a": ours}, {"a": theirs}) == []

    @pytest.mark.parametrize(
        ("ours", "theirs", "path", "what"),
        [
            ({"a": 1}, {"a": 2}, "$.a", "value"),
            ({"a": 1}, {"a": "1"}, "$.a", "type"),
            ({"a": 1}, {"a": True}, "$.a", "type"),
            ({"a": 1}, {}, "$.a", "extra"),
            ({}, {"a": None}, "$.a", "missing"),
            ({"a": 1, "b": 2}, {"b": 2, "a": 1}, "$", "order"),
            ([{"a": 1}], [{"a": 1}, {"a": 2}], "$", "length"),
            ("001xx000003DGQWAA4", "003xx000003DGQWAA4", "$", "value"),
        ],
    )
    def test_everything_else_is_named_by_its_path(self, ours: Any, theirs: Any, path: str, what: str):
        assert (path, what) in parts(ours, theirs)

    def test_status_and_kind_are_compared(self):
        found = compare(Heard(200, "application/json", {}), Heard(404, "text/html", "<html>"))

        assert [each.what for each in found] == ["status", "kind", "type"]

    def test_of_a_body_that_was_cut_only_the_status_is_compared(self):
        cut, whole = heard(200, "application/json", '{"a": [1, 2'), heard(200, "application/json", '{"a": [1, 2]}')

        assert (cut.cut, compare(cut, whole)) == (True, [])


class TestArchive:
    @pytest.mark.parametrize(
        "text", ["", "{}", "[]", '{"log": {"entries": [{"request": 1}]}}', '{"log": {"entries": 1}}']
    )
    def test_what_is_no_archive_is_refused(self, text: str):
        with pytest.raises(Unreadable, match="is no HTTP Archive"):
            recorded(text)


def asker(client: httpx.Client) -> Any:
    def ask(method: str, target: str, headers: Mapping[str, str], body: str) -> Heard:
        answer = client.request(method, target, headers=dict(headers), content=body or None)
        return heard(answer.status_code, answer.headers.get("content-type", ""), answer.text)

    return ask


@pytest.fixture
def told() -> list[Recorded]:
    """A short talk with one org: create, read, query, and a refusal."""
    with Org(seed=1).client() as client:
        talk = [
            ("POST", f"{ROOT}/sobjects/Account", '{"Name": "Acme"}'),
            ("GET", f"{ROOT}/sobjects/Account/{{id}}", ""),
            ("GET", f"{ROOT}/query?q=SELECT+Id,Name+FROM+Account+WHERE+Id='{{id}}'", ""),
            ("GET", f"{ROOT}/query?q=SELECT+Nope+FROM+Account", ""),
        ]
        made, exchanges = "", []
        for number, (method, target, body) in enumerate(talk, 1):
            headers = {"content-type": "application/json"} if body else {}
            answer = asker(client)(method, target.replace("{id}", made), headers, body)
            made = made or answer.body["id"]
            exchanges.append(Recorded(number, method, target.replace("{id}", made), headers, body, answer))
        return exchanges


@pytest.fixture
def other() -> Iterator[httpx.Client]:
    with Org(seed=2).client() as client:
        client.post(f"{ROOT}/sobjects/Account", json={"Name": "first, so that ids differ"})
        yield client


class TestReplay:
    def test_two_orgs_alike_do_not_part_though_their_ids_do(self, told: list[Recorded], other: httpx.Client):
        replay = Replay(asker(other), writes=True)

        outcomes = list(replay.run(told))

        assert [list(each.divergences) for each in outcomes] == [[], [], [], []]
        assert replay.ids
        assert all(ours != theirs for ours, theirs in replay.ids.items())

    def test_an_org_with_another_field_parts_there(self, told: list[Recorded]):
        with Org(schema="sample").client() as client:
            outcomes = list(Replay(asker(client), writes=True).run(told))

        extra = {each.path for each in outcomes[1].divergences if each.what == "missing"}
        assert "$.Region__c" in extra

    def test_writes_are_not_asked_unless_that_is_allowed(self, told: list[Recorded], other: httpx.Client):
        outcomes = list(Replay(asker(other)).run(told))

        assert [bool(each.skipped) for each in outcomes] == [True, False, False, False]

    def test_logins_are_never_asked_again(self):
        login = Recorded(1, "POST", "/services/oauth2/token", {}, "password=***", Heard(200, "", {}))

        assert [each.skipped for each in Replay(lambda *_: Heard(200, "", {}), writes=True).run([login])] != [""]


def test_the_command_says_what_it_needs():
    result = CliRunner().invoke(
        app, ["diff", "--against", "http://127.0.0.1:9", "--token", "t"], env={"MOCKSF_URL": ""}
    )

    assert (result.exit_code, "either --archive FILE, or --url" in result.stderr) == (2, True)
