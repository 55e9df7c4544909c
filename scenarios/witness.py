"""What a law may look at: the org, by asking it, and what was written down and seen by others than the judged code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from scenarios.slack import Message
from scenarios.trace import Deployed, Exchange, Glimpse, Import, Receipt, Shown


class LedgerEntry(Protocol):
    """One entry of an audit ledger, as it was written."""

    @property
    def seq(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def kind(self) -> str: ...
    @property
    def delivery(self) -> str: ...
    @property
    def detail(self) -> Mapping[str, Any]: ...
    @property
    def previous(self) -> str: ...
    @property
    def hash(self) -> str: ...
    def as_json(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """One intent that was told: where in the org it belongs, and with which value."""

    call: str
    turn: int
    intent: str
    sobject: str
    field: str
    key: tuple[str, str]
    """The field and the value in it that find its record, such as ``("Call_Key__c", "call-1")``."""
    value: Any
    """As the org's JSON shows it."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the connector promised by its configuration."""

    budget_s: float = 0.2
    schedule_s: tuple[float, ...] = (0.2, 1.0, 5.0, 30.0, 300.0)
    timeout_s: float = 15.0
    jitter: float = 0.0
    """The share of each wait that chance may take off or add."""


class Witness(Protocol):
    """A world is one; so is a running server with a ledger file and a request journal after a load test."""

    terms: Terms
    now: datetime
    there_before: frozenset[str]
    """Ids of the records that no call made."""
    at_rest: bool
    """Whether all faults are over and all waiting is done, so that nothing may be unfinished any more."""
    own_s: float
    """How much time the connector spent on itself: by so much may an attempt come late."""

    @property
    def entries(self) -> Sequence[LedgerEntry]: ...
    @property
    def exchanges(self) -> Sequence[Exchange]: ...
    @property
    def receipts(self) -> Sequence[Receipt]: ...
    @property
    def wanted(self) -> Sequence[Wanted]: ...
    @property
    def messages(self) -> Sequence[Message]: ...
    @property
    def shown(self) -> Sequence[Shown]:
        """Where each critical intent stood when its caller hung up."""
        ...

    @property
    def glimpses(self) -> Sequence[Glimpse]:
        """What readers of the org saw meanwhile."""
        ...

    @property
    def imports(self) -> Sequence[Import]:
        """What another program wrote in composites that are not all or none."""
        ...

    @property
    def deploys(self) -> Sequence[Deployed]:
        """The changes of the org's schema since the map was checked."""
        ...

    @property
    def injected(self) -> frozenset[str]:
        """The error codes that the weather was told to answer with: no fault of the map's."""
        ...

    @property
    def map_is_valid(self) -> bool:
        """Whether the validator found nothing against the connector's configuration in this org."""
        ...

    @property
    def sessions_end(self) -> bool:
        """Whether a session of the connector's may have been no good when the org saw it."""
        ...

    @property
    def calls_counted(self) -> int:
        """How many API calls the org has counted since the beginning."""
        ...

    @property
    def crashes(self) -> Sequence[datetime]: ...
    @property
    def secrets(self) -> Sequence[str]:
        """Texts that must never show: tokens, client secrets, webhook addresses."""
        ...

    @property
    def deletions(self) -> bool:
        """Whether somebody deletes records."""
        ...

    def visible(self, text: str) -> list[dict[str, Any]]:
        """The same, with the rows that were deleted where anybody deletes any."""
        ...

    def soql(self, text: str) -> list[dict[str, Any]]:
        """The rows that the org gives for a query, attributes left out."""
        ...
