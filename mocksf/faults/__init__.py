"""What can go wrong, one kind per file; `KINDS` lists them, and names, docs and tests follow from the list."""

from collections.abc import Mapping

from mocksf.faults.error import Error
from mocksf.faults.fate import FAIR, Ending, Fate, Lost
from mocksf.faults.kind import Fault, kind_name
from mocksf.faults.latency import Latency
from mocksf.faults.lock_holder import LockHolder
from mocksf.faults.lost_answer import LostAnswer
from mocksf.faults.lost_request import LostRequest
from mocksf.faults.phase import Phase, in_phase
from mocksf.faults.reset import Reset
from mocksf.faults.timeout import Timeout

KINDS: tuple[type[Fault], ...] = (Latency, Error, LostRequest, LostAnswer, Timeout, Reset, LockHolder)

BY_NAME: Mapping[str, type[Fault]] = {kind_name(kind): kind for kind in KINDS}

__all__ = ["BY_NAME", "FAIR", "KINDS", "Ending", "Fate", "Fault", "Lost", "Phase", "in_phase", "kind_name"]
