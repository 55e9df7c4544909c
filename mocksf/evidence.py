"""How sure we are that Salesforce behaves so: the marks that every claim of the project carries."""

from enum import Enum


class Evidence(Enum):
    """Where a behaviour comes from, the strongest first."""

    RECORDED = "recorded"
    """Seen in traffic of a real org."""
    DOCUMENTED = "documented"
    """Stated on a page of Salesforce's documentation."""
    CLIENT = "client"
    """A published client library depends on it."""
    ASSUMED = "assumed"
    """Believed, not verified; the fidelity ledger says what would settle it."""
