"""Laws of the record engine, over generated sequences of operations on a small company.

Whatever is asked, in whatever order: it is done whole or leaves no trace; nobody points to somebody who is gone; and
what the org works out over several records is what a count of them gives.
"""

from collections.abc import Callable
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from mocksf.errors import Refusal
from mocksf.schema.model import SObject
from tests.desk import Desk

NEEDS: dict[str, dict[str, Any]] = {
    "Account": {"Name": "a"},
    "Contact": {"LastName": "c"},
    "Lead": {"LastName": "l", "Company": "co"},
    "Opportunity": {"Name": "o", "StageName": "Prospecting", "CloseDate": "2026-03-31"},
    "Campaign": {"Name": "f"},
    "CampaignMember": {},
    "OpportunityContactRole": {},
    "Case": {},
    "Task": {"Status": "Completed", "ActivityDate": "2026-01-03"},
    "Event": {"StartDateTime": "2026-01-04T10:00:00Z", "DurationInMinutes": 5},
    "Contract": {},
    "Note": {"Title": "n"},
    "FeedItem": {"Body": "b"},
    "Site_Visit__c": {},
    "Call_Outcome__c": {},
}
"""What a record of each object needs beside its links."""
LINKS = [
    ("Account", "ParentId"), ("Contact", "AccountId"), ("Contact", "ReportsToId"), ("Opportunity", "AccountId"),
    ("Opportunity", "ContactId"), ("Opportunity", "CampaignId"), ("CampaignMember", "CampaignId"),
    ("CampaignMember", "LeadId"), ("CampaignMember", "ContactId"), ("OpportunityContactRole", "OpportunityId"),
    ("OpportunityContactRole", "ContactId"), ("Case", "AccountId"), ("Case", "ContactId"), ("Case", "ParentId"),
    ("Task", "WhoId"), ("Task", "WhatId"), ("Event", "WhoId"), ("Event", "WhatId"), ("Contract", "AccountId"),
    ("Note", "ParentId"), ("FeedItem", "ParentId"), ("Site_Visit__c", "Account__c"),
    ("Call_Outcome__c", "Opportunity__c"),
]  # fmt: skip
"""The links between them."""

Operation = tuple[str, int, int, int]
"""A verb, and three numbers that choose among what is there."""
VERBS = ("create", "create", "create", "link", "link", "delete", "undelete", "merge", "merge", "convert", "empty")
VERBS += ("close", "primary")
operations = st.lists(
    st.tuples(st.sampled_from(VERBS), st.integers(0, 999), st.integers(0, 999), st.integers(0, 999)),
    min_size=1,
    max_size=25,
)


class Company:
    """A desk, and the ids of all records that were ever made at it."""

    def __init__(self) -> None:
        self.desk = Desk()
        self.ids: list[tuple[str, str]] = []
        for name in ("Account", "Account", "Account", "Contact", "Contact", "Lead", "Lead", "Opportunity", "Campaign"):
            self.desk.create(name, **NEEDS[name])
        self.note()

    def do(self, operation: Operation) -> None:
        """Carry an operation out; raises its refusal."""
        verb, *choices = operation
        self.desk.later(7)
        getattr(self, verb)(*choices)
        self.note()

    def note(self) -> None:
        known = set(self.ids)
        for name in NEEDS:
            for (record_id,) in self.desk.store.rows(f'SELECT "Id" FROM "{name}" ORDER BY "Id"'):
                if (name, record_id) not in known:
                    self.ids.append((name, record_id))

    def some(self, choice: int, *names: str) -> tuple[str, str]:
        """One of the records that were ever made, of certain objects if possible; mostly one that is there."""
        found = [each for each in self.ids if not names or each[0] in names] or self.ids
        there = [each for each in found if self.desk.store.exists(self.desk.sobject(each[0]), each[1])]
        found = there if there and choice % 8 else found
        return found[choice % len(found)]

    def gone(self, choice: int) -> tuple[str, str]:
        """One of the records that are not there any more, or just one."""
        found = [each for each in self.ids if not self.desk.store.exists(self.desk.sobject(each[0]), each[1])]
        return found[choice % len(found)] if found else self.some(choice)

    def targets(self, sobject: SObject, field: str) -> tuple[str, ...]:
        reference = sobject.get(field)
        return reference.reference_to if reference is not None else ()

    def create(self, one: int, two: int, three: int) -> None:
        name = list(NEEDS)[one % len(NEEDS)]
        fields = [field for owner, field in LINKS if owner == name]
        body = dict(NEEDS[name])
        for place, field in enumerate(fields):
            if (three >> place) % 3:
                body[field] = self.some(two + place, *self.targets(self.desk.sobject(name), field))[1]
        self.desk.create(name, **body)

    def link(self, one: int, two: int, three: int) -> None:
        name, field = LINKS[one % len(LINKS)]
        value = self.some(three, *self.targets(self.desk.sobject(name), field))[1] if three % 5 else None
        self.desk.update(name, self.some(two, name)[1], **{field: value})

    def close(self, one: int, two: int, _: int) -> None:
        status = ("Completed", "In Progress")[two % 2]
        self.desk.update("Task", self.some(one, "Task")[1], Status=status, ActivityDate=f"2026-01-{two % 28 + 1:02d}")

    def primary(self, one: int, two: int, _: int) -> None:
        self.desk.update("OpportunityContactRole", self.some(one, "OpportunityContactRole")[1], IsPrimary=bool(two % 2))

    def delete(self, one: int, _: int, __: int) -> None:
        self.desk.delete(*self.some(one))

    def undelete(self, one: int, _: int, __: int) -> None:
        self.desk.undelete(*self.gone(one))

    def empty(self, one: int, _: int, __: int) -> None:
        self.desk.records.empty_bin(self.gone(one)[1])

    def merge(self, one: int, two: int, three: int) -> None:
        name = ("Account", "Contact", "Lead", "Opportunity")[one % 4]
        losers = [self.some(each, name)[1] for each in (three, three // 7)[: three % 3]]
        before = self.living()
        self.desk.merge(name, self.some(two, name)[1], *losers)
        gone = before - self.living()
        joined = {each for each in gone if each[0] == "CampaignMember"}
        assert gone - joined == {(name, each) for each in losers}, "a merge takes nobody along but its losers"

    def living(self) -> set[tuple[str, str]]:
        """The records that are there."""
        return {each for each in self.ids if self.desk.store.exists(self.desk.sobject(each[0]), each[1])}

    def convert(self, one: int, two: int, three: int) -> None:
        wish: dict[str, Any] = {"no_opportunity": bool(three % 2)}
        if three % 3 == 0:
            wish["account_id"] = self.some(two, "Account")[1]
        if three % 6 == 0:
            wish["contact_id"] = self.some(two, "Contact")[1]
            account = self.desk.value("Contact", wish["contact_id"], "AccountId")
            wish["account_id"] = account or wish["account_id"]
        self.desk.convert(self.some(one, "Lead")[1], **wish)


def played(script: list[Operation], check: Callable[[Company], None] | None = None) -> Company:
    """What a script makes of a company; it is looked at after each operation that was not refused."""
    company = Company()
    for operation in script:
        try:
            company.do(operation)
        except Refusal:
            continue
        if check is not None:
            check(company)
    return company


@given(operations)
@settings(max_examples=30, deadline=None)
def test_a_refused_operation_leaves_no_trace(script: list[Operation]):
    company = Company()
    for operation in script:
        before = company.desk.everything()
        try:
            company.do(operation)
        except Refusal:
            assert company.desk.everything() == before


def dangling(company: Company) -> list[tuple[str, str, str]]:
    """The references of living records to records that are gone."""
    desk, found = company.desk, []
    alive: dict[str, bool] = {}

    def is_alive(record_id: str) -> bool:
        if record_id not in alive:
            kind = desk.schema.of_id(record_id)
            alive[record_id] = kind is not None and desk.store.exists(kind, record_id)
        return alive[record_id]

    for name in NEEDS:
        kind = desk.sobject(name)
        names = [each.name for each in kind.columns if each.type == "reference"]
        columns = ", ".join(f'"{each}"' for each in ["Id", *names])
        for row in desk.store.rows(f'SELECT {columns} FROM "{name}" WHERE "IsDeleted" = 0'):
            links = zip(names, row[1:], strict=True)
            found += [(name, field, row[0]) for field, target in links if target is not None and not is_alive(target)]
    return found


@given(operations)
@settings(max_examples=60, deadline=None)
def test_nobody_points_to_somebody_who_is_gone(script: list[Operation]):
    def check(company: Company) -> None:
        assert dangling(company) == []

    played(script, check)


LAST = """
SELECT p."Id", p."LastActivityDate", (
  SELECT MAX(d) FROM (
    SELECT "ActivityDate" AS d FROM "Task" WHERE "{link}" = p."Id" AND "IsDeleted" = 0 AND "IsClosed" = 1
    UNION ALL SELECT "ActivityDate" FROM "Event" WHERE "{link}" = p."Id" AND "IsDeleted" = 0))
FROM "{parent}" p WHERE p."IsDeleted" = 0
"""
COUNTED = """
SELECT c."Id", c."NumberOfLeads" + c."NumberOfContacts", (
  SELECT COUNT("LeadId") + COUNT("ContactId") FROM "CampaignMember" m
  WHERE m."CampaignId" = c."Id" AND m."IsDeleted" = 0)
FROM "Campaign" c WHERE c."IsDeleted" = 0
"""
PRIMARY = """
SELECT o."Id", o."ContactId", (
  SELECT MAX("ContactId") FROM "OpportunityContactRole" r
  WHERE r."OpportunityId" = o."Id" AND r."IsDeleted" = 0 AND r."IsPrimary" = 1)
FROM "Opportunity" o WHERE o."IsDeleted" = 0
"""
FIGURES = [
    *(LAST.format(link=link, parent=parent) for link, parent in (
        ("AccountId", "Account"), ("WhoId", "Contact"), ("WhoId", "Lead"), ("WhatId", "Opportunity"),
    )),
    COUNTED,
    PRIMARY,
]  # fmt: skip
"""What records say of others, beside what a look at these gives."""


@given(operations)
@settings(max_examples=60, deadline=None)
def test_what_is_worked_out_over_several_records_is_so(script: list[Operation]):
    def check(company: Company) -> None:
        for statement in FIGURES:
            for record_id, said, counted in company.desk.store.rows(statement):
                assert (record_id, said or None) == (record_id, counted or None), statement

    played(script, check)


@given(operations, st.integers(0, 999))
@settings(max_examples=60, deadline=None)
@example(script=[("create", 0, 0, 0)], choice=0)
def test_a_deletion_and_its_undoing_leave_the_family_as_it_was(script: list[Operation], choice: int):
    company = played(script)
    before = _family(company)
    target = company.some(choice)
    try:
        company.desk.delete(*target)
        company.desk.undelete(*target)
    except Refusal:
        return

    assert _family(company) == before


def _family(company: Company) -> dict[str, tuple[int, str]]:
    """Of every record: whether it is deleted, and what it is called."""
    rows: dict[str, tuple[int, str]] = {}
    for name in NEEDS:
        field = company.desk.sobject(name).name_field
        called = f'"{field.name}"' if field is not None else '"Id"'
        for record_id, deleted, text in company.desk.store.rows(f'SELECT "Id", "IsDeleted", {called} FROM "{name}"'):
            rows[record_id] = (deleted, str(text))
    return rows
