"""Where a refusal points: fragment, caret, row and column, against messages recorded from real orgs."""

import pytest

from mocksf.errors import Refusal, Refuse
from mocksf.soql.caret import positional, refusal_at
from tests.soql_world import ask, schema

MAKERS = ["Owner", "CreatedBy", "LastModifiedBy"]
CHIEFS = ["Manager", "CreatedBy", "LastModifiedBy", "Profile"]


def shown(query: str, word: str) -> tuple[str, int]:
    """The fragment of a refusal at a word, and how far in the caret stands."""
    _, fragment, caret, *_ = positional(query, query.index(word), "no").split("\n")
    return fragment, caret.index("^")


def far_fields() -> list[str]:
    """Fields of users in great number: an account's, its parents', their makers'."""
    users = [f"{before}{one}{behind}" for before in ("", "Parent.") for one in MAKERS for behind in ("", ".Manager")]
    paths = [f"{user}.{field.name}" for user in users for field in schema()["User"].fields]
    return sorted(paths, key=len)[:2_000]  # the shortest, for a text may not be endless


def far_parents() -> list[str]:
    """More than 55 different parents."""
    chains = [f"{'Parent.' * level}{one}.{another}" for level in range(3) for one in MAKERS for another in CHIEFS]
    return [f"{chain}.{last}.Id" for chain in chains for last in MAKERS[1:]]


def test_the_recorded_message_is_matched_to_the_letter():
    with pytest.raises(Refusal) as caught:
        ask("select count() from XYZZY")

    assert caught.value.message == (
        "\nselect count() from XYZZY\n                    ^\nERROR at Row:1:Column:21\n"
        "sObject type 'XYZZY' is not supported. If you are attempting to use a custom object, be sure to append the "
        "'__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names."
    )
    assert (caught.value.code, caught.value.status) == ("INVALID_TYPE", 400)


@pytest.mark.parametrize(
    ("query", "word", "caret"),
    [
        ("SELECT Id,Invalid__x FROM Contact LIMIT 1", "Invalid__x", 10),
        ("SELECT Bacon__c FROM Account LIMIT 2", "Bacon__c", 7),
        ("SELECT Id, Name, AccountNumber FROM AccountOpps WHERE Name like 'okToDelete%'", "AccountOpps", 36),
    ],
)
def test_a_short_query_is_shown_whole(query: str, word: str, caret: int):
    assert shown(query, word) == (query, caret)


def test_the_tail_of_a_long_query_is_cut_between_tokens():
    query = "SELECT Id, Dispenser__c, Answer__c, Audit_Question__c, Another_Field__c FROM Answer__c"

    assert shown(query, "Dispenser__c") == ("SELECT Id, Dispenser__c, Answer__c, Audit_Question__c", 11)


def test_the_head_of_a_long_query_is_cut_between_tokens():
    query = "SELECT " + ", ".join(f"Field_{number}__c" for number in range(20)) + " FROM Account"

    fragment, caret = shown(query, "Field_10__c")

    assert fragment.startswith("Field_")
    assert fragment[caret:].startswith("Field_10__c")
    assert caret <= 50


def test_a_token_longer_than_the_window_is_shown_whole():
    name = "A" * 100

    assert shown(f"SELECT {name} FROM Account", name) == (f"SELECT {name}", 7)


def test_rows_and_columns_count_over_the_whole_text():
    with pytest.raises(Refusal) as caught:
        ask("SELECT Id\nFROM Account\nWHERE Name = 'a'\n  AND IsActive = true")

    assert "\n  AND IsActive = true\n      ^\nERROR at Row:4:Column:7\n" in caught.value.message


def test_the_end_of_the_text_is_a_place():
    with pytest.raises(Refusal) as caught:
        ask("SELECT Id FROM")

    assert caught.value.message == (
        "\nSELECT Id FROM\n              ^\nERROR at Row:1:Column:15\nunexpected token: '<EOF>'"
    )


def test_a_refusal_knows_its_situation():
    refusal = refusal_at("SELECT Id FROM A", 15, Refuse.NO_SUCH_ENTITY, name="A")

    assert (refusal.situation, refusal.code) == (Refuse.NO_SUCH_ENTITY, "INVALID_TYPE")


@pytest.mark.parametrize("query", ["", " ", "\n\t"])
def test_an_empty_query_has_no_place(query: str):
    with pytest.raises(Refusal, match=r"^A query string has to be specified$"):
        ask(query)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("SELECT Id FROM Account WHERE Name = '" + "a" * 99_999 + "'", "MALFORMED_QUERY"),
        ("SELECT Id FROM Account WHERE Name = '" + "a" * 4_001 + "'", "MALFORMED_QUERY"),
        ("SELECT Id FROM Account WHERE " + "(" * 300 + "Name = 'a'" + ")" * 300, "QUERY_TOO_COMPLICATED"),
        ("SELECT Id FROM Account WHERE " + "NOT " * 300 + "Name = 'a'", "QUERY_TOO_COMPLICATED"),
        ("SELECT Id FROM Account ORDER BY " + ", ".join(["Name"] * 33), "QUERY_TOO_COMPLICATED"),
        ("SELECT Name FROM Account GROUP BY " + ", ".join(["Name"] * 33), "QUERY_TOO_COMPLICATED"),
        ("SELECT " + ", ".join(["COUNT(Id)"] * 2_001) + " FROM Account", "QUERY_TOO_COMPLICATED"),
        (f"SELECT {', '.join(far_fields())} FROM Account", "QUERY_TOO_COMPLICATED"),
        (f"SELECT {', '.join(far_parents())} FROM Account", "MALFORMED_QUERY"),
        ("SELECT " + ", ".join(f"(SELECT Id FROM {x})" for x in ["Contacts"] * 21) + " FROM Account", "INVALID_FIELD"),
    ],
)
def test_what_is_too_much_is_refused(query: str, code: str):
    with pytest.raises(Refusal) as caught:
        ask(query)

    assert caught.value.code == code


@pytest.mark.parametrize(
    "condition",
    [
        " OR ".join(f"Name = 'n{number}'" for number in range(3_000)),
        " AND ".join(["(NumberOfEmployees > 1 OR Name = 'x')"] * 1_500),
        "Name IN (" + ", ".join(f"'n{number}'" for number in range(8_000)) + ")",
        "Name NOT IN (" + ", ".join(f"'n{number}'" for number in range(8_000)) + ")",
        "NumberOfEmployees IN (" + ",".join(["1"] * 40_000) + ")",
        "(Name = 'a' OR (" * 18 + "Name = 'a'" + "))" * 18,
        "(Name = 'a' OR (Name = 'b' AND " * 18 + "Name = 'a'" + "))" * 18,
        "Name LIKE '" + "%_" * 1_999 + "'",
    ],
)
def test_what_is_much_is_answered(condition: str):
    assert ask(f"SELECT COUNT() FROM Account WHERE {condition}").total <= 4
