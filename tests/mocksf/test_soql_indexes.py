"""Queries that integrations ask while a caller waits find their rows by an index, never by reading all of them."""

import pytest

from mocksf.soql import compile_soql
from tests.soql_world import NOW, schema, store


def steps(text: str) -> list[str]:
    """How the database means to find the rows of a query's first statement."""
    plan = compile_soql(text, schema(), NOW)
    return [row[3] for row in store().rows(f"EXPLAIN QUERY PLAN {plan.statements[0].sql}", plan.values[0])]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT Id FROM Contact WHERE Phone = '+4930111'",
        "SELECT Id, Name, Account.Name FROM Contact WHERE Phone = '+4930111' LIMIT 1",
        "SELECT Id FROM Contact WHERE Email = 'ada@example.com'",
        "SELECT Id FROM Contact WHERE Phone IN ('+4930111', '+49 30 111', '030 111')",
        "SELECT Id FROM Contact WHERE Caller_Key__c = '+4930111'",
        "SELECT Id FROM Contact WHERE Id = '003Rt0000000001'",
        "SELECT Id FROM Contact WHERE Id IN ('003Rt0000000001', '003Rt0000000002')",
        "SELECT Id FROM Contact WHERE AccountId = '001Rt0000000001'",
        "SELECT Id FROM Contact WHERE Name LIKE 'Ada%'",
        "SELECT Id FROM Contact WHERE Phone = '1' OR Email = 'a@b.c'",
        "SELECT COUNT() FROM Contact WHERE AccountId = '001Rt0000000001'",
        "SELECT Id FROM Contact WHERE Account.Caller_Key__c = '+4930111'",
        "SELECT Id FROM Contact WHERE AccountId IN (SELECT Id FROM Account WHERE Name = 'acme')",
    ],
)
def test_a_point_query_never_reads_the_whole_table(text: str):
    assert [step for step in steps(text) if step.startswith("SCAN")] == []


def test_the_children_of_many_records_are_found_by_their_reference():
    plan = compile_soql("SELECT (SELECT Id FROM Contacts LIMIT 2) FROM Account", schema(), NOW)
    children = plan.statements[1]

    found = store().rows(f"EXPLAIN QUERY PLAN {children.sql}", ("[]", *plan.values[1]))

    assert any("SEARCH t0 USING INDEX Contact.AccountId" in row[3] for row in found)


def test_a_parent_is_reached_by_its_id():
    assert any(step.startswith("SEARCH t1 USING INDEX") for step in steps("SELECT Account.Name FROM Contact"))


@pytest.mark.parametrize(
    ("order", "ends"),
    [
        ("Id", '"IsDeleted" = 0 ORDER BY t0."Id" ASC'),
        ("Id DESC NULLS LAST, Name", '"IsDeleted" = 0 ORDER BY t0."Id" DESC'),
        ("AccountId, Id", 'ORDER BY t0."AccountId" ASC NULLS FIRST, t0."Id" ASC'),
        ("AccountId", 'ORDER BY t0."AccountId" ASC NULLS FIRST, t0."Id"'),
    ],
)
def test_an_order_ends_with_the_id_and_says_nothing_of_its_nulls(order: str, ends: str):
    """PostgreSQL walks along an index only where nulls go as in the index; ids are how integrations page."""
    plan = compile_soql(f"SELECT Name FROM Contact ORDER BY {order}", schema(), NOW)

    assert plan.statements[0].sql.endswith(ends)
