"""What an org holds from its first day, beside its schema: stages, statuses, users, assignment rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from mocksf.schema.grants import Grants


@dataclass(frozen=True)
class Stage:
    """One row of OpportunityStage; `probability` in percent."""

    value: str
    label: str
    probability: int
    is_closed: bool
    is_won: bool
    forecast_category: str
    forecast_category_name: str


@dataclass(frozen=True)
class Status:
    """One row of LeadStatus, TaskStatus or CaseStatus; `ends` is IsConverted of a lead's, IsClosed of the others'."""

    value: str
    label: str
    is_default: bool = False
    ends: bool = False


@dataclass(frozen=True)
class UserSeed:
    """A user that the org is founded with."""

    username: str
    last_name: str
    first_name: str | None = None
    profile: str = "Standard User"
    active: bool = True
    permission_sets: tuple[str, ...] = ()


PROFILES = ("System Administrator", "Standard User", "Minimum Access - Salesforce")
"""The profiles of a new org."""

ADMINISTRATOR = UserSeed("admin@mock.example", "User", "Admin", profile="System Administrator")
"""Who is there in every org."""


@dataclass(frozen=True)
class RuleEntry:
    """One line of an assignment rule: when every field has its value (without regard to case), this user owns."""

    owner: str
    when: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class AssignmentRule:
    """An assignment rule of one object; the first entry that matches decides."""

    sobject: str
    name: str
    entries: tuple[RuleEntry, ...]
    active: bool = True


@dataclass(frozen=True)
class Seeds:
    """Everything beside objects and fields that a schema source brings along."""

    stages: tuple[Stage, ...] = ()
    lead_statuses: tuple[Status, ...] = ()
    task_statuses: tuple[Status, ...] = ()
    case_statuses: tuple[Status, ...] = ()
    high_priorities: frozenset[str] = frozenset()
    users: tuple[UserSeed, ...] = ()
    assignment_rules: tuple[AssignmentRule, ...] = ()
    lead_mapping: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By the object that comes out of a converted lead, its fields by the lead's custom fields."""
    profiles: tuple[Grants, ...] = ()
    """Profiles that a source made or changed; what the others of an org grant stands in `mocksf/permissions`."""
    permission_sets: tuple[Grants, ...] = ()

    @cached_property
    def stages_by_name(self) -> Mapping[str, Stage]:
        """The stages by their values in lower case; of two that are alike the first."""
        return {each.value.lower(): each for each in reversed(self.stages)}

    @property
    def profile_names(self) -> tuple[str, ...]:
        """The profiles of every org, then those that sources made."""
        return tuple(dict.fromkeys((*PROFILES, *(each.name for each in self.profiles))))
