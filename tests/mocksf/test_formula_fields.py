"""Formula fields: right whoever writes, at read and in queries, over parents, and as time goes by."""

from datetime import timedelta

import pytest

from mocksf import Org
from mocksf.automation import outside
from mocksf.errors import Refuse
from mocksf.formula import Compiler, FormulaError
from mocksf.schema.model import Field, Schema, SObject
from tests.client import Client, part, statuses
from tests.desk import refused
from tests.works import Works, works_schema


@pytest.fixture
def works() -> Works:
    return Works()


class TestOneRecord:
    def test_a_new_record_has_its_formulas(self, works: Works):
        item = works.item(works.project(), Amount__c=50, Name="Stone")

        assert works.value("Item__c", item, "Title__c") == "Bridge/Stone"
        assert works.value("Item__c", item, "Gross__c") == 59.5

    def test_a_change_is_followed(self, works: Works):
        item = works.item(works.project(), Amount__c=50)

        works.update("Item__c", item, Amount__c=100)

        assert works.value("Item__c", item, "Gross__c") == 119.0

    def test_a_blank_gives_a_blank(self, works: Works):
        item = works.item(works.project(), Amount__c=None)

        assert works.value("Item__c", item, "Gross__c") is None

    def test_nobody_writes_it(self, works: Works):
        with refused(Refuse.NOT_WRITABLE, fields=("Gross__c",)):
            works.item(works.project(), Gross__c=1)

    def test_what_is_outside_the_subset_reads_as_null(self, works: Works):
        item = works.item(works.project())

        assert works.value("Item__c", item, "Odd__c") is None
        assert [each.what for each in outside(works_schema())] == ["Item__c.Odd__c", "Item__c.Beyond"]

    def test_whoever_writes_it_is_followed(self, works: Works):
        item = works.item(works.project(), Amount__c=50)

        works.store.update(works.sobject("Item__c"), item, {"Amount__c": 200_00})

        assert works.value("Item__c", item, "Gross__c") == 238.0


class TestParents:
    def test_a_parent_that_changes_is_followed(self, works: Works):
        project = works.project()
        item = works.item(project, Name="Stone")

        works.update("Project__c", project, Name="Tunnel")

        assert works.value("Item__c", item, "Title__c") == "Tunnel/Stone"

    def test_another_parent_is_followed(self, works: Works):
        item = works.item(works.project(Name="Bridge"), Name="Stone")

        works.update("Item__c", item, Project__c=works.project(Name="Tower"))

        assert works.value("Item__c", item, "Title__c") == "Tower/Stone"

    def test_a_formula_of_a_formula_of_a_grandparent_is_followed(self, works: Works):
        city = works.account(Name="City")
        item = works.item(works.project(Account__c=city), Amount__c=1)

        works.update("Account", city, Name="State")

        assert works.value("Item__c", item, "Where__c") == "State"

    def test_a_roll_up_of_the_parent_is_followed(self, works: Works):
        project = works.project(Account__c=works.account(Name="City"), Budget__c=100)
        item = works.item(project, Amount__c=1)

        works.item(project, Amount__c=500)

        assert works.value("Item__c", item, "Where__c") == "City!"

    def test_a_parent_that_is_deleted_leaves_a_blank(self, works: Works):
        city = works.account(Name="City")
        project = works.project(Account__c=city)

        works.delete("Account", city)

        assert works.value("Project__c", project, "Customer__c") is None

    def test_what_is_undone_leaves_no_trace(self, works: Works):
        project = works.project()
        works.item(project)
        before = works.everything()

        with works.store.atomic() as undo:
            works.update("Project__c", project, Name="Tunnel")
            undo()

        assert works.everything() == before


class TestOverTheWire:
    @pytest.fixture
    def client(self) -> Client:
        """Three items: S0, S1, S2, with as many days left."""
        org = Org(works_schema())
        client = Client(org)
        project = client.create("Project__c", Name="Bridge", Portfolio__c=client.create("Portfolio__c", Name="All"))
        for number in range(3):
            due = (org.clock.now().date() + timedelta(days=number)).isoformat()
            client.create("Item__c", Name=f"S{number}", Project__c=project, Amount__c=10 * number, Due__c=due)
        return client

    def found(self, client: Client, where: str) -> list[str]:
        answer = client.soql(f"SELECT Name FROM Item__c WHERE {where}")
        return [each["Name"] for each in answer.body["records"]]

    def read(self, client: Client, name: str, field: str) -> object:
        return client.get(f"/sobjects/Item__c/{self.id_of(client, name)}").body[field]

    def id_of(self, client: Client, name: str) -> str:
        found = client.soql(f"SELECT Id FROM Item__c WHERE Name = '{name}'").body["records"]
        return str(found[0]["Id"])

    def pass_days(self, client: Client, days: int) -> None:
        """Let days pass, and come in again."""
        client.org.clock.advance(days * 86_400)
        client.token = client.org.login()

    def test_a_formula_filters_and_orders(self, client: Client):
        assert self.found(client, "Gross__c > 10 ORDER BY Title__c DESC") == ["S2", "S1"]

    def test_days_left_are_those_of_today(self, client: Client):
        assert self.found(client, "Days_Left__c = 1") == ["S1"]

        self.pass_days(client, 1)

        assert self.found(client, "Days_Left__c = 1") == ["S2"]

    def test_a_record_is_read_as_of_now(self, client: Client):
        first = self.read(client, "S2", "Days_Left__c")

        self.pass_days(client, 3)

        assert (first, self.read(client, "S2", "Days_Left__c")) == (2.0, -1.0)

    def test_what_changed_since_the_last_query_is_fresh(self, client: Client):
        self.found(client, "Days_Left__c = 1")

        client.patch(f"/sobjects/Item__c/{self.id_of(client, 'S2')}", {"Due__c": "2000-01-01"})

        assert self.found(client, "Days_Left__c < -1000") == ["S2"]

    def test_a_restored_org_is_fresh_as_well(self, client: Client):
        saved = client.org.snapshot()
        self.pass_days(client, 1)
        self.found(client, "Days_Left__c = 1")

        client.org.restore(saved)
        client.token = client.org.login()

        assert self.found(client, "Days_Left__c = 1") == ["S1"]

    def test_a_query_in_a_composite_that_is_undone_leaves_the_rest_fresh(self, client: Client):
        self.pass_days(client, 1)
        ask = part("GET", "/query?q=SELECT+Days_Left__c+FROM+Item__c", "ask")
        fail = part("POST", "/sobjects/Item__c", "fail", Name="Nowhere")

        assert statuses(client.composite(ask, fail, all_or_none=True)) == [400, 400]

        assert self.found(client, "Days_Left__c = 1") == ["S2"]

    def test_who_looks_matters(self, client: Client):
        assert self.found(client, "Mine__c = true") == ["S0", "S1", "S2"]
        client.org.records.automation.freshen(client.org.clock.now(), "005000000000000AAA")

        (count,) = client.org.store.rows('SELECT COUNT(*) FROM "Item__c" WHERE "Mine__c" = 1')[0]

        assert count == 0


class TestCircles:
    def test_a_formula_that_refers_to_itself_is_refused(self):
        one = Field("One__c", "One", "double", formula="Two__c + 1")
        two = Field("Two__c", "Two", "double", formula="One__c + 1")
        thing = SObject("Thing__c", "Thing", "Things", "a0X", (one, two))

        with pytest.raises(FormulaError, match="refers to itself"):
            Compiler(Schema([thing])).field(thing, one)

    def test_the_schema_stands_all_the_same(self):
        one = Field("One__c", "One", "double", formula="One__c")
        thing = SObject("Thing__c", "Thing", "Things", "a0X", (one,))

        assert [each.what for each in outside(Schema([thing]))] == ["Thing__c.One__c"]
