"""Hooks at work: what a registered function is given, and what becomes of what it returns or raises."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mocksf import soql
from mocksf.errors import Refusal
from mocksf.hooks import ApexError
from mocksf.rest.asking import asked_by
from mocksf.rest.session import Call, Session


class DmlError(ApexError):
    """A record was not saved. A hook may catch it; `code`, `fields` and `reason` are those of the org's refusal."""

    def __init__(self, deed: str, refusal: Refusal) -> None:
        named = ", ".join(refusal.fields)
        super().__init__(
            f"System.DmlException: {deed} failed. First exception on row 0; "
            f"first error: {refusal.code}, {refusal.message}: [{named}]"
        )
        self.code = refusal.code
        self.fields = refusal.fields
        self.reason = refusal.message


class HookCall:
    """What a hook is given: the call, and the org's records as Apex would reach them, in the caller's transaction."""

    def __init__(self, session: Session, call: Call, path: str = "", rest: str = "") -> None:
        self._session = session
        self._call = call
        self.path = path
        """The path behind `/services/apexrest`; empty for an action."""
        self.rest = rest
        """What stands in the place of the star."""
        self.method = call.method
        self.query = call.query
        """The parameters of the address; of a repeated one the last."""
        self.headers = call.headers
        """By lower-case name."""
        self.body = call.content
        """The body's bytes."""

    @property
    def user_id(self) -> str:
        """The id of the calling user."""
        return self._session.user_id

    @property
    def now(self) -> datetime:
        """The org's time."""
        return self._session.now

    def json(self) -> Any:
        """The body as JSON. What is none is refused before the hook hears of it."""
        return self._call.json()

    def soql(self, text: str) -> list[dict[str, Any]]:
        """The records that a query finds, as the API shows them. Raises ApexError for a query that is refused."""
        org, version = self._session.org, self._call.version or "66.0"
        try:
            plan = soql.compile_soql(text, org.schema, asked_by(self._session), float(version))
        except Refusal as refusal:
            message = f"System.QueryException: {refusal.message}"
            raise ApexError(message) from refusal
        return soql.execute(plan, org.store, version).records

    def read(self, sobject: str, record_id: str, fields: list[str] | None = None) -> dict[str, Any]:
        """A record by its id: all its fields, or those that are named and Id."""
        with _Deed("Query"):
            return self._session.org.records.read(
                self._session.sobject(sobject), self._session.org.records.resolve_id(record_id), fields
            )

    def create(self, sobject: str, values: Mapping[str, Any]) -> str:
        """Save a new record; gives its id."""
        with _Deed("Insert"):
            return self._session.org.records.create(
                self._session.actor(self._call), self._session.sobject(sobject), values, self._session.touch
            )

    def update(self, sobject: str, record_id: str, values: Mapping[str, Any]) -> None:
        """Change a record."""
        records, touch = self._session.org.records, self._session.touch
        with _Deed("Update"):
            kind = self._session.sobject(sobject)
            records.update(self._session.actor(self._call), kind, records.resolve_id(record_id), values, touch)

    def upsert(self, sobject: str, key: str, value: Any, values: Mapping[str, Any]) -> tuple[str, bool]:
        """Update the record that has this value in a key field, or create it; gives its id and whether it is new."""
        records, touch = self._session.org.records, self._session.touch
        with _Deed("Upsert"):
            kind = self._session.sobject(sobject)
            field = records.key_field(kind, key)
            return records.upsert(self._session.actor(self._call), kind, (field, value), values, touch)

    def delete(self, sobject: str, record_id: str) -> None:
        """Put a record into the recycle bin."""
        records, touch = self._session.org.records, self._session.touch
        with _Deed("Delete"):
            kind = self._session.sobject(sobject)
            records.delete(self._session.actor(self._call), kind, records.resolve_id(record_id), touch)


class _Deed:
    """A deed on records: what the org refuses is what Apex throws."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        return None

    def __exit__(self, _: object, error: object, __: object) -> None:
        if isinstance(error, Refusal):
            raise DmlError(self._name, error) from error
