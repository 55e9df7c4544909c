"""What lookups heard lately, by number: passing knowledge, so that a number is not asked about twice for one call."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from connector.intents import Caller

FRESH = timedelta(minutes=10)
"""How long an answer counts: a call's length; whoever rings later is looked up anew."""
MOST = 10_000
"""How many numbers are remembered at most."""


@dataclass(slots=True)
class Callers:
    """Answers by number. Losing them costs a lookup, nothing else: what was acted upon is in the ledger."""

    named: Callable[[str], str | None] = str
    """What a number is called when others say that they write something for it."""
    searchable: bool = True
    """Whether the org has a phone search, as far as is known."""
    _answers: dict[str | None, tuple[datetime, Caller | None]] = field(default_factory=dict)
    _written: dict[str | None, int] = field(default_factory=dict)

    def age(self, number: str) -> int:
        """A token to be taken before the org is asked: an answer counts only if nothing was written meanwhile."""
        return self._written.get(self.named(number), 0)

    def remember(self, number: str, age: int, at: datetime, found: Caller | None) -> None:
        """Keep what the org answered."""
        if age == self.age(number):
            name = self.named(number)
            self._answers.pop(name, None)
            self._answers[name] = (at, found)
            if len(self._answers) > MOST:
                del self._answers[next(iter(self._answers))]

    def recall(self, number: str, at: datetime) -> tuple[Caller | None] | None:
        """What the org answered lately, in a tuple; None where it was not asked, or too long ago."""
        heard = self._answers.get(self.named(number))
        return (heard[1],) if heard and abs(at - heard[0]) <= FRESH else None

    def clear(self) -> None:
        """Forget all answers: what others wrote meanwhile was not heard."""
        self._answers.clear()

    def forget(self, number: str) -> None:
        """A record of this number is being written: an answer from before says nothing any more."""
        self.written(self.named(number))

    def written(self, name: str | None) -> None:
        """The same, by whomever, of a number by its name."""
        self._answers.pop(name, None)
        self._written[name] = self._written.get(name, 0) + 1
        if len(self._written) > MOST:
            del self._written[next(iter(self._written))]
