"""How each claim is shown: its figures, its tables, its pictures."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scenarios.claims import Claim
from scenarios.page.pictures import Curve, latencies, schedule, shares


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a title; `folded` ones open on demand."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing and what it shows."""

    svg: str
    caption: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A claim as the page shows it."""

    name: str
    tells: str
    holds: bool
    figures: Sequence[tuple[str, str]] = ()
    tables: Sequence[Table] = ()
    pictures: Sequence[Picture] = field(default=())


Parts = tuple[Sequence[tuple[str, str]], Sequence[Table], Sequence[Picture]]


def shown(claim: Claim) -> Shown:
    """A claim with its evidence laid out; one that has no layout of its own shows its bare evidence."""
    layout = LAYOUTS.get(claim.name, _bare)
    figures, tables, pictures = layout(claim.evidence, claim.pictures)
    return Shown(claim.name, claim.tells, claim.holds, figures, tables, pictures)


def _count(value: float) -> str:
    return f"{value:,}".replace(",", " ")


def _bare(evidence: Mapping[str, Any], _: Mapping[str, Any]) -> Parts:
    return (), [Table("Evidence", ("figure", "value"), [(name, str(value)) for name, value in evidence.items()])], ()


def _mapping(evidence: Mapping[str, Any], _: Mapping[str, Any]) -> Parts:
    figures = [
        ("calls played", _count(evidence["calls"])),
        ("intents read back", _count(evidence["intents_read_back"])),
        ("fields compared", _count(evidence["fields_compared"])),
        ("fields moved wrongly", _count(evidence["fields_moved_wrongly"])),
        ("field types", str(len(evidence["field_types"]))),
    ]
    sample = [(name, str(value)) for name, value in evidence["sample_call"].items()]
    wrong = [
        (each["call"], name, str(found["expected"]), str(found["found"]))
        for each in evidence["wrong"]
        for name, found in each["fields"].items()
    ]
    tables = [Table("The sample call, read back from the org", ("field", "value"), sample)]
    if wrong:
        tables.append(Table("Moved wrongly", ("call", "field", "expected", "found"), wrong))
    return figures, tables, ()


def _rollback(evidence: Mapping[str, Any], _: Mapping[str, Any]) -> Parts:
    cases = evidence["cases"]
    columns = ("part", "kind", "org as before", "never half", "reason in the ledger", "culprit", "named", "ends well")
    fields = ("part", "kind", "as_before", "never_half", "reason", "culprit", "named", "recovered")
    rows = [[_culprit(each) if name == "culprit" else each[name] for name in fields] for each in cases]
    figures = [("failures made", str(len(cases))), ("records compared", _count(evidence["records_compared"]))]
    return figures, [Table("Every part, every kind of failure", columns, rows)], ()


def _culprit(case: Mapping[str, Any]) -> str:
    return case["culprit"] or "the whole request"


def _waits(case: Mapping[str, Any]) -> str:
    return ", ".join(f"{wait:g}" for wait in case["waits_s"]) or "none"


def _backoff(evidence: Mapping[str, Any], pictures: Mapping[str, Any]) -> Parts:
    troubles = [*evidence["troubles"], evidence["rejection"]]
    rows = [
        [each["trouble"], each["attempts"], _waits(each)]
        + [each[name] for name in ("dead_letters", "alerts", "chain_holds")]
        + [" → ".join(each["trail"])]
        for each in troubles
    ]
    columns = ("trouble", "attempts", "waits, s", "dead letters", "alerts", "chain holds", "audit trail")
    figures = [("waited in all", f"{evidence['waited_s']:g} s"), ("kinds of trouble", str(len(troubles)))]
    picture = Picture(
        schedule(pictures["expected_s"], pictures["measured_s"]),
        "Waits on a logarithmic axis. Ring: where the wait should end. Dot: where the clock says it did.",
    )
    return figures, [Table("Trouble that does not end", columns, rows)], [picture]


CURVES = (
    ("pinned, composite, async log", "pinned × composite", "green", False),
    ("unpinned, composite, async log", "unpinned × composite", "blue", False),
    ("pinned, part by part, async log", "pinned × part by part", "green", True),
    ("unpinned, part by part, async log", "unpinned × part by part", "blue", True),
)
"""Arm, label, ink, and whether the line is dashed."""


def _budget(evidence: Mapping[str, Any], pictures: Mapping[str, Any]) -> Parts:
    figures = [
        ("turns answered", _count(evidence["turns_answered"])),
        ("answered late", _count(evidence["answered_late"])),
        ("slowest answer", f"{evidence['slowest_answer_ms']:.1f} ms"),
        ("lookups with data in time", f"{evidence['lookups_with_data_within_budget'] * 100:.1f} %"),
    ]
    curves = [Curve(label, pictures["commits"][arm], ink, dashed) for arm, label, ink, dashed in CURVES]
    drawn = [
        Picture(
            latencies(curves, BUDGET_S),
            "How long a turn takes to be committed on a fair day. Pinned: agents and instance in one region. "
            "Part by part: three requests instead of one composite.",
        ),
        Picture(
            shares(pictures["shares"], pictures["floor"]), "Committed within the budget, with each trick taken away."
        ),
    ]
    rows = [
        (name, evidence["turns_per_arm"][name], *(f"{found[point]:g} ms" for point in ("p50", "p95", "p99")))
        for name, found in evidence["commit_ms"].items()
    ]
    sources = [(name.replace("_", " "), said) for name, said in evidence["figures"].items()]
    tables = [
        Table("Time to the commit", ("arm", "turns", "p50", "p95", "p99"), rows),
        Table("Where the figures come from", ("figure", "evidence"), sources),
    ]
    return figures, tables, drawn


BUDGET_S = 0.2


def _nothing(evidence: Mapping[str, Any], _: Mapping[str, Any]) -> Parts:
    wanted = ("storms", "accepted", "crashes", "answers_lost", "requests_lost", "undone_before_commit", "row_locks")
    figures = [(name.replace("_", " "), _count(evidence[name])) for name in wanted]
    figures += [(f"ended {state}", _count(count)) for state, count in evidence["ends"].items()]
    tables = [Table("Laws that judged it", ("law",), [(law,) for law in evidence["laws"]], folded=True)]
    if evidence["breaches"]:
        rows = [(each["seed"], each["law"], each["breach"]) for each in evidence["breaches"]]
        tables.insert(0, Table("Breaches", ("seed", "law", "breach"), rows))
    return figures, tables, ()


LAYOUTS: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], Parts]] = {
    "mapping": _mapping,
    "atomic_rollback": _rollback,
    "backoff_schedule": _backoff,
    "budget_200ms": _budget,
    "nothing_lost": _nothing,
    "nothing_twice": _nothing,
}
"""Claim → how its evidence is laid out."""
