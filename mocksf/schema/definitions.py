"""What an object or field carries beside its describe: formulas' companions, filters, rules, record types, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class FilterItem:
    """One condition of a filter; `operation` is a FilterOperation of the Metadata API (`equals`, `notEqual`, …).

    The field is named as in the source: `Object.Field` where it belongs to another object. The field is compared with
    the text `value` (several values are separated by commas) or, when that is None, with another field.
    """

    field: str
    operation: str
    value: str | None = None
    value_field: str | None = None


@dataclass(frozen=True)
class Summary:
    """A roll-up summary: what is counted or added up over the details of a master."""

    child_sobject: str
    child_field: str
    """The master-detail field of the child that points to the master."""
    operation: str
    """`count`, `sum`, `min` or `max`."""
    summarized_field: str | None = None
    """The child's field; None for `count`."""
    filters: tuple[FilterItem, ...] = ()
    """Conditions on the child's own fields, all of which must hold."""


@dataclass(frozen=True)
class LookupFilter:
    """Which records a lookup may point to. `boolean_filter` joins the numbered items (`1 AND (2 OR 3)`); None: all."""

    items: tuple[FilterItem, ...]
    boolean_filter: str | None = None
    optional: bool = False
    active: bool = True
    error_message: str | None = None
    info_message: str | None = None


@dataclass(frozen=True)
class ValidationRule:
    """A record is refused with `message` when the formula `condition` is true; at `error_field`, or at the top."""

    name: str
    condition: str
    message: str
    error_field: str | None = None
    active: bool = True
    description: str | None = None


@dataclass(frozen=True)
class DuplicateRule:
    """What happens when a record matches others: `Block` or `Allow`, on insert and on update.

    `match_fields` are the fields that must all match; each method is `Exact` or a fuzzy one of the Metadata API.
    """

    name: str
    match_fields: tuple[tuple[str, str], ...]
    on_insert: str = "Block"
    on_update: str = "Block"
    alert: str | None = None
    active: bool = True
    label: str | None = None


@dataclass(frozen=True)
class RecordType:
    """A record type; `picklists` holds the values that it offers, by field, the default first where there is one."""

    developer_name: str
    label: str
    record_type_id: str
    """18 characters."""
    active: bool = True
    default: bool = False
    """Whether records get it when nothing is said."""
    description: str | None = None
    picklists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    """The default value by picklist, where the record type has one of its own."""


@dataclass(frozen=True)
class MetadataRecord:
    """A record of a custom metadata type, which comes with the schema; values as a source writes them."""

    developer_name: str
    label: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class ValueSet:
    """A global value set; its values in the describe's order."""

    name: str
    label: str
    values: tuple[Mapping[str, object], ...]
    sorted: bool = False
    description: str | None = None
