"""The store: rows come back as they went in, undone work was never done, a snapshot is the whole state."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocksf.ids import make_id
from mocksf.schema import default_schema
from mocksf.store import Store
from tests.desk import Desk, sample_schema

SCHEMA = default_schema()
ACCOUNT = SCHEMA["Account"]
NAME = ACCOUNT.get("Name")
TEXTS = st.text(min_size=1, max_size=40)


def one(number: int) -> str:
    return make_id("001", number)


@pytest.fixture
def store() -> Store:
    return Store(SCHEMA)


class TestARow:
    def test_comes_back_with_every_column_in_describe_order(self, store: Store):
        store.insert(ACCOUNT, {"Id": one(1), "Name": "Acme", "AnnualRevenue": 5})

        row = store.fetch(ACCOUNT, one(1))

        assert list(row) == [field.name for field in ACCOUNT.columns]
        assert (row["Name"], row["AnnualRevenue"], row["Phone"], row["IsDeleted"]) == ("Acme", 5, None, 0)

    def test_is_found_without_regard_to_case(self, store: Store):
        store.insert(ACCOUNT, {"Id": one(1), "Name": "Straße ÄÖ"})

        assert store.ids(ACCOUNT, NAME, "STRASSE äö") == [one(1)]
        assert store.find(ACCOUNT, NAME, "strasse ÄÖ")[0]["Name"] == "Straße ÄÖ"

    def test_is_found_by_what_it_says_now_and_no_longer_by_what_it_said(self, store: Store):
        store.insert(ACCOUNT, {"Id": one(1), "Name": "Old"})

        store.update(ACCOUNT, one(1), {"Name": "New"})

        assert (store.ids(ACCOUNT, NAME, "old"), store.ids(ACCOUNT, NAME, "new")) == ([], [one(1)])

    def test_is_found_by_having_nothing(self, store: Store):
        store.insert(ACCOUNT, {"Id": one(1), "Name": "Acme"})

        assert [row["Id"] for row in store.find(ACCOUNT, ACCOUNT.get("Phone"), None)] == [one(1)]

    def test_is_found_among_the_deleted_only_when_asked_for(self, store: Store):
        store.insert(ACCOUNT, {"Id": one(1), "Name": "Acme", "IsDeleted": 1})

        assert store.find(ACCOUNT, NAME, "acme") == []
        assert len(store.find(ACCOUNT, NAME, "acme", deleted=True)) == 1
        assert not store.exists(ACCOUNT, one(1))

    def test_that_is_not_there_is_none(self, store: Store):
        assert store.fetch(ACCOUNT, one(9)) is None

    @given(st.lists(TEXTS, min_size=1, max_size=5))
    def test_finds_exactly_the_rows_that_fold_alike(self, names: list[str]):
        store = Store(SCHEMA)
        for number, name in enumerate(names):
            store.insert(ACCOUNT, {"Id": one(number), "Name": name})

        for name in names:
            alike = [one(at) for at, each in enumerate(names) if each.casefold() == name.casefold()]
            assert store.ids(ACCOUNT, NAME, name.swapcase()) == alike or name.swapcase().casefold() != name.casefold()
            assert store.ids(ACCOUNT, NAME, name) == alike


class TestASavepoint:
    def test_keeps_what_ends_well(self, store: Store):
        with store.atomic():
            store.insert(ACCOUNT, {"Id": one(1), "Name": "Acme"})

        assert store.exists(ACCOUNT, one(1))

    def test_undoes_on_an_error_and_lets_it_through(self, store: Store):
        def fail() -> None:
            with store.atomic():
                store.insert(ACCOUNT, {"Id": one(1), "Name": "Acme"})
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail()

        assert not store.exists(ACCOUNT, one(1))

    def test_undoes_on_demand_and_counts_what_follows(self, store: Store):
        with store.atomic() as undo:
            store.insert(ACCOUNT, {"Id": one(1), "Name": "Acme"})
            undo()
            store.insert(ACCOUNT, {"Id": one(2), "Name": "Acme"})

        assert (store.exists(ACCOUNT, one(1)), store.exists(ACCOUNT, one(2))) == (False, True)

    def test_nests_to_any_depth(self, store: Store):
        def fail() -> None:
            with store.atomic():
                store.insert(ACCOUNT, {"Id": one(2), "Name": "inner"})
                store.insert(ACCOUNT, {"Id": one(2), "Name": "the same id"})

        with store.atomic() as undo:
            store.insert(ACCOUNT, {"Id": one(1), "Name": "outer"})
            with pytest.raises(Exception, match=r"(?i)unique"):
                fail()
            assert (store.exists(ACCOUNT, one(1)), store.exists(ACCOUNT, one(2))) == (True, False)
            undo()

        assert not store.exists(ACCOUNT, one(1))

    def test_does_not_take_numbers_back(self, store: Store):
        with store.atomic() as undo:
            first = store.next_number("001")
            undo()

        assert store.next_number("001") == first + 1


ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("account"), TEXTS),
        st.tuples(st.just("contact"), TEXTS),
        st.tuples(st.just("rename"), TEXTS),
        st.tuples(st.just("delete"), st.none()),
    ),
    max_size=8,
)


def act(desk: Desk, actions: list[tuple[str, str | None]]) -> None:
    for kind, text in actions:
        accounts = [found for (found,) in desk.store.rows('SELECT "Id" FROM "Account" WHERE "IsDeleted" = 0')]
        if kind == "account":
            desk.account(Name=f"x{text}")
        elif kind == "contact":
            desk.contact(LastName=f"x{text}", **({"AccountId": accounts[0]} if accounts else {}))
        elif accounts and kind == "rename":
            desk.update("Account", accounts[-1], Name=f"x{text}")
        elif accounts:
            desk.delete("Account", accounts[0])


class TestASnapshot:
    @given(ACTIONS, ACTIONS)
    def test_restored_is_the_state_it_was_taken_of(self, before: list, later: list):
        desk = Desk()
        act(desk, before)
        image, rows, counters = desk.store.snapshot(), desk.everything(), dict(desk.store.counters)

        act(desk, later)
        desk.store.restore(image)

        assert (desk.everything(), desk.store.counters) == (rows, counters)

    def test_may_be_restored_into_another_store(self):
        first, second = Desk(), Desk()
        account = first.account(Name="Acme")

        second.store.restore(first.store.snapshot())

        assert second.value("Account", account, "Name") == "Acme"
        assert second.account() > account

    def test_of_one_store_does_not_change_with_it(self, store: Store):
        image = store.snapshot()

        store.insert(ACCOUNT, {"Id": one(1), "Name": "Acme"})

        assert Store(SCHEMA).snapshot() == image


class TestAStoreInAFile:
    def test_keeps_rows_and_numbers_for_the_next_one(self, tmp_path: Path):
        path = str(tmp_path / "org.db")
        store = Store(SCHEMA, path)
        store.insert(ACCOUNT, {"Id": one(store.next_number("001")), "Name": "Acme"})
        store.close()

        again = Store(SCHEMA, path)

        assert again.fetch(ACCOUNT, one(1))["Name"] == "Acme"
        assert again.next_number("001") == 2
        again.close()

    def test_takes_a_snapshot_back(self, tmp_path: Path):
        store = Store(SCHEMA, str(tmp_path / "org.db"))
        image = store.snapshot()
        store.insert(ACCOUNT, {"Id": one(1), "Name": "Acme"})

        store.restore(image)

        assert not store.exists(ACCOUNT, one(1))
        store.close()


def test_lookups_by_key_phone_mail_name_and_parent_use_an_index(tmp_path: Path):
    schema = sample_schema()
    store = Store(schema, str(tmp_path / "org.db"))
    contact = schema["Contact"]

    for name, column in {"Caller_Key__c": "$f", "Phone": "$f", "Email": "$f", "Name": "$f", "AccountId": ""}.items():
        [plan] = store.rows(f'EXPLAIN QUERY PLAN SELECT * FROM Contact WHERE "{name}{column}" = ?', ("x",))
        assert "USING INDEX" in plan[3], contact.get(name)


def test_a_file_whose_process_died_still_gives_no_id_twice(tmp_path: Path):
    path = str(tmp_path / "org.db")
    died = Store(SCHEMA, path)
    died.insert(ACCOUNT, {"Id": one(7), "Name": "Acme"})

    again = Store(SCHEMA, path)

    assert again.next_number("001") == 8
    again.close()
    died.close()


def test_a_file_whose_process_died_goes_on_numbering_where_it_stopped(tmp_path: Path):
    path = str(tmp_path / "org.db")
    died = Store(SCHEMA, path)
    with died.atomic():
        assert died.next_number("Call__c.Name") == 1

    again = Store(SCHEMA, path)

    assert again.next_number("Call__c.Name") == 2
    again.close()
    died.close()
