"""Who may do what: keys with roles, kept as hashes, refused at once when they are revoked."""

import asyncio
from pathlib import Path

import httpx
import pytest
import yaml

from connector.service import Keys, KeysProblem, service
from connector.service.access import PREFIX, Access, Role, add, hashed, revoke, rows
from tests.connector.livewire import Live, a_live, at_rest
from tests.connector.talk import fine, halted
from tests.connector.test_cli_validate import GOOD, USAGE, run

TURN = {"turn": 1, "caller": {"phone": "+14155550100"}, "intents": [{"name": "demo_requested"}]}
ROLES: tuple[Role, ...] = ("agent", "reviewer", "admin")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "keys.yaml"


def asked(live: Live, keys: Keys | None, key: str, method: str, path: str, body: object = None) -> httpx.Response:
    async def play() -> httpx.Response:
        transport = httpx.ASGITransport(service(live.hub, "the-token", keys=keys))
        headers = {"X-API-Key": key} if key else {}
        async with httpx.AsyncClient(transport=transport, base_url="http://connector", headers=headers) as client:
            answer = await client.request(method, path, json=body)
            await at_rest(live)
            return answer

    return asyncio.run(play())


class TestRoles:
    @pytest.mark.parametrize(
        ("method", "path", "body", "allowed"),
        [
            ("POST", "/calls/c/intents", TURN, {"agent", "admin"}),
            ("POST", "/calls/c/end", {}, {"agent", "admin"}),
            ("GET", "/lookup?phone=%2B14155550100", None, {"agent", "admin"}),
            ("GET", "/calls/c", None, {"agent", "reviewer", "admin"}),
            ("POST", "/calls/c/erase", {"reason": "asked to"}, {"admin"}),
            ("GET", "/dead-letters", None, {"reviewer", "admin"}),
            ("POST", "/dead-letters/replay", {"all": True, "reason": "mended"}, {"reviewer", "admin"}),
            ("GET", "/dead-letters/c/1/x", None, {"reviewer", "admin"}),
            ("GET", "/audit", None, {"reviewer", "admin"}),
            ("GET", "/audit/export", None, {"reviewer", "admin"}),
            ("GET", "/audit/verify", None, {"reviewer", "admin"}),
            ("GET", "/metrics", None, {"reviewer", "admin"}),
            ("GET", "/health", None, set(ROLES)),
        ],
    )
    def test_each_path_lets_in_the_roles_that_need_it(
        self, file: Path, method: str, path: str, body: object, allowed: set[str]
    ):
        keys = {role: add(file, role, role) for role in ROLES}

        told = {
            role: asked(a_live(lambda _: fine()), Keys(file), key, method, path, body).status_code
            for role, key in keys.items()
        }

        assert {role for role, status in told.items() if status != 403} == allowed

    def test_every_path_that_tells_of_calls_is_closed_to_strangers(self, file: Path):
        add(file, "desk", "agent")
        live = a_live(lambda _: fine())
        told = service(live.hub, "t").openapi()["paths"]
        paths = [(method.upper(), path) for path, methods in told.items() for method in methods]
        closed = [each for each in paths if each[1] not in ("/health", "/ready")]

        assert {asked(live, Keys(file), "ck_stranger", *each, {}).status_code for each in closed} == {401}
        assert len(closed) >= 12

    def test_the_wrong_role_is_told_which_is_needed(self, file: Path):
        key = add(file, "desk", "agent")

        answer = asked(a_live(lambda _: fine()), Keys(file), key, "GET", "/audit")

        assert answer.status_code == 403
        assert answer.json()["message"] == "the key desk is for the role agent; this needs admin or reviewer"


class TestKeys:
    def test_only_the_hash_is_kept(self, file: Path):
        key = add(file, "desk", "agent")

        assert key.startswith(PREFIX)
        assert key not in file.read_text()
        assert rows(file) == {"desk": {"role": "agent", "sha256": hashed(key)}}
        assert file.stat().st_mode & 0o077 == 0

    def test_one_that_is_revoked_is_refused_by_the_running_service(self, file: Path):
        key = add(file, "desk", "agent")
        add(file, "other", "agent")
        keys = Keys(file)
        before = keys.of(key)

        revoke(file, "desk")

        assert (before is not None, keys.of(key)) == (True, None)

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("[]", "must be an object of names"),
            ("desk: {role: boss, sha256: x}", "desk.role is 'boss'; it is one of agent, reviewer, admin"),
            ("desk: {role: agent, sha256: x}", "desk.sha256 is no hash"),
            ("desk: {role: agent", "is no file of keys"),
            (f"desk: {{role: agent, sha256: {'a' * 64}, orgs: acme}}", "desk.orgs must be a list of names"),
        ],
    )
    def test_a_file_that_is_none_is_refused_with_the_place(self, file: Path, text: str, said: str):
        file.write_text(text)

        with pytest.raises(KeysProblem, match=said):
            Keys(file)

    def test_the_name_of_a_key_stands_in_the_audit_trail(self, file: Path):
        live = a_live(lambda request: halted("opp", "STRING_TOO_LONG") if not request.url else fine())
        desk = add(file, "mara", "reviewer")
        asked(live, Keys(file), "the-token", "POST", "/calls/c/intents", TURN)

        asked(live, Keys(file), desk, "POST", "/dead-letters/discard", {"all": True, "reason": "no use"})

        assert [entry.detail["actor"] for entry in live.ledger.entries() if entry.kind == "discarded"] == ["mara"]

    def test_without_a_key_of_ones_own_a_name_must_be_told(self):
        live = a_live(lambda _: fine())
        answer = asked(live, None, "the-token", "POST", "/dead-letters/discard", {"all": True, "reason": "no use"})

        assert (answer.status_code, "say who decides this" in answer.json()["message"]) == (422, True)


class TestOnTheCommandLine:
    def test_a_key_is_made_listed_and_revoked(self, file: Path):
        made = run("keys", "add", "desk", "--role", "agent", "--file", file)
        listed = run("keys", "list", "--file", file)
        gone = run("keys", "revoke", "desk", "--file", file)

        assert (made.exit_code, listed.output.split(), gone.exit_code) == (GOOD, ["agent", "desk"], GOOD)
        assert yaml.safe_load(file.read_text()) == {}

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("add", "desk", "--role", "agnt"), "did you mean agent?"),
            (("revoke", "nobody"), "there is no key named nobody"),
        ],
    )
    def test_a_slip_is_usage(self, file: Path, arguments: tuple[str, ...], said: str):
        file.write_text("{}")

        result = run("keys", *arguments, "--file", file)

        assert (result.exit_code, said in result.stderr) == (USAGE, True)

    def test_a_name_is_taken_only_once(self, file: Path):
        add(file, "desk", "agent")

        assert (
            "there is a key named desk already" in run("keys", "add", "desk", "--role", "admin", "--file", file).stderr
        )

    def test_a_key_may_be_for_some_orgs_alone(self, file: Path):
        made = run("keys", "add", "desk", "--role", "agent", "--org", "acme", "--org", "globex", "--file", file)
        listed = run("keys", "list", "--file", file)

        assert listed.output.split() == ["agent", "desk", "(acme,", "globex)"]
        assert Keys(file).of(made.output.strip()) == Access("agent", "desk", frozenset({"acme", "globex"}))
