"""Products, prices, and what the lines of a deal or an order come to."""

from dataclasses import dataclass
from typing import Any

import pytest

from mocksf.errors import Refuse
from mocksf.schema import default_schema
from tests.desk import Desk, refused


@dataclass
class Shop:
    """A desk with a product in the standard price book and a deal."""

    desk: Desk

    def __post_init__(self) -> None:
        self.standard = self.desk.store.rows('SELECT "Id" FROM "Pricebook2"')[0][0]
        self.product = self.desk.create("Product2", Name="Engine", ProductCode="E-1", IsActive=True)
        self.entry = self.price(self.standard, 100)
        self.deal = self.desk.opportunity(Amount=5, Probability=50)

    def price(self, book: str, price: Any, **more: Any) -> str:
        body = {"Pricebook2Id": book, "Product2Id": self.product, "UnitPrice": price, "IsActive": True, **more}
        return self.desk.create("PricebookEntry", **body)

    def line(self, **body: Any) -> str:
        usual = {"OpportunityId": self.deal, "PricebookEntryId": self.entry, "Quantity": 2}
        return self.desk.create("OpportunityLineItem", **{**usual, **body})

    def of_deal(self, *fields: str) -> list[Any]:
        row = self.desk.read("Opportunity", self.deal, *fields)
        return [row[name] for name in fields]


@pytest.fixture
def shop() -> Shop:
    return Shop(Desk())


class TestALine:
    def test_costs_its_quantity_times_its_price(self, shop: Shop):
        line = shop.line(Quantity=3, UnitPrice=9.99)

        row = shop.desk.read("OpportunityLineItem", line)
        assert (row["TotalPrice"], row["ListPrice"], row["ProductCode"]) == (29.97, 100.0, "E-1")
        assert (row["Name"], row["Product2Id"]) == ("Engines Engine", shop.product)

    def test_has_the_unit_price_that_its_total_comes_to(self, shop: Shop):
        line = shop.line(Quantity=4, TotalPrice=10)
        assert shop.desk.value("OpportunityLineItem", line, "UnitPrice") == 2.5

    def test_is_charged_less_the_discount(self):
        shop = Shop(Desk(default_schema(frozenset({"FLS"}))))
        line = shop.line(Quantity=2, UnitPrice=50, Discount=10)
        assert shop.desk.value("OpportunityLineItem", line, "TotalPrice") == 90.0

    def test_follows_a_new_quantity(self, shop: Shop):
        line = shop.line(UnitPrice=10)
        shop.desk.update("OpportunityLineItem", line, Quantity=5)
        assert shop.desk.value("OpportunityLineItem", line, "TotalPrice") == 50.0
        assert shop.of_deal("Amount") == [50.0]

    def test_shows_what_its_entry_lists_now(self, shop: Shop):
        line = shop.line(UnitPrice=10)
        shop.desk.update("PricebookEntry", shop.entry, UnitPrice=120)
        assert shop.desk.value("OpportunityLineItem", line, "ListPrice") == 120.0

    @pytest.mark.parametrize(
        ("body", "situation"),
        [
            ({"UnitPrice": 1, "TotalPrice": 2}, Refuse.TWO_PRICES),
            ({}, Refuse.REQUIRED_MISSING),
            ({"UnitPrice": 1, "PricebookEntryId": None}, Refuse.NO_PRICEBOOK_ENTRY),
            ({"Quantity": 9_999_999_999_999_999, "UnitPrice": 9_999_999_999_999_999}, Refuse.OUT_OF_RANGE),
        ],
    )
    def test_is_refused_without_one_price_that_fits(self, shop: Shop, body: dict[str, Any], situation: Refuse):
        with refused(situation):
            shop.line(**body)

    def test_changes_one_price_at_a_time(self, shop: Shop):
        line = shop.line(UnitPrice=10)
        with refused(Refuse.TWO_PRICES_CHANGED, fields=("UnitPrice",)):
            shop.desk.update("OpportunityLineItem", line, UnitPrice=11, TotalPrice=30)

    def test_is_of_an_active_entry(self, shop: Shop):
        shop.desk.update("PricebookEntry", shop.entry, IsActive=False)
        with refused(Refuse.WITHDRAWN_ENTRY):
            shop.line(UnitPrice=1)

    def test_is_of_the_price_book_of_its_deal(self, shop: Shop):
        book = shop.desk.create("Pricebook2", Name="Fair", IsActive=True)
        shop.desk.update("Opportunity", shop.deal, Pricebook2Id=book)
        with refused(Refuse.OTHER_PRICEBOOK):
            shop.line(UnitPrice=1)


class TestADealWithLines:
    def test_has_their_amount_their_quantity_and_their_price_book(self, shop: Shop):
        shop.line(UnitPrice=10)
        shop.line(Quantity=1, UnitPrice=30)

        assert shop.of_deal("Amount", "TotalOpportunityQuantity", "ExpectedRevenue") == [50.0, 3.0, 25.0]
        assert shop.of_deal("HasOpportunityLineItem", "Pricebook2Id") == [True, shop.standard]

    def test_ignores_another_amount_and_takes_the_rest(self, shop: Shop):
        shop.line(UnitPrice=10)
        shop.desk.update("Opportunity", shop.deal, Amount=1, Name="Renamed")
        assert shop.of_deal("Amount", "Name") == [20.0, "Renamed"]

    def test_keeps_its_price_book(self, shop: Shop):
        shop.line(UnitPrice=10)
        with refused(Refuse.FIELD_INTEGRITY, fields=("Pricebook2Id",)):
            shop.desk.update("Opportunity", shop.deal, Pricebook2Id=None)

    def test_is_free_again_without_them(self, shop: Shop):
        line = shop.line(UnitPrice=10)
        shop.desk.delete("OpportunityLineItem", line)
        assert shop.of_deal("Amount", "HasOpportunityLineItem") == [0.0, False]

        shop.desk.update("Opportunity", shop.deal, Amount=7)
        assert shop.of_deal("Amount") == [7.0]

    def test_counts_in_its_campaign(self, shop: Shop):
        campaign = shop.desk.create("Campaign", Name="Fair")
        shop.desk.update("Opportunity", shop.deal, CampaignId=campaign)
        shop.line(UnitPrice=10)
        assert shop.desk.value("Campaign", campaign, "AmountAllOpportunities") == 20.0

    def test_comes_back_with_them(self, shop: Shop):
        shop.line(UnitPrice=10)
        shop.desk.delete("Opportunity", shop.deal)
        shop.desk.undelete("Opportunity", shop.deal)
        assert shop.of_deal("Amount", "HasOpportunityLineItem") == [20.0, True]


class TestAPrice:
    def test_is_named_like_its_product(self, shop: Shop):
        shop.desk.update("Product2", shop.product, Name="Loom", ProductCode="L-1")
        row = shop.desk.read("PricebookEntry", shop.entry)
        assert (row["Name"], row["ProductCode"]) == ("Loom", "L-1")

    def test_is_one_of_its_product_in_a_book(self, shop: Shop):
        with refused(Refuse.SAME_PRICE):
            shop.price(shop.standard, 1)

    def test_needs_a_standard_price_first(self, shop: Shop):
        book = shop.desk.create("Pricebook2", Name="Fair", IsActive=True)
        assert shop.price(book, 90)

        shop.product = shop.desk.create("Product2", Name="Loom")
        with refused(Refuse.NO_STANDARD_PRICE):
            shop.price(book, 90)


class TestAnOrder:
    def test_comes_to_its_lines(self, shop: Shop):
        account = shop.desk.account()
        body = {"AccountId": account, "Status": "Draft", "EffectiveDate": "2026-01-01", "Pricebook2Id": shop.standard}
        order = shop.desk.create("Order", **body)
        shop.desk.create("OrderItem", OrderId=order, PricebookEntryId=shop.entry, Quantity=2)
        line = shop.desk.create("OrderItem", OrderId=order, PricebookEntryId=shop.entry, Quantity=1, UnitPrice=5)
        assert shop.desk.value("Order", order, "TotalAmount") == 205.0

        shop.desk.update("Order", order, Status="Activated")
        shop.desk.delete("OrderItem", line)
        assert shop.desk.value("Order", order, "TotalAmount") == 200.0

    def test_is_not_activated_without_them(self, shop: Shop):
        body = {"AccountId": shop.desk.account(), "EffectiveDate": "2026-01-01", "Status": "Draft"}
        order = shop.desk.create("Order", **body)
        with refused(Refuse.EMPTY_ORDER):
            shop.desk.update("Order", order, Status="Activated")
