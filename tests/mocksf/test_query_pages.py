"""Pages that are smaller than usual, children with pages of their own, and what cannot be paged at all."""

import pytest

from mocksf.clock import VirtualClock
from mocksf.org import Org, OrgSettings
from mocksf.schema import load_schema
from tests.client import Client
from tests.soql_world import CASES

LONG = """
objects:
  Essay__c:
    label: Essay
    labelPlural: Essays
    nameField: {type: Text, label: Essay}
    fields:
      Account__c: {type: Lookup, label: Account, referenceTo: Account, relationshipName: Essays}
      Head__c: {type: LongTextArea, label: Head, length: 1000}
      Tail__c: {type: LongTextArea, label: Tail, length: 1000}
"""


@pytest.fixture
def essays(tmp_path, clock: VirtualClock) -> Client:
    """An org with 250 essays on one account."""
    path = tmp_path / "essays.yaml"
    path.write_text(LONG)
    sf = Client(Org(load_schema(["sample", CASES / "thing.yaml", path]), clock=clock))
    account = sf.create("Account", Name="Acme")
    for begin in (0, 200):
        records = [
            {"attributes": {"type": "Essay__c"}, "Name": f"{number:03}", "Account__c": account}
            for number in range(begin, min(begin + 200, 250))
        ]
        sf.post("/composite/sobjects", {"records": records})
    return sf


def test_of_a_query_with_offset_only_the_first_batch_is_given(essays: Client):
    page = essays.soql("SELECT Id, Head__c, Tail__c FROM Essay__c OFFSET 20").body

    assert (page["totalSize"], page["done"], len(page["records"])) == (200, True, 200)


@pytest.mark.parametrize(
    ("fields", "size"),
    [("Id", 250), ("Id, Head__c", 250), ("Id, Head__c, Tail__c", 200), ("FIELDS(CUSTOM)", 200)],
)
def test_two_long_texts_make_a_page_smaller(essays: Client, fields: str, size: int):
    limit = " LIMIT 200" if "FIELDS" in fields else ""
    page = essays.soql(f"SELECT {fields} FROM Essay__c{limit}").body

    assert len(page["records"]) == size
    assert page["done"] is (size == page["totalSize"])


def test_children_that_do_not_fit_have_a_locator_of_their_own(essays: Client):
    query = "SELECT Name, (SELECT Name FROM Essays__r ORDER BY Name) FROM Account"
    (record,) = essays.soql(query, **{"sforce-query-options": "batchSize=200"}).body["records"]

    family = record["Essays__r"]
    rest = essays.get(family["nextRecordsUrl"]).body

    assert list(family) == ["totalSize", "done", "nextRecordsUrl", "records"]
    assert (family["totalSize"], family["done"], len(family["records"])) == (250, False, 200)
    assert (rest["totalSize"], rest["done"]) == (250, True)
    assert [each["Name"] for each in family["records"] + rest["records"]] == [f"{n:03}" for n in range(250)]


def test_groups_cannot_be_paged(essays: Client):
    answer = essays.soql("SELECT Name FROM Essay__c GROUP BY Name", **{"sforce-query-options": "batchSize=200"})

    assert (answer.status, answer.code) == (400, "EXCEEDED_ID_LIMIT")
    assert answer.body[0]["message"].startswith("Aggregate query does not support queryMore(), use LIMIT")
    assert len(essays.soql("SELECT Name FROM Essay__c GROUP BY Name LIMIT 200").body["records"]) == 200


def test_texts_are_sorted_by_their_capitals(sf: Client):
    for name in ("a_b", "Ab", "aZ", "Äb", "a1"):
        sf.create("Account", Name=name)

    answer = sf.soql("SELECT Name FROM Account ORDER BY Name").body["records"]

    # An underscore stands behind the capitals, and before the small letters.
    assert [record["Name"] for record in answer] == ["a1", "Ab", "aZ", "a_b", "Äb"]


class TestTheAskersDay:
    """An administrator lives in Los Angeles; the org's fiscal year begins when it says."""

    def test_begins_at_midnight_where_they_live(self, org: Org, clock: VirtualClock, sf: Client):
        clock.advance(60)  # past the creation of the org, in the night of Los Angeles
        hour = clock.now().hour
        sf.create("Account", Name="Acme")
        text = (
            "SELECT HOUR_IN_DAY(CreatedDate) utc, HOUR_IN_DAY(convertTimezone(CreatedDate)) own FROM Account GROUP BY "
        )

        (row,) = sf.soql(text + "HOUR_IN_DAY(CreatedDate), HOUR_IN_DAY(convertTimezone(CreatedDate))").body["records"]

        assert (row["utc"], row["own"]) == (hour, (hour - 8) % 24)
        assert org.store.rows('SELECT "TimeZoneSidKey" FROM "User" LIMIT 1') == [("America/Los_Angeles",)]

    def test_moves_with_them(self, org: Org, sf: Client):
        (user,) = sf.soql("SELECT Id FROM User WHERE Username = 'admin@mock.example'").body["records"]
        sf.create("Account", Name="Acme")
        days = []
        for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
            org.store.update(org.schema["User"], user["Id"], {"TimeZoneSidKey": zone})
            day = "DAY_ONLY(convertTimezone(CreatedDate))"
            days.append(sf.soql(f"SELECT {day} day FROM Account GROUP BY {day}").body["records"][0]["day"])
            assert sf.soql("SELECT COUNT() FROM Account WHERE CreatedDate = TODAY").body["totalSize"] == 1

        assert days[0] > days[1]

    @pytest.mark.parametrize(("month", "by_start", "year"), [(1, 0, 2026), (2, 0, 2027), (2, 1, 2026), (12, 1, 2025)])
    def test_falls_into_the_fiscal_year_of_the_org(self, org: Org, sf: Client, month: int, by_start: int, year: int):
        changes = {"FiscalYearStartMonth": month, "UsesStartDateAsFiscalYearName": by_start}
        org.store.update(org.schema["Organization"], org.org_id, changes)
        account = sf.create("Account", Name="Acme")
        sf.create("Opportunity", Name="Deal", AccountId=account, StageName="Prospecting", CloseDate="2026-05-01")

        (row,) = sf.soql("SELECT FISCAL_YEAR(CloseDate) y FROM Opportunity GROUP BY FISCAL_YEAR(CloseDate)").body[
            "records"
        ]

        assert row["y"] == year

    @pytest.mark.parametrize(("month", "span"), [(1, "THIS_FISCAL_YEAR"), (4, "NEXT_FISCAL_YEAR")])
    def test_has_the_fiscal_year_that_the_settings_say(self, month: int, span: str):
        sf = Client(Org(settings=OrgSettings(fiscal_month=month)))
        sf.create("Opportunity", Name="Deal", StageName="Prospecting", CloseDate="2026-04-01")

        assert sf.soql(f"SELECT COUNT() FROM Opportunity WHERE CloseDate = {span}").body["totalSize"] == 1

    @pytest.mark.parametrize("by_start", [False, True])
    @pytest.mark.parametrize("month", [1, 2, 7, 12])
    def test_gives_a_deal_the_period_that_a_query_counts(self, month: int, by_start: bool):
        sf = Client(Org(settings=OrgSettings(fiscal_month=month, fiscal_by_start=by_start)))
        for day in ("2026-01-31", "2026-06-30", "2026-12-01"):
            sf.create("Opportunity", Name="Deal", StageName="Prospecting", CloseDate=day)

        rows = sf.soql(
            "SELECT FiscalYear, FiscalQuarter, FISCAL_YEAR(CloseDate) y, FISCAL_QUARTER(CloseDate) q FROM Opportunity "
            "GROUP BY FiscalYear, FiscalQuarter, FISCAL_YEAR(CloseDate), FISCAL_QUARTER(CloseDate)"
        ).body["records"]

        assert [(row["FiscalYear"], row["FiscalQuarter"]) for row in rows] == [(row["y"], row["q"]) for row in rows]

    def test_is_written_as_their_locale_writes_it(self, org: Org, sf: Client):
        (user,) = sf.soql("SELECT Id FROM User WHERE Username = 'admin@mock.example'").body["records"]
        sf.create("Account", Name="Acme", AnnualRevenue=1234567)
        text = "SELECT FORMAT(AnnualRevenue) FROM Account"
        before = sf.soql(text).body["records"][0]["AnnualRevenue"]

        org.store.update(org.schema["User"], user["Id"], {"LocaleSidKey": "de_DE"})

        assert (before, sf.soql(text).body["records"][0]["AnnualRevenue"]) == ("$1,234,567", "1.234.567 €")
