"""Made-up records that an org accepts: a Faker provider that fills any object of a schema, seeded."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from faker import Faker
from faker.providers import BaseProvider

from mocksf.schema.model import Field, Schema, SObject

Parents = Mapping[str, Sequence[str]]
"""Ids of records that references may point to, by object name."""

SKIPPED = frozenset(
    {
        "IsConverted",
        "Jigsaw",
        "CleanStatus",
        "EmailBouncedDate",
        "EmailBouncedReason",
        "CreatedDate",
        "LastEditDate",
        "Revision",
        "ActivityDateTime",
    }
)
"""Fields that a person would not fill in, or that make a record special."""
_SKIPPED_PREFIXES = ("Recurrence", "IsRecurrence", "Reminder", "IsReminder", "UserPermissions", "UserPreferences")
_FIRST, _LAST = date(2025, 1, 1), date(2026, 12, 31)


class SalesforceProvider(BaseProvider):
    """Faker methods for Salesforce records: ``fake.salesforce_record(sobject)``, ``fake.salesforce_value(field)``."""

    def salesforce_record(self, sobject: SObject, parents: Parents | None = None) -> dict[str, Any]:
        """A JSON body for a create. References are filled from `parents` only.

        Raises ValueError when a reference must be given and `parents` has no record for it.
        """
        body: dict[str, Any] = {}
        for field in sobject.columns:
            if not field.createable or not _is_filled_in(field):
                continue
            if field.type == "reference":
                body |= self._reference(sobject, field, parents or {})
            else:
                body[field.name] = self.salesforce_value(field)
        whole = _WHOLE.get(sobject.name)
        return body if whole is None else body | whole(self)

    def _reference(self, sobject: SObject, field: Field, parents: Parents) -> dict[str, str]:
        known = [record_id for name in field.reference_to for record_id in parents.get(name, ())]
        if known and (field.required or field.name not in _SELDOM):
            return {field.name: self.random_element(known)}
        if field.required:
            kinds = ", ".join(field.reference_to)
            message = f"{sobject.name}.{field.name} must be given; pass parents with ids of {kinds}"
            raise ValueError(message)
        return {}

    def salesforce_value(self, field: Field) -> Any:
        """A JSON value that fits a field: its kind, its length, its picklist."""
        if field.unique:
            return self._unique(field)
        by_name = _BY_NAME.get(field.name)
        if by_name is not None and field.is_text:
            return _fitted(str(by_name(self.generator)), field)
        return _BY_TYPE[field.type](self, field)

    def _unique(self, field: Field) -> Any:
        if not field.is_text:
            return self._double(field)
        token = f"{self.generator.random.getrandbits(64):016x}"
        return f"{token}@mail.example" if field.type == "email" else token[: field.length]

    def _text(self, field: Field) -> str:
        return _fitted(self.generator.sentence(nb_words=4).rstrip("."), field)

    def _paragraph(self, field: Field) -> str:
        return _fitted(self.generator.paragraph(nb_sentences=2), field)

    def _phone(self, field: Field) -> str:
        return _fitted(self.numerify("+1 ### 555 01##"), field)

    def _email(self, field: Field) -> str:
        return _fitted(f"{self.generator.user_name()}@mail.example", field)

    def _url(self, field: Field) -> str:
        return _fitted(f"https://{self.generator.domain_word()}.example/", field)

    def _picklist(self, field: Field) -> str | None:
        values = list(field.active_values.values())
        return self.random_element(values) if values else None

    def _multipicklist(self, field: Field) -> str | None:
        values = list(field.active_values.values())
        if not values:
            return None
        return ";".join(self.random_sample(values, length=self.random_int(1, min(3, len(values)))))

    def _boolean(self, _: Field) -> bool:
        return bool(self.random_int(0, 1))

    def _int(self, field: Field) -> int:
        return self.random_int(0, 10 ** min(field.digits or 9, 4) - 1)

    def _double(self, field: Field) -> float:
        whole = 10 ** min(max(field.precision - field.scale, 0), 2 if field.type == "percent" else 6)
        if field.name.endswith(("Latitude", "Longitude", "Latitude__s", "Longitude__s")):
            whole = 80
        return float(round(self.generator.random.uniform(0, whole - 10.0**-field.scale), field.scale))

    def _date(self, _: Field) -> str:
        return str(self.generator.date_between_dates(_FIRST, _LAST).isoformat())

    def _datetime(self, field: Field) -> str:
        return f"{self._date(field)}T{self.numerify('1%')}:{self.numerify('2%')}:00.000+0000"

    def _time(self, _: Field) -> str:
        return f"{self.numerify('1%')}:{self.numerify('2%')}:00.000Z"


def _is_filled_in(field: Field) -> bool:
    # Standard checkboxes have their defaults; a custom one is a question that somebody answers.
    if field.type == "boolean" and not field.custom:
        return False
    return field.name not in SKIPPED and not field.name.startswith(_SKIPPED_PREFIXES)


def _fitted(text: str, field: Field) -> str:
    return text[: field.length].strip()


_SELDOM = frozenset({"ReportsToId", "ParentId", "MasterRecordId", "OwnerId", "WhatId", "CreatedById", "LastEditById"})

_BY_NAME: Mapping[str, Callable[[Any], Any]] = {
    "FirstName": lambda fake: fake.first_name(),
    "LastName": lambda fake: fake.last_name(),
    "AssistantName": lambda fake: fake.name(),
    "Name": lambda fake: fake.company(),
    "Company": lambda fake: fake.company(),
    "CompanyName": lambda fake: fake.company(),
    "Username": lambda fake: f"{fake.user_name()}@users.example",
    "Title": lambda fake: fake.job(),
    "Department": lambda fake: fake.bs().title(),
    **{
        f"{prefix}{part}": make
        for prefix in ("", "Billing", "Shipping", "Mailing", "Other")
        for part, make in {
            "Street": lambda fake: fake.street_address(),
            "City": lambda fake: fake.city(),
            "State": lambda fake: fake.state(),
            "PostalCode": lambda fake: fake.postcode(),
            "Country": lambda fake: fake.random_element(("USA", "Germany", "France", "Japan")),
        }.items()
    },
}
"""What a text field of this name is likely to hold."""

_BY_TYPE: Mapping[str, Callable[[Any, Field], Any]] = {
    "string": SalesforceProvider._text,
    "combobox": SalesforceProvider._text,
    "encryptedstring": SalesforceProvider._text,
    "textarea": SalesforceProvider._paragraph,
    "phone": SalesforceProvider._phone,
    "email": SalesforceProvider._email,
    "url": SalesforceProvider._url,
    "picklist": SalesforceProvider._picklist,
    "multipicklist": SalesforceProvider._multipicklist,
    "boolean": SalesforceProvider._boolean,
    "int": SalesforceProvider._int,
    "double": SalesforceProvider._double,
    "currency": SalesforceProvider._double,
    "percent": SalesforceProvider._double,
    "date": SalesforceProvider._date,
    "datetime": SalesforceProvider._datetime,
    "time": SalesforceProvider._time,
    "base64": lambda _, __: "bW9jaw==",
}


def _event(fake: SalesforceProvider) -> dict[str, Any]:
    """The times of an event, which must agree."""
    start = f"2026-02-{fake.random_int(10, 28)}T{fake.random_int(10, 16)}:00:00.000+0000"
    return {"StartDateTime": start, "ActivityDateTime": start, "DurationInMinutes": 30, "EndDateTime": None}


_WHOLE: Mapping[str, Callable[[SalesforceProvider], dict[str, Any]]] = {"Event": _event}
"""Fields of an object that must fit one another."""


def sample_records(
    schema: Schema, sobject: SObject, count: int, seed: int = 0, parents: Parents | None = None
) -> list[dict[str, Any]]:
    """`count` JSON bodies for creates of `sobject`; the same for the same seed, and accepted by an org of this schema.

    `parents` are ids that references may point to; raises ValueError when one must be given and is not there.
    """
    assert schema.get(sobject.name) is sobject, "the object belongs to the schema"
    fake = Faker("en_US")
    fake.add_provider(SalesforceProvider)
    fake.seed_instance(seed)
    return [fake.salesforce_record(sobject, parents) for _ in range(count)]
