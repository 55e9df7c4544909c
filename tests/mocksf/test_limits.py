"""What calls cost, and what happens when they are used up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocksf.allowance import DAY_S, Allowance
from mocksf.clock import EPOCH, VirtualClock
from mocksf.errors import Refusal
from mocksf.org import Org
from mocksf.settings import OrgSettings
from tests.client import Client


@pytest.fixture
def scarce(clock: VirtualClock) -> Client:
    """An org that answers three calls a day."""
    return Client(Org(clock=clock, settings=OrgSettings(daily_requests=3)))


class TestDailyAllowance:
    def test_every_authenticated_answer_reports_it(self, sf: Client):
        used = [sf.get(path).headers["Sforce-Limit-Info"] for path in ("/limits", "/nonsense", "/sobjects/Account/x")]

        assert used == ["api-usage=1/5000000", "api-usage=2/5000000", "api-usage=3/5000000"]

    def test_the_versions_are_free_and_open(self, org: Org):
        answer = Client(org, token="").get("/services/data/")

        assert "Sforce-Limit-Info" not in answer.headers
        assert answer.body[-1]["version"] == "67.0"

    def test_used_up_it_refuses(self, scarce: Client):
        for _ in range(3):
            assert scarce.get("/limits").status == 200

        answer = scarce.get("/limits")

        assert answer.status == 403
        assert answer.body == [{"message": "TotalRequests Limit exceeded.", "errorCode": "REQUEST_LIMIT_EXCEEDED"}]
        assert answer.headers["Sforce-Limit-Info"] == "api-usage=3/3"
        assert "Retry-After" not in answer.headers

    def test_a_call_is_given_back_a_day_later(self, scarce: Client, clock: VirtualClock):
        for _ in range(3):
            scarce.get("/limits")
            clock.advance(3600)
        clock.advance(DAY_S - 3 * 3600 - 1)
        scarce.token = scarce.org.login()
        assert scarce.get("/limits").status == 403
        clock.advance(1)

        assert scarce.get("/limits").status == 200
        assert scarce.get("/limits").status == 403

    def test_logins_cost_nothing(self, scarce: Client):
        for _ in range(5):
            form = {"grant_type": "password", "client_id": "mocksf", "client_secret": "mocksf-secret"}
            assert scarce.token_for(**form, username="admin@mock.example", password="mock").status == 200

    @given(st.lists(st.integers(0, DAY_S), max_size=30), st.integers(1, 10))
    def test_never_more_than_the_maximum_in_any_day(self, waits: list[int], maximum: int):
        allowance, clock, answered = Allowance(maximum), VirtualClock(), []
        for wait in waits:
            clock.advance(wait)
            try:
                allowance.spend(clock.now())
                answered.append((clock.now() - EPOCH).total_seconds())
            except Refusal:
                assert (
                    len([each for each in answered if each > (clock.now() - EPOCH).total_seconds() - DAY_S]) == maximum
                )

        for instant in answered:
            assert len([each for each in answered if instant <= each < instant + DAY_S]) <= maximum


class TestLimits:
    def test_the_figures_stand_in_alphabetical_order(self, sf: Client):
        body = sf.get("/limits").body

        assert list(body) == sorted(body)
        assert body["DailyApiRequests"] == {"Max": 5_000_000, "Remaining": 4_999_999}
        assert body["PermissionSets"]["CreateCustom"] == {"Max": 1000, "Remaining": 1000}

    @pytest.mark.parametrize(("version", "name"), [("48.0", "DailyBulkApiRequests"), ("49.0", "DailyBulkApiBatches")])
    def test_the_bulk_limit_was_renamed(self, org: Org, version: str, name: str):
        assert name in Client(org, version=version).get("/limits").body

    def test_empty_objects_are_not_counted(self, sf: Client):
        sf.create("Account", Name="Acme")

        body = sf.get("/limits/recordCount?sObjects=Account,Opportunity").body

        assert body == {"sObjects": [{"count": 1, "name": "Account"}]}


class TestVersions:
    def test_the_newest_comes_last_with_its_season(self, sf: Client):
        labels = {each["version"]: each["label"] for each in sf.get("/services/data").body}

        assert next(iter(labels)) == "31.0"
        assert [labels[each] for each in ("31.0", "32.0", "42.0", "59.0", "66.0", "67.0")] == [
            "Summer '14",
            "Winter '15",
            "Spring \u201918",
            "Winter '24",
            "Spring '26",
            "Summer '26",
        ]

    def test_the_resources_of_a_version_name_the_identity(self, sf: Client, org: Org):
        body = sf.get("/services/data/v66.0/").body

        assert body["sobjects"] == "/services/data/v66.0/sobjects"
        assert body["identity"] == f"https://mock.example/id/{org.org_id}/{org.admin_id}"
