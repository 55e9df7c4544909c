"""The rules of one org at work: which of them decides, what has struck so far, and what is in store for an exchange."""

from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import datetime
from typing import Any

from mocksf.clock import Clock
from mocksf.dice import Dice
from mocksf.errors import Refusal
from mocksf.faults import FAIR, Fate
from mocksf.messages import Request
from mocksf.parked import Part
from mocksf.weather.laid import Laid
from mocksf.weather.parse import parse_rule
from mocksf.weather.problems import RuleError, nearest
from mocksf.weather.rule import Rule
from mocksf.weather.sight import NOWHERE, Around, Sight


class NoSuchRule(KeyError):
    """No rule of this id is laid down."""

    def __init__(self, rule_id: str, known: Iterable[str]) -> None:
        ids = list(known)
        super().__init__(f"no such rule `{rule_id}`{nearest(rule_id, ids) if ids else '; there are no rules'}")

    def __str__(self) -> str:
        return str(self.args[0])


class Weather:
    """An ordered list of rules with ids, their tallies, and their dice: one stream per rule, named by its id."""

    def __init__(self, rules: Sequence[Rule], dice: Dice, clock: Clock, around: Around = NOWHERE) -> None:
        self._around = around
        self._dice = dice
        self._clock = clock
        self._laid: list[Laid] = []
        self._next = 1
        self.replace(rules)

    # -- what is in store ----------------------------------------------------------------------------------------

    def fate_of(self, request: Request) -> Fate:
        """The fate of one whole exchange; dice are rolled and tallies move, so ask once."""
        if not self._laid:
            return FAIR
        fate = FAIR
        now = self._clock.now()
        sight = Sight(request, None, self._around, now)
        for laid in self._striking(sight, of_parts=False):
            fate += laid.fate(now, self._stream(laid), sight)
        return fate

    def handshake(self, request: Request) -> Fate:
        """The fate of a connection that is being made, before anything is asked; like `fate_of` of what precedes it.

        `request` says to which host.
        """
        fate, sight, now = FAIR, Sight(request, None, self._around), self._clock.now()
        for laid in self._laid:
            if laid.at_handshake and laid.matches(sight) and laid.strikes(now, self._stream(laid)):
                return fate + laid.fate(now, self._stream(laid), sight)
        return fate

    @property
    def calm(self) -> bool:
        """Whether there are no rules at all."""
        return not self._laid

    def hinders(self) -> bool:
        """Whether any rule is about a part of a composite."""
        return bool(self._laid) and any(laid.of_parts for laid in self._laid)

    def hinder(self, request: Request, part: Part) -> Refusal | None:
        """The refusal that strikes one part of `request`, or None; dice are rolled, so ask once per part."""
        for laid in self._striking(Sight(request, part, self._around), of_parts=True):
            return laid.refusal()
        return None

    def _striking(self, sight: Sight, of_parts: bool) -> Iterator[Laid]:
        """The rules that strike: per slot the first whose `where` matches decides, its dice included."""
        decided: dict[tuple[str, str], Laid] = {}
        now = self._clock.now()
        for laid in self._laid:
            if laid.of_parts is not of_parts or not laid.matches(sight):
                continue
            if (first := decided.setdefault(laid.rule.slot, laid)) is not laid:
                laid.stand_behind(first)
            elif laid.strikes(now, self._stream(laid)):
                yield laid

    def _stream(self, laid: Laid) -> Any:
        return self._dice.named(f"weather/{laid.rule.id}")

    # -- the rules as a resource ---------------------------------------------------------------------------------

    @property
    def rules(self) -> list[Rule]:
        """The rules in order."""
        return [laid.rule for laid in self._laid]

    @property
    def laid(self) -> tuple[Laid, ...]:
        """The rules with their tallies, in order."""
        return tuple(self._laid)

    def find(self, rule_id: str) -> Laid:
        """The rule of this id with its tally. Raises NoSuchRule."""
        for laid in self._laid:
            if laid.rule.id == rule_id:
                return laid
        raise NoSuchRule(rule_id, (laid.rule.id for laid in self._laid))

    def add(self, rule: Rule, at: int | None = None) -> Rule:
        """Lay one more rule down, last or at a place; it gets an id where it has none.

        Raises RuleError for an id that is taken.
        """
        if any(laid.rule.id == rule.id for laid in self._laid):
            raise RuleError([("id", f"the id `{rule.id}` is taken")])
        laid = Laid(replace(rule, id=rule.id or self._fresh_id()), self._clock.now())
        self._laid.insert(len(self._laid) if at is None else at, laid)
        return laid.rule

    def replace(self, rules: Sequence[Rule]) -> list[Rule]:
        """Lay these rules down instead of all others; all or none. Raises RuleError where two have one id."""
        before = self._laid, self._next
        self._laid, self._next = [], 1
        try:
            return [self.add(rule) for rule in rules]
        except RuleError:
            self._laid, self._next = before
            raise

    def patch(self, rule_id: str, changes: dict[str, Any]) -> Rule:
        """Change the given keys of a rule in place; its tally stays. Raises NoSuchRule, RuleError."""
        laid = self.find(rule_id)
        changed = parse_rule({**laid.rule.as_json(), **changes, "id": rule_id})
        laid.relay(changed)
        return changed

    def move(self, rule_id: str, at: int) -> None:
        """Let a rule stand at another place in the order; its tally stays. Raises NoSuchRule."""
        laid = self.find(rule_id)
        self._laid.remove(laid)
        self._laid.insert(at, laid)

    def remove(self, rule_id: str) -> None:
        """Take one rule away. Raises NoSuchRule."""
        self._laid.remove(self.find(rule_id))

    def clear(self) -> None:
        """Calm: no rules at all."""
        self.replace([])

    def _fresh_id(self) -> str:
        taken = {laid.rule.id for laid in self._laid}
        while f"r{self._next}" in taken:
            self._next += 1
        self._next += 1
        return f"r{self._next - 1}"

    # -- state ---------------------------------------------------------------------------------------------------

    def state(self) -> object:
        """Rules and tallies, for a snapshot; the dice belong to the org."""
        return self._next, deepcopy(self._laid)

    def restore(self, state: object) -> None:
        """Back to what `state` gave."""
        self._next, self._laid = deepcopy(state)  # type: ignore[misc]

    def reset(self) -> None:
        """The same rules as if laid down now: tallies at zero, windows from this instant."""
        now: datetime = self._clock.now()
        self._laid = [Laid(laid.rule, now) for laid in self._laid]
