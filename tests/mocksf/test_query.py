"""The query resources: pages, locators, deleted records."""

from datetime import timedelta

import pytest

from mocksf.clock import VirtualClock
from mocksf.org import Org
from tests.client import Client, part

ALL = "SELECT Id, AccountNumber FROM Account ORDER BY AccountNumber"


@pytest.fixture
def many(sf: Client) -> Client:
    """An org with 450 accounts."""
    for page in range(18):
        sf.composite(
            *[
                part("POST", "/sobjects/Account", f"r{n}", Name="A", AccountNumber=f"{page * 25 + n:04}")
                for n in range(25)
            ]
        )
    return sf


class TestOnePage:
    def test_the_answer_to_the_letter(self, sf: Client):
        account = sf.create("Account", Name="Acme")

        assert (
            sf.soql("select id, name from account").raw
            == (
                f'{{"totalSize":1,"done":true,"records":[{{"attributes":{{"type":"Account",'
                f'"url":"/services/data/v66.0/sobjects/Account/{account}"}},"Id":"{account}","Name":"Acme"}}]}}'
            ).encode()
        )

    @pytest.mark.parametrize("path", ["/query?q=", "/query/?q=", "//query//?q=", "/Query?q="])
    def test_the_address_may_be_written_in_many_ways(self, sf: Client, path: str):
        assert sf.get(f"{path}SELECT+COUNT()+FROM+Account").raw == b'{"totalSize":0,"done":true,"records":[]}'

    def test_without_a_query_it_is_refused(self, sf: Client):
        assert (sf.get("/query").status, sf.get("/query").code) == (400, "MALFORMED_QUERY")

    def test_an_unknown_object_is_shown_in_the_text(self, sf: Client):
        answer = sf.soql("select count() from XYZZY")

        assert answer.code == "INVALID_TYPE"
        assert answer.body[0]["message"].startswith(
            "\nselect count() from XYZZY\n                    ^\nERROR at Row:1:Column:21\nsObject type 'XYZZY'"
        )
        assert "fields" not in answer.body[0]


class TestPages:
    def test_locators_lead_through_all_records(self, many: Client):
        first = many.soql(ALL, **{"sforce-query-options": "batchSize=200"}).body
        second = many.get(first["nextRecordsUrl"]).body
        third = many.get(second["nextRecordsUrl"]).body

        assert [len(page["records"]) for page in (first, second, third)] == [200, 200, 50]
        assert [page["totalSize"] for page in (first, second, third)] == [450] * 3
        assert [page["done"] for page in (first, second, third)] == [False, False, True]
        assert list(first) == ["totalSize", "done", "nextRecordsUrl", "records"]
        assert list(third) == ["totalSize", "done", "records"]
        numbers = [row["AccountNumber"] for page in (first, second, third) for row in page["records"]]
        assert numbers == [f"{n:04}" for n in range(450)]

    def test_a_locator_is_a_cursor_and_an_offset(self, many: Client):
        url = many.soql(ALL, **{"sforce-query-options": "batchSize=200"}).body["nextRecordsUrl"]
        cursor, _, offset = url.rpartition("/")[2].partition("-")

        assert (cursor[:3], len(cursor), offset) == ("01g", 18, "200")
        assert len(many.get(f"/query/{cursor}-440").body["records"]) == 10

    @pytest.mark.parametrize(("wish", "size"), [("1", 200), ("250", 250), ("9999", 450), ("x", 450)])
    def test_the_wished_size_is_kept_within_bounds(self, many: Client, wish: str, size: int):
        page = many.soql(ALL, **{"sforce-query-options": f"batchSize={wish}"}).body

        assert len(page["records"]) == size

    def test_a_locator_lives_for_two_days(self, many: Client, clock: VirtualClock):
        url = many.soql(ALL, **{"sforce-query-options": "batchSize=200"}).body["nextRecordsUrl"]
        clock.advance(timedelta(days=2).total_seconds() - 1)
        many.token = many.org.login()
        assert many.get(url).status == 200
        clock.advance(1)

        assert (many.get(url).status, many.get(url).code) == (400, "INVALID_QUERY_LOCATOR")

    def test_nobody_else_may_read_on(self, many: Client, org: Org):
        url = many.soql(ALL, **{"sforce-query-options": "batchSize=200"}).body["nextRecordsUrl"]

        assert Client(org, org.login("us-sales@mock.example")).get(url).code == "INVALID_QUERY_LOCATOR"

    @pytest.mark.parametrize("locator", ["nonsense", "01gRt0000000001IAA-0", "01gRt0000000001IAA-x", "-", "01g-²"])
    def test_a_bad_locator_is_refused(self, sf: Client, locator: str):
        assert sf.get(f"/query/{locator}").code == "INVALID_QUERY_LOCATOR"


def test_deleted_records_are_seen_by_query_all_only(sf: Client):
    account = sf.create("Account", Name="Acme")
    sf.delete(f"/sobjects/Account/{account}")

    assert sf.get("/query?q=SELECT Id FROM Account").body["totalSize"] == 0
    assert sf.get("/queryAll?q=SELECT Id, IsDeleted FROM Account").body["records"][0]["IsDeleted"] is True
