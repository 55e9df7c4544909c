"""Compiled queries are kept by text and by shape; what is kept never changes what is answered."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocksf.errors import Refusal
from mocksf.schema import load_schema
from mocksf.soql import Plan, cache, compile_soql, execute
from tests.soql_reading import CONDITIONS, written
from tests.soql_world import NOW, ask, schema, shortened, store


def compiled(text: str, version: float = 66.0) -> Plan:
    return compile_soql(text, schema(), NOW, version)


def by_phone(phone: str) -> str:
    return f"SELECT Id FROM Contact WHERE Phone = '{phone}' LIMIT 1"


class TestTheSameText:
    def test_gives_the_same_plan(self):
        assert compiled(by_phone("1")) is compiled(by_phone("1"))

    def test_is_another_query_in_another_version(self):
        text = "SELECT Id FROM Account WHERE Id = 'abc'"

        with pytest.raises(Refusal, match="invalid ID field") as old:
            compiled(text, 60.0)
        with pytest.raises(Refusal, match="invalid ID field") as new:
            compiled(text, 61.0)
        assert (old.value.code, new.value.code) == ("INVALID_QUERY_FILTER_OPERATOR", "MALFORMED_QUERY")

    def test_is_another_query_on_another_schema(self):
        text = "SELECT Id FROM Thing__c"

        assert compiled(text).sobject == "Thing__c"
        with pytest.raises(Refusal, match="sObject type 'Thing__c' is not supported"):
            compile_soql(text, load_schema(["sample"]), NOW)

    def test_counts_its_days_from_the_day_it_is_asked(self):
        text = "SELECT Id FROM Account WHERE CreatedDate = TODAY"

        days = [compile_soql(text, schema(), NOW + timedelta(days=day)) for day in (0, -1)]

        assert [execute(plan, store()).total for plan in days] == [1, 1]
        assert days[0].values != days[1].values


def forget() -> None:
    """As if nothing had been asked before."""
    shelf = cache.shelf_of(schema())
    for kept in vars(shelf).values():
        kept.clear()


class TestTheSameShape:
    def test_shares_its_statements(self):
        first, second = compiled(by_phone("+4930111")), compiled(by_phone("+4930222"))

        assert first.statements is second.statements
        assert (first.values[0][0], second.values[0][0]) == ("+4930111", "+4930222")

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Name = 'a'", "Name = ''"),
            ("Name LIKE 'a%'", "Name LIKE '%a'"),
            ("Name IN ('a', 'b')", "Name IN ('a', '')"),
            ("Name IN ('a', 'b')", "Name IN ('a', 'b', 'c')"),
            ("Name = 'a'", "Name != 'a'"),
            ("NumberOfEmployees = 1", "NumberOfEmployees = null"),
        ],
    )
    def test_is_not_what_asks_for_something_else(self, one: str, other: str):
        ask(f"SELECT Id FROM Account WHERE {one}")

        assert (
            compiled(f"SELECT Id FROM Account WHERE {other}").statements
            is not compiled(f"SELECT Id FROM Account WHERE {one}").statements
        )

    def test_finds_a_beginning_by_its_index_whatever_was_asked_before(self):
        for pattern in ("a%", "%a", "a%"):
            statement = compiled(f"SELECT Id FROM Contact WHERE Name LIKE '{pattern}' LIMIT 7").statements[0].sql
            assert (">= ?" in statement) is (pattern == "a%")
            cache.shelf_of(schema()).plans.clear()

    @pytest.mark.parametrize(
        ("good", "bad", "sentence"),
        [
            ("AnnualRevenue = 5", "AnnualRevenue = '5'", "must be of type double"),
            ("Name = 'a'", "Name = 5", "must be of type string"),
            ("Id = '001Rt0000000001'", "Id = '001Rt00000001'", "invalid ID field: 001Rt00000001"),
            ("CreatedDate > 2026-01-05T00:00:00Z", "CreatedDate > 2026-13-05T00:00:00Z", "Invalid datetime"),
            ("CreatedDate > 2026-01-05T00:00:00Z", "CreatedDate > 2026-01-05", "must be of type dateTime"),
            ("Name = 'ab'", r"Name = 'a\b\d'", "Illegal character sequence"),
            ("AnnualRevenue =5LIMIT 1", "AnnualRevenue =5 1", "unexpected token: '1'"),
        ],
    )
    def test_still_refuses_what_does_not_fit(self, good: str, bad: str, sentence: str):
        ask(f"SELECT Id FROM Account WHERE {good}")

        with pytest.raises(Refusal, match=sentence):
            ask(f"SELECT Id FROM Account WHERE {bad}")

    @pytest.mark.parametrize(
        "queries",
        [
            ["SELECT Id FROM Account WHERE Name LIKE 'acme%'", "SELECT Id FROM Account WHERE Name LIKE '%acme'"],
            [
                "SELECT Id FROM Thing__c WHERE Tags__c INCLUDES ('Red')",
                "SELECT Id FROM Thing__c WHERE Tags__c INCLUDES ('Red;Green')",
            ],
            [
                "SELECT COUNT(Id) FROM Account GROUP BY Industry HAVING COUNT(Id) > 1",
                "SELECT COUNT(Id) FROM Account GROUP BY Industry HAVING COUNT(Id) > 0",
            ],
            [
                "SELECT Id FROM Account WHERE Name='acme'AND NumberOfEmployees=100",
                "SELECT Id FROM Account WHERE Name='acme'AND NumberOfEmployees=7",
            ],
        ],
    )
    def test_answers_as_if_it_were_new(self, queries: list[str]):
        totals = [ask(query).total for query in queries]

        forget()
        assert [ask(query).total for query in reversed(queries)] == totals[::-1]
        assert len(set(totals)) == 2


@given(st.lists(CONDITIONS, min_size=2, max_size=4))
def test_nothing_kept_changes_an_answer(conditions):
    queries = [f"SELECT Id FROM Account WHERE {written(each)}" for each in conditions]

    warm = [shortened(ask(query).records) for query in queries]

    for query, answer in zip(queries, warm, strict=True):
        forget()
        assert shortened(ask(query).records) == answer


def test_what_is_kept_is_bounded():
    shelf = cache.Kept()

    for number in range(cache.KEPT_MAX + 10):
        shelf.keep(number, number)

    assert (len(shelf), min(shelf)) == (cache.KEPT_MAX, 10)
