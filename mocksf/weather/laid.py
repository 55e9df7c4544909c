"""One rule as it lies: since when, what it has seen, how often it struck, and what it came nearest to."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from fnmatch import translate
from functools import lru_cache
from math import exp
from random import Random
from typing import Any

from mocksf.errors import Refusal
from mocksf.faults import Fate
from mocksf.faults.kind import SECONDS_MAX
from mocksf.weather.rule import Rule, Spells, Where, Window
from mocksf.weather.sight import Sight


@dataclass(frozen=True)
class Miss:
    """The nearest exchange that a rule did not match: which keys failed, what they wanted and what they saw."""

    method: str
    path: str
    failed: Mapping[str, tuple[Any, Any]]


@dataclass
class Laid:
    """A rule and its tally: counters live here, never in the settings."""

    rule: Rule
    since: datetime
    fits: int = 0
    """How many exchanges fit every key but `nth`."""
    matched: int = 0
    behind: int = 0
    """How often an earlier rule of its slot decided instead."""
    shadow: str = ""
    """The id of that rule."""
    idle: int = 0
    """How often it decided but was out of its window or used up."""
    unlucky: int = 0
    """How often its chance did not fall."""
    struck: int = 0
    decided: int = 0
    """How often it was asked whether it strikes."""
    bad: bool = False
    """Whether a bad spell is on."""
    turns_at: datetime | None = None
    """When the spell ends; None before the first."""
    level: float | None = None
    """How slow the time is, in standard deviations, where delays drift; None before the first."""
    level_at: datetime | None = None
    """When that was drawn."""
    nearest: Miss | None = field(default=None, compare=False)
    wants: "tuple[Want, ...]" = field(init=False, repr=False, compare=False)
    """The keys that `where` gives, once for all exchanges."""

    concerns: Callable[[Sight], bool] | None = field(init=False, repr=False, compare=False)
    """What a kind asks of an exchange before it can strike it; None for most."""

    def __post_init__(self) -> None:
        self.wants = _wants(self.rule.where)
        self.concerns = getattr(self.rule.fault, "concerns", None)

    @property
    def at_handshake(self) -> bool:
        """Whether it may strike before there is a request."""
        return getattr(self.rule.fault, "at_handshake", False)

    @property
    def of_parts(self) -> bool:
        return self.rule.where.part is not None

    def matches(self, sight: Sight) -> bool:
        """Whether `where` matches; counts, so ask once per exchange."""
        failed = {key: (wanted, seen) for key, wanted, look in self.wants if (seen := look(wanted, sight)) is not True}
        if failed:
            self._remember(sight, failed)
            return False
        if self.concerns is not None and not self.concerns(sight):
            self._remember(sight, {"connection": (self.rule.kind, "another one")})
            return False
        self.fits += 1
        nth = self.rule.where.nth
        if nth is not None and nth != self.fits:
            self._remember(sight, {"nth": (nth, self.fits)})
            return False
        self.matched += 1
        return True

    def strikes(self, now: datetime, random: Random) -> bool:
        """Whether it strikes now that it decides; a die is rolled only where the chance is a chance."""
        often = self.rule.how_often
        self.decided += 1
        spent = often.times is not None and self.struck >= often.times
        skipped = often.every is not None and self.decided % often.every != 0
        if spent or skipped or not _open(often.window, self.since, now) or not self._is_bad(often.spells, now, random):
            self.idle += 1
            return False
        chance = often.chance * (often.ramp.chance((now - self.since).total_seconds()) if often.ramp else 1.0)
        if chance < 1 and random.random() >= chance:
            self.unlucky += 1
            return False
        self.struck += 1
        return True

    def fate(self, now: datetime, random: Random, sight: Sight) -> Fate:
        """What it has in store for an exchange that it strikes; ask once, for a drift goes on."""
        fate, drift = self.rule.fate(random, sight), self.rule.how_often.drift
        if drift is None:
            return fate
        passed_s = (now - self.level_at).total_seconds() if self.level_at is not None else 0.0
        self.level = drift.level(self.level, max(passed_s, 0.0), random)
        self.level_at = now
        factor = exp(drift.sigma * self.level)
        there_s, service_s, back_s = (
            round(min(one * factor, SECONDS_MAX), 6) for one in (fate.there_s, fate.service_s, fate.back_s)
        )
        return replace(fate, there_s=there_s, service_s=service_s, back_s=back_s)

    def _is_bad(self, spells: Spells | None, now: datetime, random: Random) -> bool:
        """Whether a bad spell is on; the first one is good, and each lasts as long as a die says."""
        if spells is None:
            return True
        while self.turns_at is None or self.turns_at <= now:
            begun, self.bad = self.turns_at or self.since, self.turns_at is not None and not self.bad
            mean_s = spells.bad_s if self.bad else spells.good_s
            self.turns_at = begun + timedelta(seconds=random.expovariate(1 / mean_s))
        return self.bad

    def stand_behind(self, first: "Laid") -> None:
        """An earlier rule of the same slot decides."""
        self.behind += 1
        self.shadow = first.rule.id

    def refusal(self) -> Refusal:
        """The refusal of a rule about parts."""
        refusal: Refusal = self.rule.fault.refusal()  # type: ignore[attr-defined]  # Rule made sure of it
        return refusal

    def relay(self, rule: Rule) -> None:
        """Another rule in the same place, with the same tally."""
        self.rule, self.nearest = rule, None
        self.__post_init__()

    def _remember(self, sight: Sight, failed: Mapping[str, tuple[Any, Any]]) -> None:
        if self.matched == 0 and (self.nearest is None or len(failed) < len(self.nearest.failed)):
            self.nearest = Miss(sight.methods[-1], sight.part_path or sight.path, failed)


def _method(wanted: str, sight: Sight) -> Any:
    return wanted in sight.methods or sight.methods[-1]


def _path(wanted: str, sight: Sight) -> Any:
    pattern = _glob(wanted.rstrip("/") or "/")
    paths = [path for path in (sight.path, sight.part_path) if path]
    return any(pattern.fullmatch(path) for path in paths) or paths[-1]


def _sobject(wanted: str, sight: Sight) -> Any:
    return wanted.casefold() == (sight.sobject or "").casefold() or sight.sobject


def _operation(wanted: str, sight: Sight) -> Any:
    return wanted == sight.operation or sight.operation


def _header(wanted: Mapping[str, str], sight: Sight) -> Any:
    seen = {name: sight.request.header(name.lower()) for name in wanted}
    return (
        all((held := seen[name]) is not None and _glob(glob).fullmatch(held) for name, glob in wanted.items()) or seen
    )


def _body(wanted: str | Mapping[str, str], sight: Sight) -> Any:
    if isinstance(wanted, str):
        return bool(_glob(wanted).fullmatch(sight.text)) or sight.text[:80]
    seen = {path: sight.values(path) for path in wanted}
    fits = (any(_glob(glob).fullmatch(value) for value in seen[path]) for path, glob in wanted.items())
    return all(fits) or seen


def _user(wanted: str, sight: Sight) -> Any:
    return bool(sight.user and _glob(wanted).fullmatch(sight.user)) or sight.user


def _tenant(wanted: str, sight: Sight) -> Any:
    return bool(_glob(wanted).fullmatch(sight.around.tenant)) or sight.around.tenant


def _part(wanted: str, sight: Sight) -> Any:
    if sight.part is None:
        return None
    return wanted == sight.part.reference_id or _sobject(wanted, sight) is True or sight.part.reference_id


def _wants(where: Where) -> "tuple[Want, ...]":
    return tuple((key, wanted, look) for key, look in _LOOKS.items() if (wanted := getattr(where, key)) is not None)


# A look answers True, or what it saw instead of what was wanted.
Look = Callable[[Any, Sight], Any]
Want = tuple[str, Any, Look]
_LOOKS: Mapping[str, Look] = {
    "method": _method,
    "path": _path,
    "sobject": _sobject,
    "operation": _operation,
    "header": _header,
    "body": _body,
    "user": _user,
    "tenant": _tenant,
    "part": _part,
}


@lru_cache(maxsize=512)
def _glob(text: str) -> re.Pattern[str]:
    return re.compile(translate(text), re.IGNORECASE)


def _open(window: Window | None, since: datetime, now: datetime) -> bool:
    if window is None:
        return True
    first = since + timedelta(seconds=window.from_s or 0)
    last = since + timedelta(seconds=window.to_s) if window.to_s is not None else None
    return (
        first <= now
        and (last is None or now < last)
        and (window.since is None or window.since <= now)
        and (window.until is None or now < window.until)
    )
