"""jsforce as published, on the Node that it asks for, over TLS to `mocksf serve`: each step as its docs show."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.clients.node_tools import told

pytestmark = pytest.mark.clients


@pytest.fixture(scope="module")
def steps() -> Iterator[dict[str, Any]]:
    command = [sys.executable, "-m", "mocksf", "serve", "--tls", "--schema", "sample"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield told("jsforce.mjs", json.loads(process.stdout.readline()))
        finally:
            process.terminate()


class TestLogin:
    def test_by_username_and_password(self, steps: dict[str, Any]):
        assert steps["login"]["user"].startswith("005")
        assert steps["login"]["organization"].startswith("00D")
        assert steps["login"]["instance"].startswith("https://")

    def test_is_gone_from_the_newest_versions(self, steps: dict[str, Any]):
        assert "use an OAuth flow instead" in steps["loginTooNew"]["message"]

    def test_with_a_wrong_password_is_refused(self, steps: dict[str, Any]):
        assert steps["badLogin"]["message"].startswith("INVALID_LOGIN:")

    def test_with_a_token_knows_who_it_is(self, steps: dict[str, Any]):
        assert steps["identity"] == "admin@mock.example"

    def test_with_a_token_of_nobody_is_refused(self, steps: dict[str, Any]):
        assert steps["expired"]["error"] == "INVALID_SESSION_ID"


class TestRecords:
    def test_are_created_read_and_changed(self, steps: dict[str, Any]):
        assert steps["create"]["success"] is True
        assert steps["retrieve"] == "Acme"
        assert steps["update"]["id"] == steps["create"]["id"]

    def test_are_upserted_by_their_key(self, steps: dict[str, Any]):
        assert (steps["upsertKnown"]["created"], steps["upsertNew"]["created"]) == (False, True)
        assert steps["upsertKnown"]["id"] == steps["create"]["id"]

    def test_are_refused_with_the_orgs_own_code(self, steps: dict[str, Any]):
        assert steps["refusal"]["error"] == "INVALID_FIELD"
        assert steps["allOrNone"] == ["ALL_OR_NONE_OPERATION_ROLLED_BACK", "REQUIRED_FIELD_MISSING"]

    def test_go_by_the_hundreds(self, steps: dict[str, Any]):
        assert steps["createMany"] == {"made": 450, "good": 450}
        assert steps["retrieveMany"] == ["Caller 000", "Caller 001"]
        assert steps["deleteMany"] is True

    def test_that_are_deleted_are_gone(self, steps: dict[str, Any]):
        assert steps["destroy"]["success"] is True
        assert steps["gone"]["error"] == "ENTITY_IS_DELETED"

    def test_are_written_all_or_none_in_a_composite(self, steps: dict[str, Any]):
        assert steps["requestComposite"] == [201, 201]


class TestQueries:
    def test_fetch_page_after_page(self, steps: dict[str, Any]):
        assert steps["autoFetch"] == {"count": 450, "first": "Caller 000"}

    def test_are_built_by_the_clients_own_words(self, steps: dict[str, Any]):
        assert steps["builder"] == ["Caller 009", "Caller 008", "Caller 007"]
        assert steps["builderCount"] == 50

    def test_that_are_wrong_show_the_place(self, steps: dict[str, Any]):
        assert steps["malformed"]["error"] == "INVALID_FIELD"
        assert "ERROR at Row:1:Column:8" in steps["malformed"]["message"]

    def test_find_a_phone_however_it_is_written(self, steps: dict[str, Any]):
        assert steps["search"] == 1


class TestTheRest:
    def test_describes_are_read(self, steps: dict[str, Any]):
        assert steps["describe"]["name"] == "Account"
        assert "Opportunity" in steps["describeGlobal"]

    def test_limits_are_known_from_the_header(self, steps: dict[str, Any]):
        assert steps["limits"] == {"max": True, "info": True}

    def test_chatter_takes_a_post(self, steps: dict[str, Any]):
        assert steps["chatter"] == "FeedItem"

    def test_recent_items_are_told(self, steps: dict[str, Any]):
        assert steps["recent"] is True


class TestBulk:
    def test_one_loads_and_queries_in_csv(self, steps: dict[str, Any]):
        wrong = "REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --"
        assert steps["bulk"] == {"good": 150, "error": wrong, "found": 150}

    def test_two_loads_and_queries_in_csv(self, steps: dict[str, Any]):
        wrong = "REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --"
        assert steps["bulk2"] == {"good": 450, "error": wrong, "left": 0, "found": 450}
