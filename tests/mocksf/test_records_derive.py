"""What Salesforce works out itself when a record is saved."""

from typing import Any

import pytest

from mocksf.errors import Refuse
from tests.desk import MONDAY, Desk, refused

NOW = f"{MONDAY:%Y-%m-%dT%H:%M:%S}.000+0000"


@pytest.fixture
def desk() -> Desk:
    return Desk()


class TestPeople:
    @pytest.mark.parametrize("name", ["contact", "lead"])
    def test_are_named_first_and_last_without_salutation(self, desk: Desk, name: str):
        record = getattr(desk, name)(Salutation="Dr.", FirstName="Ada", LastName="Lovelace")

        assert desk.value(name.title(), record, "Name") == "Ada Lovelace"

    def test_change_their_name_with_its_parts(self, desk: Desk):
        contact = desk.contact(FirstName="Ada", LastName="Byron")

        desk.update("Contact", contact, LastName="Lovelace")
        assert desk.value("Contact", contact, "Name") == "Ada Lovelace"
        desk.update("Contact", contact, FirstName=None)
        assert desk.value("Contact", contact, "Name") == "Lovelace"

    def test_who_are_converted_leads_stay_as_they_are(self, desk: Desk):
        lead = desk.lead(IsConverted=True)

        with refused(Refuse.CONVERTED_LEAD, "cannot reference converted lead"):
            desk.update("Lead", lead, Title="x")


STAGES = [
    ("Prospecting", 10, "Pipeline", False, False),
    ("Qualification", 10, "Pipeline", False, False),
    ("Needs Analysis", 20, "Pipeline", False, False),
    ("Value Proposition", 50, "Pipeline", False, False),
    ("Id. Decision Makers", 60, "Pipeline", False, False),
    ("Perception Analysis", 70, "Pipeline", False, False),
    ("Proposal/Price Quote", 75, "Pipeline", False, False),
    ("Negotiation/Review", 90, "Pipeline", False, False),
    ("Closed Won", 100, "Closed", True, True),
    ("Closed Lost", 0, "Omitted", True, False),
]


class TestAnOpportunity:
    FOLLOWING = ("Probability", "ForecastCategory", "ForecastCategoryName", "IsClosed", "IsWon")

    def read(self, desk: Desk, opportunity: str, *names: str) -> tuple[Any, ...]:
        record = desk.read("Opportunity", opportunity)
        return tuple(record[name] for name in names or self.FOLLOWING)

    @pytest.mark.parametrize(("stage", "probability", "category", "closed", "won"), STAGES)
    def test_follows_its_stage(self, desk: Desk, stage: str, probability: int, category: str, closed: bool, won: bool):
        opportunity = desk.opportunity(StageName=stage)

        assert self.read(desk, opportunity) == (float(probability), category, category, closed, won)

    def test_takes_a_stage_that_nobody_defined(self, desk: Desk):
        opportunity = desk.opportunity(StageName="In Progress")

        assert self.read(desk, opportunity) == (0.0, "Pipeline", "Pipeline", False, False)

    def test_keeps_a_probability_that_is_given(self, desk: Desk):
        opportunity = desk.opportunity(Probability=35, ForecastCategoryName="Best Case")

        assert self.read(desk, opportunity)[:3] == (35.0, "BestCase", "Best Case")

    def test_that_moves_on_takes_the_new_stage_over(self, desk: Desk):
        opportunity = desk.opportunity(Probability=35)

        desk.update("Opportunity", opportunity, StageName="Closed Won")

        assert self.read(desk, opportunity) == (100.0, "Closed", "Closed", True, True)
        assert self.read(desk, opportunity, "LastStageChangeDate") == (NOW,)

    def test_that_keeps_its_stage_keeps_its_probability(self, desk: Desk):
        opportunity = desk.opportunity(Probability=35)

        desk.update("Opportunity", opportunity, StageName="Prospecting", NextStep="call")

        assert self.read(desk, opportunity, "Probability", "LastStageChangeDate") == (35.0, None)

    @pytest.mark.parametrize(
        ("amount", "probability", "expected"), [(1000, 10, 100.0), (0.05, 10, 0.01), (None, 10, None), (0, 90, 0.0)]
    )
    def test_expects_amount_times_probability(self, desk: Desk, amount: Any, probability: int, expected: Any):
        opportunity = desk.opportunity(Amount=amount, Probability=probability)

        assert self.read(desk, opportunity, "ExpectedRevenue") == (expected,)

    def test_expects_more_when_it_moves_on(self, desk: Desk):
        opportunity = desk.opportunity(Amount=1000)

        desk.update("Opportunity", opportunity, StageName="Negotiation/Review")

        assert self.read(desk, opportunity, "ExpectedRevenue") == (900.0,)

    @pytest.mark.parametrize(
        ("day", "quarter"), [("2026-01-01", 1), ("2026-03-31", 1), ("2026-04-01", 2), ("2026-12-31", 4)]
    )
    def test_belongs_to_the_quarter_it_closes_in(self, desk: Desk, day: str, quarter: int):
        opportunity = desk.opportunity(CloseDate=day)

        assert self.read(desk, opportunity, "FiscalYear", "FiscalQuarter", "Fiscal") == (
            2026,
            quarter,
            f"2026 {quarter}",
        )


class TestATask:
    def test_is_open_until_its_status_says_otherwise(self, desk: Desk):
        task = desk.create("Task", Priority="High")
        assert desk.read("Task", task, "IsClosed", "IsHighPriority", "CompletedDateTime") == {
            "IsClosed": False, "IsHighPriority": True, "CompletedDateTime": None, "Id": task,
        }  # fmt: skip

        desk.update("Task", task, Status="Completed", Priority="Low")
        assert desk.read("Task", task, "IsClosed", "IsHighPriority", "CompletedDateTime") == {
            "IsClosed": True, "IsHighPriority": False, "CompletedDateTime": NOW, "Id": task,
        }  # fmt: skip

    def test_that_is_closed_stays_completed_when_it_was(self, desk: Desk):
        task = desk.create("Task", Status="Completed")
        desk.later(60)

        desk.update("Task", task, Status="Completed")
        assert desk.value("Task", task, "CompletedDateTime") == NOW
        desk.update("Task", task, Status="In Progress")
        assert desk.value("Task", task, "CompletedDateTime") is None

    def test_is_a_task_unless_it_says_call(self, desk: Desk):
        plain, call = desk.create("Task"), desk.create("Task", TaskSubtype="Call", CallType="Inbound")

        assert [desk.value("Task", each, "TaskSubtype") for each in (plain, call)] == ["Task", "Call"]

    @pytest.mark.parametrize("what", ["account", "opportunity", "contact", "visit", "nothing"])
    def test_belongs_to_the_account_of_what_it_is_about(self, desk: Desk, what: str):
        account = desk.account()
        links = {
            "account": lambda: {"WhatId": account},
            "opportunity": lambda: {"WhatId": desk.opportunity(AccountId=account)},
            "contact": lambda: {"WhoId": desk.contact(AccountId=account)},
            "visit": lambda: {"WhatId": desk.opportunity(), "WhoId": desk.contact(AccountId=account)},
            "nothing": dict,
        }

        task = desk.create("Task", **links[what]())

        assert desk.value("Task", task, "AccountId") == (None if what == "nothing" else account)

    def test_of_a_lead_is_about_nothing_else(self, desk: Desk):
        with refused(Refuse.FIELD_INTEGRITY, fields=("WhatId",)):
            desk.create("Task", WhoId=desk.lead(), WhatId=desk.account())


class TestAnEvent:
    @pytest.mark.parametrize(
        "given",
        [
            {"StartDateTime": "2026-02-01T10:00:00Z", "EndDateTime": "2026-02-01T10:30:00Z"},
            {"ActivityDateTime": "2026-02-01T10:00:00Z", "DurationInMinutes": 30},
        ],
    )
    def test_has_start_end_and_duration(self, desk: Desk, given: dict[str, Any]):
        event = desk.read("Event", desk.create("Event", **given))

        assert (event["StartDateTime"], event["EndDateTime"], event["DurationInMinutes"], event["ActivityDate"]) == (
            "2026-02-01T10:00:00.000+0000", "2026-02-01T10:30:00.000+0000", 30, "2026-02-01",
        )  # fmt: skip

    def test_of_all_day_lasts_a_day(self, desk: Desk):
        event = desk.create("Event", IsAllDayEvent=True, ActivityDate="2026-02-01")

        assert desk.value("Event", event, "DurationInMinutes") == 1440

    def test_needs_a_time(self, desk: Desk):
        with refused(Refuse.REQUIRED_MISSING, "Required fields are missing: [DurationInMinutes, ActivityDateTime]"):
            desk.create("Event", Subject="x")


class TestOthers:
    def test_a_closed_case_says_since_when(self, desk: Desk):
        case = desk.create("Case")
        desk.update("Case", case, Status="Closed")

        assert desk.read("Case", case, "IsClosed", "ClosedDate") == {"IsClosed": True, "ClosedDate": NOW, "Id": case}

    def test_a_post_begins_without_likes_and_knows_its_writer(self, desk: Desk):
        post = desk.read("FeedItem", desk.create("FeedItem", ParentId=desk.account(), Body="hello"))

        assert (post["Type"], post["LikeCount"], post["CommentCount"]) == ("TextPost", 0, 0)
        assert post["InsertedById"] == post["CreatedById"] == desk.founding.admin_id

    def test_an_address_is_read_from_its_parts_and_nothing_when_empty(self, desk: Desk):
        account = desk.read("Account", desk.account(BillingCity="Paris", BillingLatitude=48.85))

        assert account["ShippingAddress"] is None
        assert list(account["BillingAddress"]) == [
            "city", "country", "geocodeAccuracy", "latitude", "longitude", "postalCode", "state", "street",
        ]  # fmt: skip
        assert (account["BillingAddress"]["city"], account["BillingAddress"]["latitude"]) == ("Paris", 48.85)

    @pytest.mark.parametrize("longitude", [2.35, None])
    def test_a_location_is_whole_or_nothing(self, desk: Desk, longitude: float | None):
        place = {"Place__Latitude__s": 48.85, "Place__Longitude__s": longitude}
        visit = desk.create("Site_Visit__c", Account__c=desk.account(), **place)

        whole = {"latitude": 48.85, "longitude": 2.35} if longitude else None
        assert desk.value("Site_Visit__c", visit, "Place__c") == whole


class TestAssignment:
    @pytest.mark.parametrize(
        ("country", "owner"),
        [("Germany", "emea-sales"), ("germany", "emea-sales"), ("France", "us-sales"), (None, "us-sales")],
    )
    def test_chooses_the_owner_of_a_new_lead_when_asked(self, desk: Desk, country: str | None, owner: str):
        desk.auto_assign = True

        lead = desk.lead(Country=country)

        assert desk.value("Lead", lead, "OwnerId") == desk.founding.users[f"{owner}@mock.example"]

    def test_leaves_the_owner_when_not_asked(self, desk: Desk):
        assert desk.value("Lead", desk.lead(Country="Germany"), "OwnerId") == desk.founding.admin_id

    def test_leaves_other_objects_alone(self, desk: Desk):
        desk.auto_assign = True

        assert desk.value("Account", desk.account(), "OwnerId") == desk.founding.admin_id
