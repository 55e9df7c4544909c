"""The law of upkeep: after any history, a formula column holds what its formula gives for the rows as they are."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mocksf.automation.plans import plans_of
from mocksf.errors import Refusal
from mocksf.formula import Compiler, Frame, Trouble, World, writer
from tests.works import Works, works_schema

NAMES = st.sampled_from(["A", "B", "a"])
AMOUNTS = st.one_of(st.none(), st.integers(0, 90_000).map(float))
WHICH = st.integers(0, 5)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("Account"), WHICH, st.fixed_dictionaries({"Name": NAMES})),
        st.tuples(
            st.just("Project__c"), WHICH, st.fixed_dictionaries({"Name": NAMES}, optional={"Budget__c": AMOUNTS})
        ),
        st.tuples(st.just("Project__c"), WHICH, st.fixed_dictionaries({"Account__c": WHICH})),
        st.tuples(st.just("Item__c"), WHICH, st.fixed_dictionaries({"Name": NAMES, "Amount__c": AMOUNTS})),
        st.tuples(st.just("Item__c"), WHICH, st.fixed_dictionaries({"Project__c": WHICH})),
        st.tuples(st.sampled_from(["Account", "Project__c", "Item__c"]), WHICH, st.just("delete")),
        st.tuples(st.sampled_from(["Account", "Project__c", "Item__c"]), WHICH, st.just("undelete")),
    ),
    max_size=15,
)
LINKS = {"Account__c": "Account", "Project__c": "Project__c"}


def founded(works: Works) -> dict[str, list[str]]:
    """Two accounts, two projects, three items."""
    accounts = [works.account(Name=name) for name in "AB"]
    projects = [works.project(Account__c=account) for account in accounts]
    items = [works.item(project, Amount__c=40) for project in (*projects, projects[0])]
    return {"Account": accounts, "Project__c": projects, "Item__c": items}


def play(works: Works, known: dict[str, list[str]], step: tuple[str, int, Any]) -> None:
    name, which, what = step
    record_id = known[name][which % len(known[name])]
    if isinstance(what, str):
        getattr(works, what)(name, record_id)
        return
    body = {
        field: known[LINKS[field]][value % 2] if field in LINKS and isinstance(value, int) else value
        for field, value in what.items()
    }
    works.update(name, record_id, **body)


def wrong(works: Works) -> list[tuple[str, str, Any, Any]]:
    """The columns that are not what their formula gives: object, field, kept, worked out."""
    compiler, found = Compiler(works.schema), []
    world = World(works.now, works.founding.admin_id, works.records.automation.fetch)
    for sobject in works.schema:
        plan = plans_of(works.schema).get(sobject.name)
        for each in plan.calculated if plan else ():
            if each in plan.moving:
                continue
            formula = compiler.field(sobject, each.field)
            for (record_id,) in works.store.rows(f'SELECT "Id" FROM "{sobject.name}" WHERE "IsDeleted" = 0'):
                row = works.store.fetch(sobject, record_id)
                wanted = writer(each.field)(value_of(formula, Frame(world, row)))
                if row[each.field.name] != wanted:
                    found.append((sobject.name, each.field.name, row[each.field.name], wanted))
    return found


def value_of(formula: Any, frame: Frame) -> Any:
    try:
        return formula.value(frame)
    except Trouble:
        return None


@settings(deadline=None, max_examples=30)
@given(STEPS)
def test_every_column_is_what_its_formula_gives(steps: list[tuple[str, int, Any]]):
    works = Works()
    known = founded(works)

    for step in steps:
        try:
            play(works, known, step)
        except Refusal:
            continue  # a refused step changes nothing

    assert wrong(works) == []


def test_the_law_bites():
    works = Works()
    known = founded(works)
    works.store.run('UPDATE "Item__c" SET "Title__c" = ? WHERE "Id" = ?', ("wrong", known["Item__c"][0]))

    assert [each[:3] for each in wrong(works)] == [("Item__c", "Title__c", "wrong")]


def test_the_firm_has_formulas_over_parents():
    assert any(plan.watchers for plan in plans_of(works_schema()).by_object.values())
