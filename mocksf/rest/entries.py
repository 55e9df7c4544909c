"""What the entry of one record says of a refusal, where records are answered one by one."""

from mocksf.errors import Refusal, Refuse
from mocksf.values import NotReadable


def of_record(refusal: Refusal) -> Refusal:
    """The refusal as it stands in a record's own entry: a value that cannot be read is an error of its field there."""
    if isinstance(refusal, NotReadable):
        return Refuse.WRONG_TYPE(fields=(refusal.field.name,), label=refusal.field.label, value=refusal.value)
    return refusal
