"""What an org holds before anybody writes."""

from datetime import timedelta

import pytest

from mocksf.clock import VirtualClock
from mocksf.org import Org, OrgSettings
from mocksf.schema import default_schema
from tests.desk import MONDAY, Desk


@pytest.fixture
def desk() -> Desk:
    return Desk()


def ids(desk: Desk, name: str) -> list[str]:
    return [found for (found,) in desk.store.rows(f'SELECT "Id" FROM "{name}" ORDER BY "Id"')]


def test_there_is_one_organization_and_its_id_is_the_orgs(desk: Desk):
    assert ids(desk, "Organization") == [desk.founding.org_id]
    assert desk.value("Organization", desk.founding.org_id, "FiscalYearStartMonth") == 1


def test_the_administrator_is_active_and_has_the_profile(desk: Desk):
    admin = desk.read("User", desk.founding.admin_id)

    assert (admin["Username"], admin["Name"], admin["IsActive"]) == ("admin@mock.example", "Admin User", True)
    assert desk.value("Profile", admin["ProfileId"], "Name") == "System Administrator"


def test_a_fresh_org_has_the_administrator_alone():
    desk = Desk(default_schema())

    assert ids(desk, "User") == [desk.founding.admin_id]


def test_users_of_the_schema_are_there_from_the_first_day(desk: Desk):
    assert list(desk.founding.users) == ["admin@mock.example", "emea-sales@mock.example", "us-sales@mock.example"]
    assert ids(desk, "User") == list(desk.founding.users.values())


@pytest.mark.parametrize(("name", "count"), [("OpportunityStage", 10), ("LeadStatus", 5), ("TaskStatus", 5)])
def test_stages_and_statuses_are_records(desk: Desk, name: str, count: int):
    rows = [desk.read(name, record) for record in ids(desk, name)]

    assert [row["SortOrder"] for row in rows] == list(range(1, count + 1))
    assert all(row["ApiName"] == row["MasterLabel"] for row in rows)


def test_one_lead_status_converts_and_one_is_the_default(desk: Desk):
    rows = [desk.read("LeadStatus", record) for record in ids(desk, "LeadStatus")]

    assert [row["ApiName"] for row in rows if row["IsConverted"]] == ["Closed - Converted"]
    assert [row["ApiName"] for row in rows if row["IsDefault"]] == ["Open - Not Contacted"]


def test_everything_was_made_by_the_administrator_when_the_org_was(desk: Desk):
    user = desk.read("User", desk.founding.users["us-sales@mock.example"])

    assert user["CreatedById"] == desk.founding.admin_id
    assert user["CreatedDate"] == f"{MONDAY:%Y-%m-%dT%H:%M:%S}.000+0000"


def test_every_object_is_a_row(desk: Desk):
    rows = desk.store.rows('SELECT "QualifiedApiName", "KeyPrefix" FROM "EntityDefinition"')
    assert dict(rows) == {each.name: each.key_prefix for each in desk.schema}


def test_every_tab_is_a_row(desk: Desk):
    rows = desk.store.rows('SELECT "Name", "SobjectName", "Label", "IsCustom" FROM "TabDefinition" ORDER BY "Name"')
    named = {row[0]: tuple(row[1:]) for row in rows}

    assert named["standard-Account"] == ("Account", "Accounts", 0)
    assert named["Site_Visit__c"] == ("Site_Visit__c", "Site Visits", 1)
    assert "Pricebook2" not in {row[0] for row in named.values()}


class TestAgain:
    """Orgs in memory that begin alike begin with one image; whatever differs is founded row by row."""

    def test_who_begins_alike_has_the_same_rows(self, desk: Desk):
        twin = Desk()

        assert twin.founding == desk.founding
        assert [twin.read("User", each) for each in ids(twin, "User")] == [
            desk.read("User", each) for each in ids(desk, "User")
        ]

    def test_what_one_writes_the_next_has_not(self, desk: Desk):
        made = desk.create("Account", Name="Acme")

        assert ids(Desk(), "Account") == []
        assert Desk().create("Account", Name="Other") == made, "numbers begin anew"

    def test_who_begins_later_is_younger(self):
        first, later = (Org(clock=VirtualClock(MONDAY + timedelta(days=days))) for days in (0, 1))
        stamps = [org.store.rows('SELECT "CreatedDate" FROM "Organization"')[0][0] for org in (first, later)]

        assert stamps[1] - stamps[0] == timedelta(days=1) / timedelta(milliseconds=1)

    def test_a_company_of_its_own_is_its_own(self):
        orgs = Org(), Org(settings=OrgSettings(fiscal_month=4)), Org()

        months = [org.store.rows('SELECT "FiscalYearStartMonth" FROM "Organization"') for org in orgs]
        assert months == [[(1,)], [(4,)], [(1,)]]
