"""django-salesforce as published: the ORM of a small Django project, over an org's objects."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.clients.python_tools import colleague, served, told

pytestmark = pytest.mark.published


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    with served() as ready, colleague(ready) as http:
        seen = told("django-salesforce", "use_django_salesforce.py", ready, tmp_path_factory.mktemp("home"))
        seen["composites"] = http.get("/_mocksf/journal", params={"path": "*/composite"}).json()["total"]
        yield seen


@pytest.mark.parametrize("login", ["salesforce", "app", "refresh"])
def test_every_login_whose_signature_is_right_leads_into_the_org(steps: dict[str, Any], login: str):
    assert steps["logins"][login] == 3


def test_soap_logs_nobody_in_at_the_version_that_it_asks_for(steps: dict[str, Any]):
    assert "SOAP API login() is not available in API version 66.0" in steps["logins"]["soap"]


def test_a_wrong_password_is_refused_in_the_orgs_words(steps: dict[str, Any]):
    assert "invalid_grant" in steps["logins"]["wrong"]


def test_a_record_lives_from_create_to_delete(steps: dict[str, Any]):
    assert steps["records"]["read"] == ["Acme", "+49302", 7, True]


def test_deleted_records_are_read_by_who_asks_for_them(steps: dict[str, Any]):
    still_there, is_deleted = steps["records"]["gone"]

    assert (still_there, is_deleted) == (False, True)


def test_a_refusal_comes_through_word_for_word(steps: dict[str, Any]):
    assert "Required fields are missing: [LastName]" in steps["records"]["refused"]


def test_children_are_found_by_their_parents_and_parents_by_their_children(steps: dict[str, Any]):
    family = steps["family"]

    assert family["joined"] == [["Ada Field", "Reed"], ["Ada King", "Byron"], ["Ada Lovelace", "Byron"]]
    assert (family["by parent"], family["neither"]) == (["Field"], ["Field"])
    assert family["by subquery"] == family["children"] == ["King", "Lovelace"]
    assert (family["either"], family["slice"]) == (3, ["King"])


def test_a_custom_object_is_a_model_like_others(steps: dict[str, Any]):
    assert steps["family"]["visits"] == ["Byron"]


def test_rows_are_counted_by_group(steps: dict[str, Any]):
    assert steps["family"]["groups"] == [["Byron", 2], ["Reed", 1]]
    assert steps["family"]["greatest"] == "Lovelace"


def test_many_are_created_changed_and_deleted_in_collections(steps: dict[str, Any]):
    many = steps["many"]

    assert many["created"] == [650, 650]
    assert (many["changed"], many["after"]) == (150, 150)
    assert (many["deleted"], many["left"]) == (150, 500)


def test_a_collection_is_all_or_none_where_that_is_asked_for(steps: dict[str, Any]):
    said_so, is_there = zip(steps["many"]["Alone"], steps["many"]["Together"], strict=True)

    assert (said_so, is_there) == ((True, True), (True, False))


def test_a_query_that_is_too_long_for_an_address_goes_in_a_composite(steps: dict[str, Any]):
    assert steps["many"]["by ids"] == 650
    assert steps["composites"] == 1


def test_models_are_written_down_from_describes(steps: dict[str, Any]):
    assert "class SiteVisit(models.Model):" in steps["inspected"]
    assert "call_key = models.CharField(db_column='Call_Key__c', unique=True, max_length=80" in steps["inspected"]


def test_a_revoked_token_is_got_over(steps: dict[str, Any]):
    assert steps["refreshed"] == 1
