"""Hooks: functions that answer in the place of an org's own Apex and flows."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
import typer

from mocksf import ApexError, Hooks, Response
from mocksf.cli.hooks import read_hooks
from mocksf.doors.serving import Served, Serving
from mocksf.org import Org
from mocksf.rest.hooked import DmlError, HookCall
from tests.client import Client, contents

APEX = "/services/apexrest"
DOCS = Path(__file__).parents[2] / "docs"


def echo(call: HookCall) -> Any:
    return {"path": call.path, "rest": call.rest, "query": call.query, "user": call.user_id}


class TestApexRest:
    def test_a_path_is_answered_by_its_function(self, sf: Client, org: Org):
        org.apex_rest("GET", "/cases/*", echo)

        answer = sf.get(f"{APEX}/cases/a%20b/c?x=1&x=2")

        expected = {"path": "/cases/a b/c", "rest": "a b/c", "query": {"x": "2"}, "user": org.admin_id}
        assert (answer.status, answer.body) == (200, expected)

    @pytest.mark.parametrize(
        ("path", "name"),
        [("/a", "exact"), ("/a/", "exact"), ("/a/x", "star"), ("/a/b/x", "longer"), ("/a/b", "longer")],
    )
    def test_the_longest_path_answers(self, sf: Client, org: Org, path: str, name: str):
        for mapped, answer in (("/a", "exact"), ("/a/*", "star"), ("/a/b/*", "longer")):
            org.apex_rest("GET", mapped, lambda _, answer=answer: answer)

        assert sf.get(APEX + path).body == name

    @pytest.mark.parametrize("path", ["/b", "/ab", "/A/x", ""])
    def test_another_path_is_not_found(self, sf: Client, org: Org, path: str):
        org.apex_rest("GET", "/a/*", echo)

        answer = sf.get(APEX + path)

        assert answer.status == 404
        assert answer.body[0]["errorCode"] == "NOT_FOUND"

    def test_another_verb_is_not_allowed(self, sf: Client, org: Org):
        for method in ("GET", "POST"):
            org.apex_rest(method, "/a", echo)

        answer = sf.send("PUT", f"{APEX}/a", {})

        assert (answer.status, answer.body[0]["message"]) == (
            405,
            "HTTP Method 'PUT' not allowed. Allowed are GET,POST",
        )

    @pytest.mark.parametrize(
        ("result", "status", "raw"),
        [(None, 200, b""), ("x", 200, b'"x"'), (b"x", 200, b"x"), ([1], 200, b"[1]"), (0, 200, b"0"),
         (Response(202, {"a": 1}, {"X-Mine": "1"}), 202, b'{"a":1}')],
    )  # fmt: skip
    def test_what_it_gives_is_the_answer(self, sf: Client, org: Org, result: Any, status: int, raw: bytes):
        org.apex_rest("POST", "/a", lambda _: result)

        answer = sf.post(f"{APEX}/a", {})

        assert (answer.status, answer.raw) == (status, raw)

    def test_it_may_be_a_decorator(self, sf: Client, org: Org):
        @org.apex_rest("DELETE", "/a")
        def gone(call: HookCall) -> str:
            return call.method

        assert sf.delete(f"{APEX}/a").body == "DELETE"
        assert gone.__name__ == "gone"

    @pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer nonsense"}])
    def test_nobody_is_answered_without_a_session(self, org: Org, headers: dict[str, str]):
        org.apex_rest("GET", "/a", echo)

        assert Client(org, "").get(f"{APEX}/a", **headers).status == 401

    def test_a_call_counts(self, sf: Client, org: Org):
        org.apex_rest("GET", "/a", echo)
        before = org.allowance.used(org.clock.now())

        answer = sf.get(f"{APEX}/a")

        assert answer.headers["Sforce-Limit-Info"].startswith(f"api-usage={before + 1}/")


class TestRecords:
    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_they_are_reached_with_the_rights_and_the_name_of_the_caller(self, sf: Client, org: Org, method: str):
        def deed(call: HookCall) -> Any:
            account = call.create("Account", {"Name": "A", "Caller_Key__c": "1"})
            call.update("Account", account, {"Phone": "1"})
            same, new = call.upsert("Account", "Caller_Key__c", "1", {"Fax": "2"})
            assert (same, new) == (account, False)
            contact = call.create("Contact", {"LastName": "x", "AccountId": account})
            call.delete("Contact", contact)
            return [call.read("Account", account, ["Phone"]), call.soql("SELECT Fax FROM Account")[0]["Fax"]]

        org.apex_rest(method, "/deed", deed)

        (read, fax) = sf.send(method, f"{APEX}/deed").body

        assert (read["Phone"], fax) == ("1", "2")
        assert sf.get(f"/sobjects/Account/{read['Id']}").body["CreatedById"] == org.admin_id

    def test_what_the_org_refuses_is_what_apex_throws_and_nothing_is_saved(self, sf: Client, org: Org):
        def careless(call: HookCall) -> None:
            call.create("Account", {"Name": "A"})
            call.create("Contact", {})

        org.apex_rest("POST", "/careless", careless)
        before = contents(org)

        answer = sf.post(f"{APEX}/careless")

        assert (answer.status, answer.body) == (
            500,
            [
                {
                    "errorCode": "APEX_ERROR",
                    "message": "System.DmlException: Insert failed. First exception on row 0; first error: "
                    "REQUIRED_FIELD_MISSING, Required fields are missing: [LastName]: [LastName]",
                }
            ],
        )
        assert contents(org) == before

    def test_a_function_may_catch_it(self, sf: Client, org: Org):
        def careful(call: HookCall) -> Any:
            try:
                call.create("Contact", {})
            except DmlError as error:
                return [error.code, list(error.fields)]

        org.apex_rest("POST", "/careful", careful)

        assert sf.post(f"{APEX}/careful").body == ["REQUIRED_FIELD_MISSING", ["LastName"]]

    @pytest.mark.parametrize("text", ["SELECT Nonsense FROM Account", "nonsense"])
    def test_a_bad_query_is_an_exception(self, sf: Client, org: Org, text: str):
        org.apex_rest("GET", "/q", lambda call: call.soql(text))

        assert sf.get(f"{APEX}/q").body[0]["message"].startswith("System.QueryException: ")

    def test_a_body_that_is_no_json_is_refused(self, sf: Client, org: Org):
        org.apex_rest("POST", "/j", lambda call: call.json())

        assert sf.post(f"{APEX}/j", [1]).body == [1]
        assert sf.post(f"{APEX}/j", b"{").code == "JSON_PARSER_ERROR"

    def test_a_bug_of_a_function_reaches_the_test(self, sf: Client, org: Org):
        def buggy(call: HookCall) -> None:
            call.create("Account", {"Name": "A"})
            raise ZeroDivisionError

        org.apex_rest("POST", "/buggy", buggy)
        before = contents(org)

        with pytest.raises(ZeroDivisionError):
            sf.post(f"{APEX}/buggy")
        assert contents(org) == before


class TestRegistering:
    @pytest.mark.parametrize(
        ("method", "path", "cure"),
        [("HEAD", "/a", "take one of"), ("GET", "a", "slash"), ("GET", "/a/*/b", "star"), ("GET", "/a?b", "star")],
    )
    def test_what_cannot_be_is_said(self, method: str, path: str, cure: str):
        with pytest.raises(ValueError, match=cure):
            Hooks().apex_rest(method, path, echo)

    def test_one_function_answers_a_verb_of_a_path(self):
        hooks = Hooks()
        hooks.apex_rest("GET", "/a", echo)

        with pytest.raises(ValueError, match="answered already"):
            hooks.apex_rest("get", "/a", echo)

    @pytest.mark.parametrize(("name", "inputs"), [("1", {}), ("a b", {}), ("A", {"x": "TEXT"}), ("Taken", {})])
    def test_an_action_has_a_name_and_types(self, name: str, inputs: dict[str, str]):
        hooks = Hooks()
        hooks.flow("taken", echo)

        with pytest.raises(ValueError, match=name):
            hooks.flow(name, echo, inputs=inputs)

    def test_forks_and_resets_keep_them(self, org: Org):
        org.apex_rest("GET", "/a", lambda _: 1)
        twin = org.fork()
        org.reset()

        assert [Client(each).get(f"{APEX}/a").body for each in (org, twin)] == [1, 1]


def test_the_example_of_the_docs_runs():
    example = re.search(r"```python\n(.*?)```", (DOCS / "hooks.md").read_text(encoding="utf-8"), re.DOTALL)
    assert example

    exec(compile(example[1], "docs/hooks.md", "exec"), {"__name__": "hooks"})


class TestServed:
    @pytest.fixture
    def written(self, tmp_path: Path) -> Path:
        path = tmp_path / "hooks.py"
        path.write_text(
            "def register(org):\n    org.apex_rest('GET', '/hello', lambda call: 'hi')\n"
            "def other(org):\n    org.flow('F', lambda call, inputs: None)\nnothing = 1\n",
            encoding="utf-8",
        )
        return path

    @pytest.mark.sockets
    def test_a_server_answers_with_the_functions_of_a_file(self, written: Path):
        serving = Serving(Served(hooks=read_hooks([str(written), f"{written}:other"])))
        serving.server.start()
        try:
            headers = {"Authorization": f"Bearer {serving.credentials['token']}"}
            hello = httpx.get(f"{serving.server.url}/services/apexrest/hello", headers=headers)
            flows = httpx.get(f"{serving.server.url}/services/data/v66.0/actions/custom/flow", headers=headers)
        finally:
            serving.server.stop()

        assert (hello.json(), [each["name"] for each in flows.json()["actions"]]) == ("hi", ["F"])

    def test_a_module_may_be_named(self):
        hooks = read_hooks(["tests.mocksf.test_hooks:register_echo"])

        assert hooks.mapped("/echo") is not None

    @pytest.mark.parametrize(
        ("place", "said"),
        [("{}:nothing", "no function 'nothing'"), ("{}:nobody", "no function 'nobody'"), ("nowhere.py", "No such file"),
         ("no_such_module_at_all", "No module named"), ("tests.mocksf.test_hooks:raising", "raised ApexError: no"),
         ("tests.mocksf.test_hooks:twice", "answered already")],
    )  # fmt: skip
    def test_what_cannot_be_had_is_said(self, written: Path, capsys: pytest.CaptureFixture[str], place: str, said: str):
        with pytest.raises(typer.Exit) as end:
            read_hooks([place.format(written)])

        assert end.value.exit_code == 2
        assert said in capsys.readouterr().err


def register_echo(org: Hooks) -> None:
    org.apex_rest("GET", "/echo", echo)


def raising(_: Hooks) -> None:
    message = "no"
    raise ApexError(message)


def twice(org: Hooks) -> None:
    org.flow("F", echo)
    org.flow("F", echo)
