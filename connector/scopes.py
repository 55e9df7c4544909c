"""Scope profiles: three sets of OAuth scopes, and the narrowest one that a configuration needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from connector.config.mapping import field_mappings
from connector.config.model import ConnectorConfig
from connector.config.records import CHATTER
from connector.config.words import ScopeProfile

_STANDARD = ("api", "refresh_token", "offline_access")
_EXTENDED = (*_STANDARD, "web", "full")
PROFILES: Mapping[ScopeProfile, tuple[str, ...]] = {
    "standard": _STANDARD,
    "extended": _EXTENDED,
    "privileged": (*_EXTENDED, "chatter_api"),
}
"""Narrow to wide; each contains the one before."""


@dataclass(frozen=True, slots=True)
class Need:
    """A scope that something in the configuration needs; `intents` names what, in the order of the file."""

    scope: str
    why: str
    intents: Callable[[ConnectorConfig], tuple[str, ...]]


def _chatter_intents(config: ConnectorConfig) -> tuple[str, ...]:
    return tuple(each.intent for each in field_mappings(config).values() if each.sobject in CHATTER)


NEEDS = (Need("chatter_api", "posts to Chatter", _chatter_intents),)
"""What needs more than the standard profile. The org itself lets `api` post (facts, REST §6.6); the connector does not
rely on it (design §8.3)."""


def narrowest(config: ConnectorConfig) -> ScopeProfile:
    """The narrowest profile whose scopes cover what the configuration needs."""
    wanted = set(_STANDARD) | {need.scope for need in NEEDS if need.intents(config)}
    return next(name for name, scopes in PROFILES.items() if wanted <= set(scopes))


def breadth(profile: ScopeProfile) -> int:
    """0 for the narrowest profile, counting up."""
    return list(PROFILES).index(profile)


def lacking(config: ConnectorConfig, granted: str) -> tuple[str, ...]:
    """The needed scopes that a token's `scope` answer (space-separated) does not hold; `full` holds all but refresh."""
    have = set(granted.split())
    wanted = {"api"} | {need.scope for need in NEEDS if need.intents(config)}
    return () if "full" in have else tuple(sorted(wanted - have))
