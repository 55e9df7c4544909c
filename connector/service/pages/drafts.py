"""A configuration that somebody is just changing on a page: judged as it is typed, and put in force when it is good."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from connector.config import ConfigError, ConnectorConfig
from connector.describe import DescribeError
from connector.live.book import Book, NotGood, Overtaken
from connector.live.trial import OrgSilent, Remark
from connector.live.written import Written
from connector.validate import file_findings

OUTLOOK = frozenset({"BUDGET_OUTLOOK", "TYPE_FROM_ORG", "TEXT_MAY_OVERFLOW"})
"""What is good to know on the command line, and in the way while somebody types."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What is said of a draft. `silent` says why the org could not be asked, or is empty."""

    remarks: tuple[Remark, ...] = ()
    silent: str = ""

    @property
    def good(self) -> bool:
        """Whether nothing stands against it."""
        return not self.silent and all(each.severity != "error" for each in self.remarks)


@dataclass(frozen=True, slots=True)
class Sorted:
    """Remarks by the place on the page where they belong; `rest` belongs to none."""

    by_place: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    rest: list[dict[str, Any]] = field(default_factory=list)


async def judged(book: Book, read: Callable[[], ConnectorConfig], anew: bool = False) -> Judged:
    """Validate what `read` gives (or refuses) beside the org as the present login sees it."""
    try:
        return Judged(_worth_saying(await book.judged(read(), anew)))
    except ConfigError as problem:
        return Judged(file_findings(problem))
    except DescribeError as problem:
        return Judged(silent=f"the org cannot be asked now: {problem}")


async def tried(book: Book, written: Written, slack: bool) -> Judged:
    """Try with its own login and secrets."""
    try:
        return Judged(_worth_saying((await book.tried(written, slack)).remarks))
    except OrgSilent as problem:
        return Judged(silent=str(problem))


async def activated(book: Book, written: Written, actor: str, reason: str, base: str) -> tuple[int, Judged]:
    """Put it in force: the version that it became, or 0 and what stands against it."""
    try:
        activation = await book.activate(written, actor, reason, int(base) if base.isdecimal() else None)
    except NotGood as problem:
        return 0, Judged(_worth_saying(problem.remarks))
    except (Overtaken, OrgSilent) as problem:
        return 0, Judged(silent=str(problem))
    return activation.version, Judged()


def sorted_out(remarks: Iterable[Remark], places: dict[str, str]) -> Sorted:
    """Each remark to its place. `places`: JSON path → the place's name; the longest path that fits decides."""
    told = Sorted()
    for remark in remarks:
        fitting = [path for path in places if _within(remark.path, path)]
        if fitting:
            told.by_place.setdefault(places[max(fitting, key=len)], []).append(remark.as_json())
        else:
            told.rest.append(remark.as_json())
    return told


def _within(path: str, place: str) -> bool:
    return path == place or path.startswith((f"{place}.", f"{place}["))


def _worth_saying(remarks: tuple[Remark, ...]) -> tuple[Remark, ...]:
    return tuple(each for each in remarks if _name(each) not in OUTLOOK)


def _name(remark: Remark) -> str:
    return str(remark.as_json()["code"])
