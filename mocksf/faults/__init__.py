"""What can go wrong, one kind per file; `KINDS` lists them, and names, docs and tests follow from the list."""

from collections.abc import Mapping

from mocksf.faults.bandwidth import Bandwidth
from mocksf.faults.closed import Closed
from mocksf.faults.concurrent_limit import ConcurrentLimit
from mocksf.faults.daily_limit import DailyLimit
from mocksf.faults.deed import ChangeSchema, Deed, DeleteRecord, RevokeToken
from mocksf.faults.deploy import Deploy
from mocksf.faults.duplicate_rule import DuplicateRule
from mocksf.faults.error import Error
from mocksf.faults.fate import FAIR, Drip, Ending, Fate, Lost
from mocksf.faults.garbled_body import GarbledBody
from mocksf.faults.instance_migration import InstanceMigration
from mocksf.faults.kind import Fault, kind_name
from mocksf.faults.latency import Latency
from mocksf.faults.lock_holder import LockHolder
from mocksf.faults.lost_answer import LostAnswer
from mocksf.faults.lost_request import LostRequest
from mocksf.faults.maintenance_page import MaintenancePage
from mocksf.faults.phase import Phase, in_phase
from mocksf.faults.rate_limit import RateLimit
from mocksf.faults.read_only import ReadOnly
from mocksf.faults.record_deleted import RecordDeleted
from mocksf.faults.region import Region
from mocksf.faults.reset import Reset
from mocksf.faults.row_lock import RowLock
from mocksf.faults.service_times import ServiceTimes
from mocksf.faults.session_expiry import SessionExpiry
from mocksf.faults.slow_drip import SlowDrip
from mocksf.faults.stale_describe import StaleDescribe
from mocksf.faults.stale_keep_alive import StaleKeepAlive
from mocksf.faults.timeout import Timeout
from mocksf.faults.tls_refused import TlsRefused
from mocksf.faults.token_revoked import TokenRevoked
from mocksf.faults.truncated_body import TruncatedBody

KINDS: tuple[type[Fault], ...] = (
    # what the way does to an exchange
    Latency,
    Region,
    ServiceTimes,
    Bandwidth,
    LostRequest,
    LostAnswer,
    Timeout,
    Reset,
    Closed,
    StaleKeepAlive,
    TlsRefused,
    TruncatedBody,
    GarbledBody,
    SlowDrip,
    # what stands in front of the org, or what the org itself says
    Error,
    MaintenancePage,
    InstanceMigration,
    RateLimit,
    DailyLimit,
    ConcurrentLimit,
    SessionExpiry,
    ReadOnly,
    DuplicateRule,
    RowLock,
    StaleDescribe,
    # what somebody else does meanwhile
    LockHolder,
    TokenRevoked,
    RecordDeleted,
    Deploy,
)

BY_NAME: Mapping[str, type[Fault]] = {kind_name(kind): kind for kind in KINDS}

__all__ = [
    "BY_NAME",
    "FAIR",
    "KINDS",
    "ChangeSchema",
    "Deed",
    "DeleteRecord",
    "Drip",
    "Ending",
    "Fate",
    "Fault",
    "Lost",
    "Phase",
    "RevokeToken",
    "in_phase",
    "kind_name",
]
