"""What somebody looks for in a journal: every filter narrows, what is not said is any."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from fnmatch import fnmatchcase

from mocksf.journal import Exchange
from mocksf.weather import Sight

CORRELATION = ("x-call-id", "x-request-id", "x-correlation-id", "traceparent", "idempotency-key")
"""Headers by which clients say what belongs together."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which exchanges are looked for."""

    method: str | None = None
    path: str | None = None
    """A part of the target, or a glob over it where it holds a `*`."""
    status: str | None = None
    """A status such as 404, a class such as 5xx, or `none`: nobody was answered."""
    lost: str | None = None
    """`request` or `answer`."""
    rule: str | None = None
    """The id of a rule that struck."""
    fault: str | None = None
    """The kind of a rule that struck; `any` is all that anything struck."""
    sobject: str | None = None
    operation: str | None = None
    call: str | None = None
    """A text that the request carries in its target, its body or a correlating header, such as the key of a call."""
    since: datetime | None = None
    """Begun at this instant of the org or later."""
    until: datetime | None = None
    """Begun before this instant."""
    after: int = 0
    """Only exchanges with higher numbers."""


def seek(exchanges: Iterable[Exchange], wanted: Wanted) -> list[Exchange]:
    """The exchanges that fit every filter given, in their order."""
    tests = list(_tests(wanted))
    return [one for one in exchanges if one.number > wanted.after and all(test(one) for test in tests)]


Test = Callable[[Exchange], bool]


def _tests(wanted: Wanted) -> Iterator[Test]:
    for each in fields(wanted):
        value = getattr(wanted, each.name)
        if value is not None and each.name in _MAKERS:
            yield _MAKERS[each.name](value)


def _method(value: str) -> Test:
    return lambda one: one.method == value.upper()


def _path(value: str) -> Test:
    text = value.casefold()
    if "*" in text:
        return lambda one: fnmatchcase(one.target.partition("?")[0].casefold(), text)
    return lambda one: text in one.target.casefold()


def _status(value: str) -> Test:
    text = value.lower()
    return lambda one: text in (str(one.status), f"{str(one.status)[0]}xx") if one.status else text == "none"


def _lost(value: str) -> Test:
    return lambda one: one.lost == value


def _rule(value: str) -> Test:
    return lambda one: value in one.fate.struck


def _fault(value: str) -> Test:
    return lambda one: bool(one.fate.struck) if value == "any" else value in one.kinds


def _sobject(value: str) -> Test:
    return lambda one: (Sight(one.request).sobject or "").casefold() == value.casefold()


def _operation(value: str) -> Test:
    return lambda one: Sight(one.request).operation == value


def _call(value: str) -> Test:
    raw = value.encode()
    return lambda one: (
        value in one.request.path
        or value in one.target
        or raw in one.body
        or any(value in one.headers.get(name, "") for name in CORRELATION)
    )


def _since(value: datetime) -> Test:
    return lambda one: one.began is not None and one.began >= value


def _until(value: datetime) -> Test:
    return lambda one: one.began is not None and one.began < value


_MAKERS: dict[str, Callable[..., Test]] = {
    "method": _method,
    "path": _path,
    "status": _status,
    "lost": _lost,
    "rule": _rule,
    "fault": _fault,
    "sobject": _sobject,
    "operation": _operation,
    "call": _call,
    "since": _since,
    "until": _until,
}
