"""One execution of a plan: the rows of its statements, and the records that they become."""

import json
from typing import Any

from mocksf.soql.cache import Plan
from mocksf.soql.shape import Family, Record, Row, Statement
from mocksf.store import Store


class Reading:
    """A plan on a store: how addresses of records begin, and whether deleted rows are seen."""

    def __init__(self, plan: Plan, store: Store, version: str, include_deleted: bool) -> None:
        self._plan = plan
        self._store = store
        self._base = f"/services/data/v{version}/sobjects/"
        self._include_deleted = include_deleted

    def rows(self, statement: Statement, *before: Any) -> list[Row]:
        """What the database answers."""
        sql = statement.sql_all if self._include_deleted else statement.sql
        return self._store.rows(sql, (*before, *self._plan.values[statement.number]))

    def records(self, statement: Statement, rows: list[Row]) -> list[Record]:
        """The JSON-ready records of some rows of a statement."""
        families = [self._family(each, statement, rows) for each in statement.subqueries]
        return statement.build(rows, self._base, families, self._plan.moment)

    def _family(self, statement: Statement, outer: Statement, rows: list[Row]) -> Family:
        """The children of all records, asked for at once; who has none is not in it (recorded: null)."""
        ids = [row[outer.id_index] for row in rows]
        found = self.rows(statement, json.dumps(ids))
        children: dict[str, list[Record]] = {}
        for row, record in zip(found, self.records(statement, found), strict=True):
            children.setdefault(row[statement.link_index], []).append(record)
        return {
            outer_id: {"totalSize": len(records), "done": True, "records": records}
            for outer_id, records in children.items()
        }
