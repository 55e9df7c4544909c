"""A building firm's org, for the tests of what the platform does by itself: formulas, roll-ups, rules, filters.

A Portfolio__c is the master of Project__c, which is the master of Item__c. Definitions are added to a plain schema, so
that these tests depend on no source format.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mocksf.schema import Schema, SObject, load_schema
from mocksf.schema.definitions import DuplicateRule, FilterItem, LookupFilter, Summary, ValidationRule
from mocksf.schema.model import Field
from tests.desk import Desk

PLAIN = """
objects:
  Portfolio__c:
    fields:
      Grand_Total__c: {type: Currency, precision: 18, scale: 2}
      Projects__c: {type: Number, precision: 18, scale: 0}
  Project__c:
    fields:
      Portfolio__c: {type: MasterDetail, referenceTo: Portfolio__c, relationshipName: Projects}
      Account__c: {type: Lookup, referenceTo: Account, relationshipName: Projects}
      Budget__c: {type: Currency, precision: 18, scale: 2}
      Items__c: {type: Number, precision: 18, scale: 0}
      Total__c: {type: Currency, precision: 18, scale: 2}
      Largest__c: {type: Currency, precision: 18, scale: 2}
      First_Due__c: {type: Date}
      Done_Items__c: {type: Number, precision: 18, scale: 0}
      Done_Total__c: {type: Currency, precision: 18, scale: 2}
      Over__c: {type: Checkbox}
      Customer__c: {type: Text, length: 255}
      Left__c: {type: Currency, precision: 18, scale: 2}
  Item__c:
    fields:
      Project__c: {type: MasterDetail, referenceTo: Project__c, relationshipName: Items, reparentableMasterDetail: true}
      Amount__c: {type: Currency, precision: 18, scale: 2}
      Due__c: {type: Date}
      Done__c: {type: Checkbox}
      Kind__c: {type: Picklist, values: [Labour, Material]}
      Supplier__c: {type: Lookup, referenceTo: Account, relationshipName: Supplies}
      Title__c: {type: Text, length: 255}
      Gross__c: {type: Currency, precision: 18, scale: 2}
      Days_Left__c: {type: Number, precision: 18, scale: 0}
      Mine__c: {type: Checkbox}
      Where__c: {type: Text, length: 255}
      Odd__c: {type: Number, precision: 18, scale: 0}
"""

FORMULAS = {
    "Project__c.Over__c": "Total__c > Budget__c",
    "Project__c.Left__c": "Budget__c - Total__c",
    "Project__c.Customer__c": "Account__r.Name",
    "Item__c.Title__c": 'Project__r.Name & "/" & Name',
    "Item__c.Gross__c": "Amount__c * 1.19",
    "Item__c.Days_Left__c": "Due__c - TODAY()",
    "Item__c.Mine__c": "CreatedById = $User.Id",
    "Item__c.Where__c": 'Project__r.Customer__c & IF(Project__r.Over__c, "!", "")',
    "Item__c.Odd__c": "VLOOKUP(1, 2, 3)",
}
DONE = (FilterItem("Item__c.Done__c", "equals", "True"),)
SUMMARIES = {
    "Portfolio__c.Grand_Total__c": Summary("Project__c", "Portfolio__c", "sum", "Total__c"),
    "Portfolio__c.Projects__c": Summary("Project__c", "Portfolio__c", "count"),
    "Project__c.Items__c": Summary("Item__c", "Project__c", "count"),
    "Project__c.Total__c": Summary("Item__c", "Project__c", "sum", "Gross__c"),
    "Project__c.Largest__c": Summary("Item__c", "Project__c", "max", "Amount__c"),
    "Project__c.First_Due__c": Summary("Item__c", "Project__c", "min", "Due__c"),
    "Project__c.Done_Items__c": Summary("Item__c", "Project__c", "count", None, DONE),
    "Project__c.Done_Total__c": Summary("Item__c", "Project__c", "sum", "Amount__c", DONE),
}
RULES = {
    "Item__c": (
        ValidationRule("Not_Negative", "Amount__c < 0", "An item costs something.", "Amount__c"),
        ValidationRule("Done_Has_Amount", "Done__c && ISBLANK(Amount__c)", "What is done has a price."),
        ValidationRule(
            "Done_Stays", "AND(NOT(ISNEW()), ISCHANGED(Done__c), PRIORVALUE(Done__c))", "Done is done.", "Done__c"
        ),
        ValidationRule("Asleep", "TRUE", "Nobody hears this.", active=False),
        ValidationRule("Beyond", "VLOOKUP(1, 2, 3) = 4", "Nobody reads this."),
    ),
    "Project__c": (ValidationRule("Million", "Total__c > 1000000", "No project costs a million.", "Total__c"),),
}
SUPPLIERS = LookupFilter((FilterItem("Account.Type", "equals", "Supplier, Partner"),))
DUPLICATES = {
    "Contact": (
        DuplicateRule("Contacts_DR", (("LastName", "Exact"), ("Email", "Exact")), on_insert="Allow", on_update="Allow"),
    ),
    "Lead": (DuplicateRule("Leads_DR", (("Phone", "Phone"),), alert="We know this number."),),
}
DEFAULTS = {"Item__c.Due__c": "TODAY() + 7", "Item__c.Kind__c": 'IF(1 = 1, "Labour", "Material")'}


def _field(sobject: SObject, each: Field) -> Field:
    key = f"{sobject.name}.{each.name}"
    read_only: dict[str, Any] = {"createable": False, "updateable": False, "calculated": True}
    if key in FORMULAS:
        return replace(each, formula=FORMULAS[key], **read_only)
    if key in SUMMARIES:
        return replace(each, summary=SUMMARIES[key], **read_only)
    if key in DEFAULTS:
        return replace(each, extra={**each.extra, "defaultValueFormula": DEFAULTS[key]})
    if key == "Item__c.Supplier__c":
        return replace(each, lookup_filter=SUPPLIERS)
    return each


def automated(sobjects: Iterable[SObject]) -> Iterable[SObject]:
    """The objects with all definitions of this firm."""
    for each in sobjects:
        yield replace(
            each,
            fields=tuple(_field(each, field) for field in each.fields),
            validation_rules=RULES.get(each.name, ()),
            duplicate_rules=DUPLICATES.get(each.name, ()),
        )


@cache
def works_schema() -> Schema:
    """The firm's schema."""
    plain = load_plain()
    return Schema(automated(plain), plain.seeds)


def load_plain() -> Schema:
    """The firm's objects, without anything automatic."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "works.yaml"
        path.write_text(PLAIN, encoding="utf-8")
        return load_schema([path])


class Works(Desk):
    """One clerk at the firm."""

    def __init__(self) -> None:
        super().__init__(works_schema())

    def portfolio(self) -> str:
        return self.create("Portfolio__c", Name="All")

    def project(self, portfolio: str | None = None, **body: Any) -> str:
        usual = {"Name": "Bridge", "Portfolio__c": portfolio or self.portfolio(), "Budget__c": 100}
        return self.create("Project__c", **{**usual, **body})

    def item(self, project: str, **body: Any) -> str:
        return self.create("Item__c", **{"Name": "Stone", "Project__c": project, **body})
