"""aiosalesforce as published, at the only addresses that it takes (a My Domain), by way of the proxy."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.clients.python_tools import served, told

pytestmark = pytest.mark.published

LOCKED_ONCE = {"kind": "row_lock", "where": {"method": "POST", "sobject": "Case"}, "how_often": {"times": 1}}


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    home = tmp_path_factory.mktemp("home")
    rules, key = home / "rules.json", home / "key.pem"
    rules.write_text(json.dumps([LOCKED_ONCE]), encoding="utf-8")
    with served("--rules", str(rules)) as ready:
        key.write_text(ready["jwt_key"], encoding="ascii")
        yield told("aiosalesforce", "use_aiosalesforce.py", ready, home, MOCKSF_KEY_FILE=str(key))


@pytest.mark.parametrize("login", ["soap", "credentials", "assertion", "sandbox"])
def test_every_login_leads_into_the_org(steps: dict[str, Any], login: str):
    assert steps["logins"][login] > 0


def test_a_wrong_login_is_refused_in_the_orgs_words(steps: dict[str, Any]):
    assert steps["logins"]["wrong_password"] == "INVALID_LOGIN"
    assert steps["logins"]["wrong_secret"] == "invalid_client"


def test_a_record_lives_from_create_to_delete(steps: dict[str, Any]):
    assert steps["records"]["read"]["Name"] == "Ada Lovelace"
    assert steps["records"]["gone"] == "ENTITY_IS_DELETED"


def test_an_upsert_makes_and_then_changes_one_record(steps: dict[str, Any]):
    assert (steps["records"]["upserts"], steps["records"]["by_key"]) == ([True, False], "Eve")


def test_a_refusal_comes_through_word_for_word(steps: dict[str, Any]):
    assert steps["records"]["refused"] == "[REQUIRED_FIELD_MISSING] Required fields are missing: [LastName]"


def test_parts_of_a_composite_refer_to_each_other_and_fail_together(steps: dict[str, Any]):
    assert steps["together"]["asked"] == "Together"
    assert steps["together"]["halted"] == ["PROCESSING_HALTED", "REQUIRED_FIELD_MISSING"]


def test_a_batch_sees_what_was_committed(steps: dict[str, Any]):
    assert steps["together"]["batch"] == [["Together"], "Together"]


def test_bulk_two_loads_and_says_which_row_failed(steps: dict[str, Any]):
    state, good, failed, left = steps["bulk"]["insert"]

    assert (state, good, left) == ("JobComplete", 2100, 0)
    assert failed == ["REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --"]
    assert steps["bulk"]["upsert"] == ["JobComplete", 10, [], 0]
    assert steps["bulk"]["jobs"] == ["insert", "upsert"]


def test_a_query_reads_page_after_page(steps: dict[str, Any]):
    assert steps["reading"]["pages"] == [2100, "Bulk 0000", "Bulk 2099"]


def test_deleted_records_are_read_by_who_asks_for_them(steps: dict[str, Any]):
    assert (steps["reading"]["live"], steps["reading"]["all"]) == ([], [True])


def test_any_resource_is_asked_for_a_describe_and_a_search(steps: dict[str, Any]):
    assert (steps["reading"]["describe"], steps["reading"]["search"]) == (True, ["Together"])


def test_a_locked_row_and_a_revoked_token_are_got_over(steps: dict[str, Any]):
    assert steps["trouble"] == {"read": "Locked once", "retries": 1, "again": True}
