"""Recorded requests asked again of another org: in order, with the ids that it gave in place of those recorded."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mocksf.divergence.compare import Divergence, compare
from mocksf.divergence.exchanges import Heard, Recorded

Ask = Callable[[str, str, Mapping[str, str], str], Heard]
"""Method, target, headers and body → the answer of the other org."""
ID_KEYS = frozenset({"id", "Id"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """One exchange, asked again or `skipped` with the reason."""

    exchange: Recorded
    divergences: Sequence[Divergence] = ()
    skipped: str = ""


@dataclass
class Replay:
    """Asks one exchange after the other. Writes are asked only where that was allowed: they change the other org."""

    ask: Ask
    writes: bool = False
    ids: dict[str, str] = field(default_factory=dict)
    """The id that was recorded → the one that stands for it in the other org; learnt from the answers."""

    def run(self, exchanges: Iterable[Recorded]) -> Iterator[Outcome]:
        """The outcomes, in order, as they come."""
        for exchange in exchanges:
            reason = self._refused(exchange)
            yield Outcome(exchange, skipped=reason) if reason else self._asked(exchange)

    def _refused(self, exchange: Recorded) -> str:
        if exchange.about_login:
            return "its secrets are not in the archive"
        if not exchange.reads and not self.writes:
            return "it writes; --writes asks it again"
        return ""

    def _asked(self, exchange: Recorded) -> Outcome:
        target, body = self._translated(exchange.target), self._translated(exchange.body)
        theirs = self.ask(exchange.method, target, exchange.headers, body)
        self._learn(exchange.answer.body, theirs.body)
        return Outcome(exchange, compare(exchange.answer, theirs))

    def _translated(self, text: str) -> str:
        for ours, theirs in self.ids.items():
            text = text.replace(ours, theirs)
        return text

    def _learn(self, ours: Any, theirs: Any) -> None:
        """Note which id stands for which, wherever both answers have one at the same place."""
        if isinstance(ours, Mapping) and isinstance(theirs, Mapping):
            for key in ours.keys() & theirs.keys():
                if key in ID_KEYS and isinstance(ours[key], str) and isinstance(theirs[key], str):
                    self._note(ours[key], theirs[key])
                else:
                    self._learn(ours[key], theirs[key])
        elif isinstance(ours, list) and isinstance(theirs, list):
            for here, there in zip(ours, theirs, strict=False):
                self._learn(here, there)

    def _note(self, ours: str, theirs: str) -> None:
        if ours != theirs and len(ours) in (15, 18):
            self.ids[ours] = theirs
