"""Roll-up summaries: counts, sums, smallest and largest, whatever happens to the details."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mocksf.errors import Refusal, Refuse
from mocksf.locks import LockKey
from tests.desk import refused
from tests.works import Works

SUMS = ("Items__c", "Total__c", "Largest__c", "First_Due__c", "Done_Items__c", "Done_Total__c")


@pytest.fixture
def works() -> Works:
    return Works()


def sums(works: Works, project: str) -> tuple[Any, ...]:
    row = works.read("Project__c", project, *SUMS)
    return tuple(row[name] for name in SUMS)


class TestDetails:
    def test_nothing_counts_as_zero_but_has_no_largest(self, works: Works):
        assert sums(works, works.project()) == (0.0, 0.0, None, None, 0.0, 0.0)

    def test_a_new_detail_counts(self, works: Works):
        project = works.project()

        works.item(project, Amount__c=100, Due__c="2026-05-01", Done__c=True)
        works.item(project, Amount__c=50, Due__c="2026-04-01")

        assert sums(works, project) == (2.0, 178.5, 100.0, "2026-04-01", 1.0, 100.0)

    def test_a_changed_detail_counts_anew(self, works: Works):
        project = works.project()
        item = works.item(project, Amount__c=100)

        works.update("Item__c", item, Amount__c=10, Done__c=True)

        assert sums(works, project)[1:3] == (11.9, 10.0)
        assert sums(works, project)[4:] == (1.0, 10.0)

    def test_a_deleted_detail_counts_no_more_and_an_undeleted_one_again(self, works: Works):
        project = works.project()
        item = works.item(project, Amount__c=100)

        works.delete("Item__c", item)
        assert sums(works, project)[:3] == (0.0, 0.0, None)

        works.undelete("Item__c", item)
        assert sums(works, project)[:3] == (1.0, 119.0, 100.0)

    def test_a_detail_that_moves_leaves_the_one_and_joins_the_other(self, works: Works):
        old, new = works.project(), works.project()
        item = works.item(old, Amount__c=100)

        works.update("Item__c", item, Project__c=new)

        assert (sums(works, old)[0], sums(works, new)[0]) == (0.0, 1.0)

    def test_a_blank_amount_is_counted_and_not_summed(self, works: Works):
        project = works.project()

        works.item(project, Amount__c=None)

        assert sums(works, project)[:3] == (1.0, 0.0, None)


class TestMasters:
    def test_the_sum_climbs_to_the_master_of_the_master(self, works: Works):
        portfolio = works.portfolio()
        works.item(works.project(portfolio), Amount__c=100)
        works.item(works.project(portfolio), Amount__c=200)

        assert works.read("Portfolio__c", portfolio, "Grand_Total__c", "Projects__c") == {
            "Grand_Total__c": 357.0,
            "Projects__c": 2.0,
            "Id": portfolio,
        }

    def test_the_rows_of_all_masters_are_reached_for(self, works: Works):
        portfolio = works.portfolio()
        project = works.project(portfolio)
        works.touched.clear()

        works.item(project, Amount__c=100)

        assert {LockKey("Project__c", project), LockKey("Portfolio__c", portfolio)} <= set(works.touched)

    def test_a_master_is_stamped(self, works: Works):
        project = works.project()
        works.later(60)

        works.item(project, Amount__c=100)

        assert works.value("Project__c", project, "LastModifiedDate") == "2026-01-05T09:01:00.000+0000"

    def test_a_master_whose_sum_stays_is_left_alone(self, works: Works):
        project = works.project()
        item = works.item(project, Amount__c=100)
        works.later(60)

        works.update("Item__c", item, Kind__c="Material")

        assert works.value("Project__c", project, "LastModifiedDate") == "2026-01-05T09:00:00.000+0000"

    def test_a_rule_of_the_master_refuses_the_detail(self, works: Works):
        project = works.project()
        before = works.everything()

        with refused(Refuse.VALIDATION_RULE, "No project costs a million.", ("Total__c",)):
            works.item(project, Amount__c=900_000)

        assert works.everything() == before

    def test_a_deleted_master_goes_with_its_details_and_comes_back_with_them(self, works: Works):
        portfolio = works.portfolio()
        project = works.project(portfolio)
        works.item(project, Amount__c=100)

        works.delete("Project__c", project)
        assert works.value("Portfolio__c", portfolio, "Grand_Total__c") == 0.0

        works.undelete("Project__c", project)
        assert works.value("Portfolio__c", portfolio, "Grand_Total__c") == 119.0
        assert sums(works, project)[:2] == (1.0, 119.0)


# -- the law: a roll-up is a recount ---------------------------------------------------------------------------------

AMOUNTS = st.one_of(st.none(), st.integers(0, 400_000_00).map(lambda cents: cents / 100))
OPERATIONS = st.one_of(
    st.tuples(st.just("create"), st.integers(0, 1), AMOUNTS, st.booleans()),
    st.tuples(st.just("change"), st.integers(0, 5), AMOUNTS, st.booleans()),
    st.tuples(st.just("move"), st.integers(0, 5), st.integers(0, 1)),
    st.tuples(st.just("delete"), st.integers(0, 5)),
    st.tuples(st.just("undelete"), st.integers(0, 5)),
    st.tuples(st.just("undone"), st.integers(0, 5), AMOUNTS),
)


def play(works: Works, projects: list[str], items: list[str], step: tuple[Any, ...]) -> None:
    """One step; what the org refuses is no step."""
    kind, which, *rest = step
    if kind == "create":
        items.append(works.item(projects[which], Amount__c=rest[0], Done__c=rest[1]))
        return
    if not items:
        return
    item = items[which % len(items)]
    if kind == "change":
        works.update("Item__c", item, Amount__c=rest[0], Done__c=rest[1])
    elif kind == "move":
        works.update("Item__c", item, Project__c=projects[rest[0]])
    elif kind == "undone":
        with works.store.atomic() as undo:
            works.update("Item__c", item, Amount__c=rest[0])
            works.delete("Item__c", item)
            undo()
    else:
        getattr(works, kind)("Item__c", item)


def recounted(works: Works, project: str) -> tuple[Any, ...]:
    """The sums as a stranger adds them up from the rows alone."""
    columns = 'SELECT "Amount__c", "Due__c", "Done__c" FROM "Item__c" WHERE "Project__c" = ? AND "IsDeleted" = 0'
    rows = works.store.rows(columns, (project,))
    amounts = [amount for amount, _, _ in rows if amount is not None]
    gross = sum(int((Decimal(amount) * 119 / 100 + Decimal("0.5")) // 1) for amount in amounts)
    done = [amount for amount, _, is_done in rows if is_done]
    return (
        float(len(rows)),
        gross / 100,
        max(amounts) / 100 if amounts else None,
        min((due for _, due, _ in rows), default=None),
        float(len(done)),
        sum(amount for amount in done if amount is not None) / 100,
    )


@settings(deadline=None, max_examples=40)
@given(st.lists(OPERATIONS, max_size=12))
def test_a_roll_up_is_a_recount_after_any_history(steps: list[tuple[Any, ...]]):
    works = Works()
    portfolio = works.portfolio()
    projects = [works.project(portfolio), works.project(portfolio)]
    items: list[str] = []
    codes: set[str] = set()

    for step in steps:
        try:
            play(works, projects, items, step)
        except Refusal as refusal:
            codes.add(refusal.code)

    assert codes <= {"FIELD_CUSTOM_VALIDATION_EXCEPTION", "UNDELETE_FAILED", "ENTITY_IS_DELETED"}
    assert [sums(works, project) for project in projects] == [recounted(works, project) for project in projects]
    total = sum(recounted(works, project)[1] for project in projects)
    assert works.value("Portfolio__c", portfolio, "Grand_Total__c") == pytest.approx(total)
