"""Values of StageName and Status with their meaning: what probability, what forecast, whether it ends the matter."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from mocksf.schema.draft import Draft
from mocksf.schema.seeds import Seeds, Stage, Status

Value = Mapping[str, Any]
_CATEGORY_NAMES = {"BestCase": "Best Case", "Forecast": "Commit"}


def extend_standing(draft: Draft, field: str, replaced: Sequence[Value] | None, added: Sequence[Value]) -> None:
    """Let the rows of OpportunityStage, LeadStatus, TaskStatus or CaseStatus follow the values of their picklist."""
    kind = _STANDING.get(field)
    if kind is None:
        return
    attribute, make = kind
    known = {each.value: each for each in getattr(draft.seeds, attribute)}
    kept = list(known.values()) if replaced is None else [known.get(each["value"]) or make(each) for each in replaced]
    rows = (*kept, *(make(each) for each in added))
    draft.seeds = _with(draft.seeds, attribute, rows)


def _with(seeds: Seeds, attribute: str, rows: tuple[Any, ...]) -> Seeds:
    changed: dict[str, Any] = {attribute: rows}
    return replace(seeds, **changed)


def _stage(value: Value) -> Stage:
    closed, won = value.get("closed", False), value.get("won", False)
    usual = "Closed" if won else "Omitted" if closed else "Pipeline"
    category = str(value.get("forecastCategory", usual))
    return Stage(
        value["value"],
        value.get("label", value["value"]),
        value.get("probability", 100 if won else 0),
        closed,
        won,
        category,
        _CATEGORY_NAMES.get(category, category),
    )


def _status(end: str) -> Callable[[Value], Status]:
    def make(value: Value) -> Status:
        return Status(
            value["value"], value.get("label", value["value"]), value.get("default", False), value.get(end, False)
        )

    return make


_STANDING: Mapping[str, tuple[str, Callable[[Value], Any]]] = {
    "Opportunity.StageName": ("stages", _stage),
    "Lead.Status": ("lead_statuses", _status("converted")),
    "Task.Status": ("task_statuses", _status("closed")),
    "Case.Status": ("case_statuses", _status("closed")),
}
"""Which rows an org keeps beside the values of which picklist."""
