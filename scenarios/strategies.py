"""Hypothesis strategies for storms: any rules, calls and deaths, so that what breaks a law shrinks to its core."""

from typing import Any

from hypothesis import strategies as st

from scenarios.slack import Away
from scenarios.swarm import CALM_AFTER_S
from scenarios.weather import CALLS, PAIRS, UNASKED, Storm

SECONDS = st.integers(min_value=0, max_value=120_000).map(lambda milliseconds: milliseconds / 1000)
PATHS = st.sampled_from(
    ({}, {"path": "*/composite"}, {"path": "*/chatter/*"}, {"path": "*/oauth2/*"}, {"method": "GET"})
)


@st.composite
def how_often(draw: st.DrawFn) -> dict[str, Any]:
    """Any chance, any number of times, any window that is over before the calm."""
    start = draw(SECONDS)
    end = min(start + draw(st.sampled_from((1.0, 10.0, 60.0, 360.0))), CALM_AFTER_S)
    often: dict[str, Any] = {"chance": draw(st.sampled_from((1.0, 0.5, 0.2))), "window": {"from_s": start, "to_s": end}}
    return {**often, "times": draw(st.integers(1, 4))} if draw(st.booleans()) else often


def _phased(kind: str, *phases: str, **settings: Any) -> st.SearchStrategy[dict[str, Any]]:
    phase = st.sampled_from(phases) if phases else st.nothing()
    parts: dict[str, Any] = {"kind": st.just(kind), "where": PATHS, "how_often": how_often()}
    if phases:
        parts["phase"] = phase
    return st.fixed_dictionaries({**parts, **{name: st.just(value) for name, value in settings.items()}})


STAGES = ("before_org", "before_commit", "after_commit")


def rules() -> st.SearchStrategy[dict[str, Any]]:
    """Any one fault, in any phase at which it can strike."""
    part = st.sampled_from(("acc", "con", "opp", "lead", "task")).map(lambda name: {"part": name})
    rejection = {"kind": st.just("error"), "code": st.just("FIELD_CUSTOM_VALIDATION_EXCEPTION"), "status": st.just(400)}
    holder = {
        "kind": st.just("lock_holder"),
        "sobject": st.sampled_from(("Account", "Contact", "Opportunity", "Lead", "Task")),
    }
    slow = {"kind": st.just("latency"), "at": st.sampled_from(("there", "back", "service"))}
    return st.one_of(
        _phased("lost_answer"),
        _phased("lost_request"),
        _phased("timeout", *STAGES),
        _phased("reset", *STAGES),
        _phased("error", *STAGES, code="SERVER_UNAVAILABLE", status=503),
        _phased("error", "after_commit", html=True, status=502),
        _phased("error", "before_org", code="INVALID_SESSION_ID", status=401, message="Session expired or invalid"),
        st.fixed_dictionaries({**rejection, "where": part, "how_often": how_often()}),
        st.fixed_dictionaries({**holder, "hold_s": st.sampled_from((0.5, 9.9, 10.1, 14.0)), "how_often": how_often()}),
        st.fixed_dictionaries({**slow, "seconds": st.sampled_from((0.05, 3.0, 14.9, 16.0)), "how_often": how_often()}),
    )


def calls() -> st.SearchStrategy[tuple[tuple[str, float], ...]]:
    """One to three calls, at any times."""
    return st.lists(st.tuples(st.sampled_from(sorted(set(CALLS))), SECONDS), min_size=1, max_size=3).map(tuple)


def deaths() -> st.SearchStrategy[tuple[tuple[float, float], ...]]:
    """Up to three deaths of the connector, each for a while."""
    down = st.sampled_from((0.05, 1.0, 15.0))
    return st.lists(st.tuples(SECONDS, down), max_size=3).map(lambda found: tuple(sorted(found)))


def storms() -> st.SearchStrategy[Storm]:
    """Any storm."""
    away = st.sampled_from(((), (Away(0, 30),), (Away(0, 400),)))
    return st.builds(
        Storm,
        seed=st.integers(0, 2**16),
        rules=st.lists(rules(), max_size=4).map(tuple),
        calls=calls(),
        deaths=deaths(),
        pair=st.sampled_from(PAIRS),
        slack_away=away,
        unasked_from_s=st.sampled_from(UNASKED),
    )
