"""What each client was seen to do: written as JSON by `-p tests.clients.results --client-results FILE`."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.clients.python_tools import pinned

HERE = Path(__file__).resolve().parent
SIMPLE, SCHEMA, WIRED = "test_simple_salesforce", "test_simple_salesforce_metadata", "test_hard_wired_hosts"
JS, JS_SCHEMA, JS_STREAMS, SF = "test_jsforce", "test_jsforce_metadata", "test_jsforce_streaming", "test_sf"
AIO, TAP, CCI, ORM = "test_aiosalesforce", "test_tap_salesforce", "test_cumulusci", "test_django_salesforce"
OPERATIONS: tuple[tuple[str, str, str, str], ...] = (
    ("login with an access token", "simple-salesforce", SIMPLE, "a_session_suffices"),
    ("login with an access token", "jsforce", JS, "with_a_token_knows"),
    ("login with an access token", "sf", SF, "a_query_shows"),
    ("login with username and password (SOAP)", "simple-salesforce", SIMPLE, "username_and_password"),
    ("login with username and password (SOAP)", "jsforce", JS, "by_username_and_password"),
    ("login with username and password (SOAP)", "aiosalesforce", AIO, "into_the_org[soap]"),
    ("login with username and password (OAuth)", "django-salesforce", ORM, "into_the_org[salesforce]"),
    ("login with client credentials", "simple-salesforce", SIMPLE, "client_credentials"),
    ("login with client credentials", "aiosalesforce", AIO, "into_the_org[credentials]"),
    ("login with client credentials", "django-salesforce", ORM, "into_the_org[app]"),
    ("login with a signed assertion (JWT)", "sf", SF, "assertion_signed"),
    ("login with a signed assertion (JWT)", "aiosalesforce", AIO, "into_the_org[assertion]"),
    ("login with a signed assertion (JWT)", "cumulusci", CCI, "assertion_signed"),
    ("login with a refresh token, which is rotated", "tap-salesforce", TAP, "another_refresh_token"),
    ("login with a refresh token", "django-salesforce", ORM, "into_the_org[refresh]"),
    ("login at login.salesforce.com, through the proxy", "simple-salesforce", WIRED, "simple_salesforce_logs_in"),
    ("login at login.salesforce.com, through the proxy", "jsforce", WIRED, "jsforce_logs_in"),
    ("login at login.salesforce.com, through the proxy", "tap-salesforce", TAP, "another_refresh_token"),
    ("login at a My Domain, through the proxy", "simple-salesforce", WIRED, "simple_salesforce_logs_in"),
    ("login at a My Domain, through the proxy", "aiosalesforce", AIO, "every_login_leads"),
    ("login at a My Domain, through the proxy", "cumulusci", CCI, "assertion_signed"),
    ("login at a My Domain, through the proxy", "django-salesforce", ORM, "every_login"),
    ("a session that ended is refreshed", "jsforce", JS_SCHEMA, "that_ended_are_refreshed"),
    ("a session that ended is refreshed", "aiosalesforce", AIO, "revoked_token"),
    ("a session that ended is refreshed", "django-salesforce", ORM, "revoked_token"),
    ("a locked row is tried again", "aiosalesforce", AIO, "a_locked_row"),
    ("a query that took too long is asked in halves", "tap-salesforce", TAP, "asked_again_in_halves"),
    ("create, read, update, delete", "simple-salesforce", SIMPLE, "a_life_from_create"),
    ("create, read, update, delete", "jsforce", JS, "are_created_read_and_changed"),
    ("create, read, update, delete", "sf", SF, "a_record_is_created"),
    ("create, read, update, delete", "aiosalesforce", AIO, "from_create_to_delete"),
    ("create, read, update, delete", "django-salesforce", ORM, "from_create_to_delete"),
    ("upsert by external ID", "simple-salesforce", SIMPLE, "an_upsert_makes"),
    ("upsert by external ID", "jsforce", JS, "are_upserted_by_their_key"),
    ("upsert by external ID", "aiosalesforce", AIO, "an_upsert_makes"),
    ("collections", "jsforce", JS, "go_by_the_hundreds"),
    ("collections", "cumulusci", CCI, "loaded_in_collections"),
    ("collections", "django-salesforce", ORM, "in_collections"),
    ("composite, all or none", "simple-salesforce", SIMPLE, "parts_refer_to_each_other"),
    ("composite, all or none", "jsforce", JS, "all_or_none_in_a_composite"),
    ("composite, all or none", "aiosalesforce", AIO, "refer_to_each_other"),
    ("composite, all or none", "cumulusci", CCI, "makes_a_family"),
    ("batch", "aiosalesforce", AIO, "a_batch_sees"),
    ("trees, in and out", "sf", SF, "a_tree_is_imported"),
    ("a recipe of Snowfakery, loaded", "cumulusci", CCI, "of_a_recipe_refer"),
    ("a dataset, out and in again", "cumulusci", CCI, "a_dataset_goes"),
    ("files", "cumulusci", CCI, "a_file_is"),
    ("query", "simple-salesforce", SIMPLE, "a_query_finds_records"),
    ("query", "jsforce", JS, "built_by_the_clients_own_words"),
    ("query", "sf", SF, "a_query_shows"),
    ("query", "aiosalesforce", AIO, "page_after_page"),
    ("query", "django-salesforce", ORM, "found_by_their_parents"),
    ("query, page after page", "simple-salesforce", SIMPLE, "query_all_brings"),
    ("query, page after page", "jsforce", JS, "fetch_page_after_page"),
    ("query, page after page", "aiosalesforce", AIO, "page_after_page"),
    ("query, page after page", "tap-salesforce", TAP, "page_after_page"),
    ("query, deleted records as well", "aiosalesforce", AIO, "deleted_records_are_read"),
    ("query, deleted records as well", "tap-salesforce", TAP, "goes_on_where_the_last"),
    ("query, deleted records as well", "django-salesforce", ORM, "deleted_records_are_read"),
    ("query, too long for an address", "django-salesforce", ORM, "too_long_for_an_address"),
    ("sync, and later what has changed", "tap-salesforce", TAP, "goes_on_where"),
    ("search", "jsforce", JS, "find_a_phone"),
    ("search", "aiosalesforce", AIO, "any_resource"),
    ("describe", "simple-salesforce", SIMPLE, "an_object_and_all_objects"),
    ("describe", "jsforce", JS, "describes_are_read"),
    ("describe", "sf", SF, "objects_are_listed"),
    ("describe", "aiosalesforce", AIO, "any_resource"),
    ("describe", "tap-salesforce", TAP, "read_off_the_describes"),
    ("describe", "django-salesforce", ORM, "from_describes"),
    ("limits", "simple-salesforce", SIMPLE, "a_session_suffices"),
    ("limits", "jsforce", JS, "limits_are_known"),
    ("limits", "sf", SF, "limits_are_told"),
    ("limits", "aiosalesforce", AIO, "every_login"),
    ("any resource by its address", "sf", SF, "any_resource"),
    ("any resource by its address", "aiosalesforce", AIO, "any_resource"),
    ("Chatter", "jsforce", JS, "chatter_takes_a_post"),
    ("Bulk API 1.0", "simple-salesforce", SIMPLE, "one_loads_and_queries"),
    ("Bulk API 1.0", "jsforce", JS, "one_loads_and_queries"),
    ("Bulk API 1.0", "tap-salesforce", TAP, "bulk_one"),
    ("Bulk API 1.0", "cumulusci", CCI, "in_bulk"),
    ("Bulk API 2.0", "simple-salesforce", SIMPLE, "two_loads_and_queries"),
    ("Bulk API 2.0", "jsforce", JS, "two_loads_and_queries"),
    ("Bulk API 2.0", "sf", SF, "in_bulk"),
    ("Bulk API 2.0", "aiosalesforce", AIO, "bulk_two_loads"),
    ("metadata: create, read, update, delete", "simple-salesforce", SCHEMA, "an_object_is_created"),
    ("metadata: create, read, update, delete", "jsforce", JS_SCHEMA, "change_and_go"),
    ("deploy", "simple-salesforce", SCHEMA, "an_archive_is_deployed"),
    ("deploy", "jsforce", JS_SCHEMA, "bring_objects_that_take"),
    ("deploy", "sf", SF, "sample_project_is_deployed"),
    ("deploy", "cumulusci", CCI, "components_are_deployed"),
    ("retrieve", "simple-salesforce", SCHEMA, "an_archive_is_deployed"),
    ("retrieve", "jsforce", JS_SCHEMA, "are_retrieved"),
    ("retrieve", "sf", SF, "components_are_retrieved"),
    ("retrieve", "cumulusci", CCI, "components_are_retrieved"),
    ("permission sets, made and assigned", "cumulusci", CCI, "a_permission_set"),
    ("tooling", "simple-salesforce", SCHEMA, "tooling_is_asked"),
    ("tooling", "jsforce", JS_SCHEMA, "knows_the_new_fields"),
    ("streaming: push topics, events, changes", "jsforce", JS_STREAMS, "heard"),
    ("streaming: replay", "jsforce", JS_STREAMS, "goes_on_behind"),
    ("anonymous Apex", "jsforce", JS_SCHEMA, "runs_no_apex"),
    ("anonymous Apex", "cumulusci", CCI, "does_not_compile"),
)
"""Operation, client, module, and a stretch of the name of the test (or tests) that show it."""
PYTHON = ("aiosalesforce", "tap-salesforce", "cumulusci", "django-salesforce")
"""Clients in environments of their own, beside simple-salesforce."""
DIFFERS = {"anonymous Apex": "answered as Apex that does not compile: the org runs none"}
"""What is not as in a real org, for every client."""
_PASSED: dict[str, bool] = {}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where the results go."""
    parser.addoption("--client-results", type=Path, help="what each client was seen to do, as JSON")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember whether a test held, its fixtures included."""
    _PASSED[report.nodeid] = _PASSED.get(report.nodeid, True) and report.passed


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write them, on the one process that hears of all tests."""
    into: Path | None = session.config.getoption("--client-results")
    if into is not None and not hasattr(session.config, "workerinput"):
        into.write_text(json.dumps({"versions": versions(), "operations": seen()}, indent=1) + "\n", encoding="utf-8")


def seen() -> dict[str, dict[str, str]]:
    """Operation → client → works, differs (and how), or fails; what was not run is not there."""
    told: dict[str, dict[str, str]] = {}
    for operation, client, module, name in OPERATIONS:
        held = [good for test, good in _PASSED.items() if f"{module}.py::" in test and name in test]
        if held:
            good = f"differs: {DIFFERS[operation]}" if operation in DIFFERS else "works"
            told.setdefault(operation, {})[client] = good if all(held) else "fails"
    return told


def versions() -> dict[str, str]:
    """The clients that were tried, as they are pinned."""

    def locked(folder: str, package: str) -> str:
        told: dict[str, Any] = json.loads((HERE / folder / "package.json").read_text(encoding="utf-8"))
        return str(told["dependencies"][package])

    return {
        "simple-salesforce": pinned("simple-salesforce"),
        "jsforce": locked("node", "jsforce"),
        "sf": locked("sf", "@salesforce/cli"),
        **{client: pinned(client) for client in PYTHON},
    }
