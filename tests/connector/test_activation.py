"""Configurations put in force while the service runs: tried first, in the audit trail, and there after a restart."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import mocksf
from connector.live.book import noted
from connector.live.written import Written
from connector.service import Keys
from connector.service.access import add
from mocksf.doors.serving import Served
from mocksf.doors.tenancy import ServedOrg
from tests.connector.offices import ADMIN, FIELDS, a_config, a_turn, at_work, environ, of_call
from tests.connector.talk import NINE

pytestmark = pytest.mark.sockets

NEXT_STEP = {**FIELDS, "next_step": {"target": "Opportunity.NextStep", "type": "text"}}


@pytest.fixture(scope="module")
def org() -> Iterator[ServedOrg]:
    with ServedOrg(Served(mocksf.load_schema(["sample"]), seed=7)) as served:
        yield served


def activated(config: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"config": config, **ADMIN, **more}


class TestAnActivation:
    def test_takes_effect_for_new_turns_without_a_restart(self, tmp_path: Path, org: ServedOrg):
        wider = a_config(org, NEXT_STEP)

        async def work(client, _):
            before = await client.post("/calls/a-1/intents", json=a_turn(1, next_step="a demo"))
            put = await client.post("/config/activate", json=activated(wider))
            after = await client.post("/calls/a-1/intents", json=a_turn(1, next_step="a demo"))
            return before.status_code, put.json()["version"], after.json()["status"]

        assert at_work(tmp_path, a_config(org), environ(org), work) == (422, 2, "committed")
        assert of_call(org, "a-1", "NextStep") == ["a demo"]

    def test_is_an_entry_with_its_actor_in_an_intact_trail(self, tmp_path: Path, org: ServedOrg):
        async def work(client, _):
            await client.post("/config/activate", json=activated(a_config(org, NEXT_STEP)))
            entries = (await client.get("/audit")).json()["entries"]
            told = [(each["kind"], each["detail"]["actor"], each["detail"]["version"]) for each in entries]
            return told, (await client.get("/audit/verify")).json()["holds"]

        told = at_work(tmp_path, a_config(org), environ(org), work)

        assert told == ([("configured", "the start", 1), ("configured", "mara", 2)], True)

    def test_survives_a_restart(self, tmp_path: Path, org: ServedOrg):
        async def change(client, _):
            return await client.post("/config/activate", json=activated(a_config(org, NEXT_STEP)))

        async def look(client, stack):
            told = (await client.get("/config")).json()
            return (
                told["version"],
                "next_step" in told["config"]["fields"],
                "next_step" in stack.hub.connector.config.fields,
            )

        at_work(tmp_path, a_config(org), environ(org), change)

        assert at_work(tmp_path, a_config(org), environ(org), look) == (2, True, True)

    def test_yields_to_a_file_that_was_changed_since(self, tmp_path: Path, org: ServedOrg):
        async def change(client, _):
            return await client.post("/config/activate", json=activated(a_config(org, NEXT_STEP)))

        async def look(client, _):
            history = (await client.get("/config/history")).json()["activations"]
            return [(each["version"], each["actor"]) for each in history], (await client.get("/config")).json()[
                "config"
            ]

        at_work(tmp_path, a_config(org), environ(org), change)
        deployed = a_config(org, budget_ms=50_000)

        assert at_work(tmp_path, deployed, environ(org), look) == (
            [(3, "the start"), (2, "mara"), (1, "the start")],
            deployed,
        )

    def test_brings_an_earlier_version_back(self, tmp_path: Path, org: ServedOrg):
        async def work(client, stack):
            await client.post("/config/activate", json=activated(a_config(org, NEXT_STEP)))
            back = await client.post("/config/activate", json={"version": 1, **ADMIN})
            return back.json()["version"], sorted(stack.hub.connector.config.fields)

        assert at_work(tmp_path, a_config(org), environ(org), work) == (3, sorted(FIELDS))

    def test_moves_to_where_the_org_is_by_now(self, tmp_path: Path, org: ServedOrg):
        with ServedOrg(Served(mocksf.load_schema(["sample"]), seed=7)) as elsewhere:

            async def work(client, _):
                await client.post("/config/activate", json=activated(a_config(elsewhere)))
                return (await client.post("/calls/moved/intents", json=a_turn())).json()["status"]

            assert at_work(tmp_path, a_config(org), environ(org), work) == "committed"
            assert of_call(elsewhere, "moved", "Seats__c") == [4.0]

    def test_changes_schedule_budget_and_queue_of_what_comes(self, tmp_path: Path, org: ServedOrg):
        changed = a_config(org, schedule=[0.5], dead_letter_queue="other", connections={"critical": 6})

        async def work(client, stack):
            await client.post("/config/activate", json=activated(changed))
            desk = stack.hub.connector.desk
            return desk.backoff.schedule, desk.queue, desk.alerts.queue, (await client.get("/health")).json()["queue"]

        assert at_work(tmp_path, a_config(org), environ(org), work) == ((0.5,), "other", "other", "other")


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"fields": {"seats": "Opportunity.Seets__c"}}, "FIELD_UNKNOWN", "$.fields.seats"),
    ({"fields": {"s": {"target": "Opportunity.Seats__c", "type": "checkbox"}}}, "TYPE_MISMATCH", "$.fields.s.type"),
    ({"delivery": {"budget_ms": "much"}}, "CONFIG_UNREADABLE", "$.delivery.budget_ms"),
    ({"delivery": {"slack_webhook": {"env": "HOME"}}}, "SECRET_ELSEWHERE", "$.delivery.slack_webhook"),
    (
        {"delivery": {"slack_webhook": {"env": "CONNECTOR_SECRET_ACME__X"}}},
        "SECRET_MISSING",
        "$.delivery.slack_webhook",
    ),
    ({"org": {}}, "ORG_UNNAMED", "$.org.login"),
]
"""What is changed in a good configuration, and what is said of it where."""


class TestNothingChangesWhere:
    def test_it_is_not_good(self, tmp_path: Path, org: ServedOrg):
        async def work(client, stack):
            told = []
            for change, _, _ in WRONG:
                answer = await client.post("/config/activate", json=activated({**a_config(org), **change}))
                findings = answer.json()["findings"]
                told.append((answer.status_code, [(each["code"], each["path"]) for each in findings]))
            return told, stack.book.version, list(stack.ledger.entries())

        told, version, entries = at_work(tmp_path, a_config(org), environ(org), work)

        assert (version, entries) == (0, [])
        assert [status for status, _ in told] == [422] * len(WRONG)
        assert [
            (code, path) for (_, code, path), (_, found) in zip(WRONG, told, strict=True) if (code, path) not in found
        ] == []

    @pytest.mark.parametrize(
        ("login", "code"),
        [
            ({"client_id": "nobody"}, "LOGIN_REFUSED"),
            ({"client_secret": {"env": "OTHER_ORG_SECRET"}}, "SECRET_ELSEWHERE"),
        ],
    )
    def test_its_login_does_not_hold(self, tmp_path: Path, org: ServedOrg, login: dict[str, Any], code: str):
        wrong = a_config(org)
        wrong["org"]["login"] |= login

        async def work(client, _):
            return await client.post("/config/activate", json=activated(wrong))

        answer = at_work(tmp_path, a_config(org), environ(org, OTHER_ORG_SECRET="of somebody else"), work)

        assert (answer.status_code, [each["code"] for each in answer.json()["findings"]]) == (422, [code])
        assert "of somebody else" not in answer.text

    def test_the_org_is_silent(self, tmp_path: Path, org: ServedOrg):
        wrong = a_config(org)
        wrong["org"]["login"]["instance_url"] = "http://127.0.0.1:9"

        async def work(client, stack):
            answer = await client.post("/config/activate", json=activated(wrong))
            return answer.status_code, answer.headers["retry-after"], stack.book.version

        assert at_work(tmp_path, a_config(org), environ(org), work) == (503, "5", 0)

    def test_it_is_of_another_org(self, tmp_path: Path, org: ServedOrg):
        wrong = a_config(org)
        wrong["org"]["name"] = "globex"

        async def work(client, _):
            return (await client.post("/config/activate", json=activated(wrong))).json()["message"]

        assert "the ledger is that of acme" in at_work(tmp_path, a_config(org), environ(org), work)

    def test_somebody_was_quicker(self, tmp_path: Path, org: ServedOrg):
        async def work(client, _):
            await client.post("/config/activate", json=activated(a_config(org, NEXT_STEP), base=0))
            late = await client.post("/config/activate", json=activated(a_config(org, budget_ms=900), base=0))
            same = await client.post("/config/activate", json=activated(a_config(org, NEXT_STEP)))
            return late.status_code, "mara has put version 2 in force" in late.json()["message"], same.status_code

        assert at_work(tmp_path, a_config(org), environ(org), work) == (409, True, 409)


class TestAFleet:
    def test_goes_by_what_another_process_has_put_in_force(self, tmp_path: Path, org: ServedOrg):
        async def work(client, stack):
            noted(
                stack.ledger, Written(json.dumps(a_config(org, NEXT_STEP))), stack.book.current, "mara", "there", NINE
            )
            await stack.book.catch_up()
            turn = await client.post("/calls/fleet/intents", json=a_turn(1, next_step="a demo"))
            return stack.book.version, turn.json()["status"]

        assert at_work(tmp_path, a_config(org), environ(org), work) == (1, "committed")

    def test_stays_with_what_holds_here_where_the_other_does_not(self, tmp_path: Path, org: ServedOrg):
        wrong = a_config(org)
        wrong["org"]["login"]["client_id"] = "nobody"

        async def work(client, stack):
            noted(stack.ledger, Written(json.dumps(wrong)), stack.book.current, "mara", "there", NINE)
            await stack.book.catch_up()
            late = await client.post("/config/activate", json=activated(a_config(org, NEXT_STEP), base=0))
            return (
                stack.book.version,
                (await client.post("/calls/here/intents", json=a_turn())).status_code,
                late.status_code,
            )

        assert at_work(tmp_path, a_config(org), environ(org), work) == (0, 200, 409)


class TestTrying:
    def test_validates_beside_the_org_and_changes_nothing(self, tmp_path: Path, org: ServedOrg):
        async def work(client, stack):
            told = [
                (await client.post("/config/validate", json={"text": text})).json()
                for text in (
                    "fields: {seats: Opportunity.Seats__c}",
                    "fields: {seats: Opportunity.Seets__c}",
                    "fields: [",
                )
            ]
            return [(each["good"], each["findings"][0]["code"]) for each in told], stack.book.version

        told, version = at_work(tmp_path, a_config(org), environ(org), work)

        assert version == 0
        assert told == [(True, "REGION_UNPINNED"), (False, "FIELD_UNKNOWN"), (False, "CONFIG_UNREADABLE")]

    def test_with_its_own_login_says_what_stands_in_the_way(self, tmp_path: Path, org: ServedOrg):
        good, wrong = a_config(org, NEXT_STEP), a_config(org)
        wrong["org"]["login"]["client_id"] = "nobody"

        async def work(client, _):
            return [(await client.post("/config/try", json={"config": each})).json()["good"] for each in (good, wrong)]

        assert at_work(tmp_path, a_config(org), environ(org), work) == [True, False]


def test_reviewers_read_and_only_admins_change(tmp_path: Path, org: ServedOrg):
    file = tmp_path / "keys.yaml"
    shown = {role: add(file, role, role) for role in ("agent", "reviewer", "admin")}
    asked = [("GET", "/config", None), ("GET", "/config/history", None), ("GET", "/config/schema", None),
             ("POST", "/config/validate", {"text": "{}"}), ("POST", "/config/try", {"config": a_config(org)}),
             ("POST", "/config/activate", {"config": a_config(org, NEXT_STEP), "reason": "wider"})]  # fmt: skip

    async def work(client, _):
        return {
            role: [
                (await client.request(*each[:2], json=each[2], headers={"X-API-Key": key})).status_code
                for each in asked
            ]
            for role, key in shown.items()
        }

    told = at_work(tmp_path, a_config(org), environ(org), work, Keys(file))

    assert told == {"agent": [403] * 6, "reviewer": [200] * 4 + [403] * 2, "admin": [200] * 6}
