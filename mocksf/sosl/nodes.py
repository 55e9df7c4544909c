"""The shape of a parsed search."""

from dataclasses import dataclass

from mocksf.soql.nodes import Query
from mocksf.sosl.words import Wanted


@dataclass(frozen=True, slots=True)
class Returning:
    """One object of RETURNING: what is read of its records, as a query over them."""

    query: Query

    @property
    def narrowed(self) -> bool:
        """Whether it filters or sorts, which lets more records through."""
        return self.query.where is not None or bool(self.query.order)


@dataclass(frozen=True, slots=True)
class Search:
    """A whole SOSL statement. `group` is ALL, NAME, EMAIL, PHONE or SIDEBAR."""

    wanted: Wanted
    group: str = "ALL"
    returning: tuple[Returning, ...] = ()
    limit: int | None = None
    labels: bool = False
    """`WITH METADATA = 'LABELS'`: the labels of the fields are told as well."""
