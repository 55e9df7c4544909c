"""The pytest plugin: an org per test, a served org, weather, a clock, and async tests on virtual time."""

import inspect
from collections.abc import Callable, Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mocksf.clock import VirtualClock
    from mocksf.face import Org
    from mocksf.journal import Journal
    from mocksf.weather import Rule

MARKER = (
    "mocksf(schema=None, seed=0, rules=[], settings=None): the org that this test gets; async tests run on virtual time"
)
KNOWN = ("schema", "seed", "rules", "settings")
_JOURNALS = pytest.StashKey[list["Journal"]]()
SHOWN = 40
"""How many exchanges a failing test shows."""


class Faults:
    """The weather over this test's org; rules end with the test."""

    def __init__(self, org: "Org") -> None:
        self._org = org

    def add(self, *rules: Any) -> "list[Rule]":
        """Lay rules down: rules, their JSON forms, or bare names of kinds. Raises RuleError."""
        from mocksf.face import as_rule  # this module is loaded in every suite

        return [self._org.weather.add(as_rule(rule)) for rule in rules]

    def clear(self) -> None:
        """Calm."""
        self._org.weather.clear()

    def explain(self) -> list[dict[str, Any]]:
        """What each rule struck, or why it did not."""
        from mocksf.weather import explain

        return [explain(laid) for laid in self._org.weather.laid]


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", MARKER)


@pytest.fixture
def mocksf_org(request: pytest.FixtureRequest) -> "Org":
    """A new org for this test, as its `mocksf` marker says; nothing is shared, so that tests may run side by side."""
    from mocksf.face import Org

    org = Org(**_wishes(request.node))
    request.node.stash.setdefault(_JOURNALS, []).append(org.journal)
    return org


@pytest.fixture
def mocksf_faults(mocksf_org: "Org") -> Faults:
    """The weather over `mocksf_org`."""
    return Faults(mocksf_org)


@pytest.fixture
def mocksf_clock(mocksf_org: "Org") -> "VirtualClock":
    """The clock of `mocksf_org`; move it with `mocksf_org.advance`, so that what is due happens on the way."""
    return mocksf_org.door.clock


@pytest.fixture
def mocksf_server(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A served org of its own on a free port of the loopback; `url`, `token` and `credentials` say how to reach it."""
    from mocksf.doors.serving import Served
    from mocksf.doors.tenancy import ServedOrg
    from mocksf.face import as_rule, as_schema

    wishes = _wishes(request.node)
    wishes["schema"] = as_schema(wishes.get("schema"))
    wishes["rules"] = [as_rule(rule) for rule in wishes.get("rules", ())]
    with ServedOrg(Served(**wishes)) as served:
        request.node.stash.setdefault(_JOURNALS, []).append(served.journal)
        yield served


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> object | None:
    """Run an async test that has the marker, or the org, on virtual time: its own `sleep(300)` is free."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj) or not _is_ours(pyfuncitem):
        return None
    from mocksf.clock import VirtualClock
    from mocksf.doors.loop import run

    wanted = inspect.signature(pyfuncitem.obj).parameters
    arguments = {name: value for name, value in pyfuncitem.funcargs.items() if name in wanted}
    org: Any = pyfuncitem.funcargs.get("mocksf_org")
    run(pyfuncitem.obj(**arguments), org.door.clock if org is not None else VirtualClock())
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the journal of a test that failed."""
    report = yield
    journals = item.stash.get(_JOURNALS, [])
    if call.when == "call" and report.failed and journals:
        lines = [str(exchange) for journal in journals for exchange in list(journal)[-SHOWN:]]
        report.sections.append(("mocksf journal", "\n".join(lines) or "no exchange"))
    return report


def _wishes(node: pytest.Item) -> dict[str, Any]:
    """What the markers ask for; of several the nearest to the test counts. Raises UsageError for an unknown wish."""
    wishes: dict[str, Any] = {}
    for marker in reversed(list(node.iter_markers("mocksf"))):
        unknown = [name for name in marker.kwargs if name not in KNOWN]
        if unknown or marker.args:
            from mocksf.weather.problems import nearest

            wrong = f"no argument `{unknown[0]}`{nearest(unknown[0], KNOWN)}" if unknown else "only named arguments"
            message = f"{node.nodeid}: the marker mocksf takes {wrong}"
            raise pytest.UsageError(message)
        wishes |= marker.kwargs
    return {name: value for name, value in wishes.items() if value is not None}


def _is_ours(item: pytest.Function) -> bool:
    """Whether an async test is for us: it has the org or the marker, and no other plugin's marker."""
    others: Callable[[str], object] = item.get_closest_marker
    if others("asyncio") or others("anyio") or others("trio"):
        return False
    return "mocksf_org" in item.fixturenames or item.get_closest_marker("mocksf") is not None
