"""How many records of a query fit a page: fewer where each of them is much to carry."""

from mocksf.schema.model import Field
from mocksf.soql.bound import BoundQuery, Choice, Column, Part, Record, Value

PAGE_MAX = 2_000
LONG_TEXTS_MAX = 200
"""With two long custom texts or more (SOQL reference, batch size)."""
LONG_TEXT = 255


def page_max(query: BoundQuery) -> int:
    """The most records that a page of this query holds."""
    fields = list(_fields(query.record))
    if any(field.type == "base64" for field in fields):
        return 1  # a client's report: the content of a file comes alone
    long = [field for field in fields if field.custom and field.type == "textarea" and field.length > LONG_TEXT]
    return LONG_TEXTS_MAX if len(long) > 1 else PAGE_MAX


def _fields(part: Part) -> list[Field]:
    """The fields that a record holds, its parents' among them; children have pages of their own."""
    if isinstance(part, Value):
        return [part.operand.field] if isinstance(part.operand, Column) else []
    if isinstance(part, Record):
        return [field for each in part.parts.values() for field in _fields(each)]
    return [field for each in part.records for field in _fields(each)] if isinstance(part, Choice) else []
