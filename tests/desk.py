"""A desk in an org without doors: records written and read through the engine, for tests of the data room."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from mocksf.conversion import Converted, Wish
from mocksf.errors import Refusal, Refuse
from mocksf.founding import Founding, found_org
from mocksf.locks import LockKey
from mocksf.records import Actor, Records
from mocksf.schema import Schema, SObject, load_schema
from mocksf.store import Store

MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@cache
def sample_schema() -> Schema:
    """The schema of the demo company."""
    return load_schema(["sample"])


class Desk:
    """One clerk at one org; every method names objects by API name and speaks JSON."""

    def __init__(self, schema: Schema | None = None) -> None:
        self.schema = schema or sample_schema()
        self.store = Store(self.schema)
        self.founding: Founding = found_org(self.schema, self.store, MONDAY)
        self.records = Records(self.schema, self.store)
        self.now = MONDAY
        self.auto_assign: bool | str = False
        self.touched: list[LockKey] = []

    @property
    def actor(self) -> Actor:
        return Actor(self.founding.admin_id, self.now, self.auto_assign)

    def sobject(self, name: str) -> SObject:
        return self.schema[name]

    def later(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)

    def touch(self, key: LockKey) -> None:
        self.touched.append(key)

    def create(self, name: str, **body: Any) -> str:
        return self.records.create(self.actor, self.sobject(name), body, self.touch)

    def update(self, name: str, record_id: str, **body: Any) -> None:
        self.records.update(self.actor, self.sobject(name), record_id, body, self.touch)

    def upsert(self, name: str, key: str, value: Any, **body: Any) -> tuple[str, bool]:
        sobject = self.sobject(name)
        field = self.records.key_field(sobject, key)
        return self.records.upsert(self.actor, sobject, (field, value), body, self.touch)

    def delete(self, name: str, record_id: str) -> None:
        self.records.delete(self.actor, self.sobject(name), record_id, self.touch)

    def undelete(self, name: str, record_id: str) -> None:
        self.records.undelete(self.actor, self.sobject(name), record_id, self.touch)

    def merge(self, name: str, master: str, *losers: str, **body: Any) -> list[str]:
        return self.records.merge(self.actor, self.sobject(name), (master, body), losers, self.touch)

    def convert(self, lead: str, converted_status: str | None = "Closed - Converted", **wish: Any) -> Converted:
        return self.records.convert(self.actor, Wish(lead, converted_status, **wish), self.touch)

    def read(self, name: str, record_id: str, *fields: str) -> dict[str, Any]:
        return self.records.read(self.sobject(name), record_id, fields or None)

    def value(self, name: str, record_id: str, field: str) -> Any:
        """One field of a record."""
        return self.read(name, record_id, field)[field]

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every object, deleted ones too."""
        return {each.name: self.store.rows(f'SELECT * FROM "{each.name}" ORDER BY "Id"') for each in self.schema}

    # -- usual records -------------------------------------------------------------------------------------------------

    def account(self, **body: Any) -> str:
        return self.create("Account", **{"Name": "Acme", **body})

    def contact(self, **body: Any) -> str:
        return self.create("Contact", **{"LastName": "Lovelace", **body})

    def lead(self, **body: Any) -> str:
        return self.create("Lead", **{"LastName": "Hopper", "Company": "Navy", **body})

    def opportunity(self, **body: Any) -> str:
        usual = {"Name": "Engines", "StageName": "Prospecting", "CloseDate": "2026-03-31"}
        return self.create("Opportunity", **{**usual, **body})


@contextmanager
def refused(situation: Refuse, message: str | None = None, fields: tuple[str, ...] | None = None) -> Iterator[None]:
    """What happens inside is refused so, with this sentence and these fields where they are given."""
    with pytest.raises(Refusal) as caught:
        yield
    assert caught.value.situation is situation, caught.value
    assert message in (None, caught.value.message)
    assert fields in (None, caught.value.fields)
