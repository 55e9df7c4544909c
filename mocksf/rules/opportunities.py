"""What follows of a deal: stage, probability, forecast, expected revenue, fiscal period (facts on model, §5.6)."""

from decimal import ROUND_HALF_UP, Decimal

from mocksf.rules.facts import Changes, Facts, Row, after
from mocksf.schema.seeds import Stage
from mocksf.values import in_range

_CATEGORY_OF_NAME = {"Omitted": "Omitted", "Pipeline": "Pipeline", "Best Case": "BestCase", "Commit": "Forecast"}


def _stage(facts: Facts, name: str | None) -> Stage:
    known = facts.schema.seeds.stages_by_name.get((name or "").lower())
    return known or Stage(name or "", name or "", 0, False, False, "Pipeline", "Pipeline")


def stage_follows(facts: Facts, before: Row, changes: Changes) -> None:
    """A new stage sets probability and forecast unless they are given; closed and won always follow the stage."""
    moved = "StageName" in changes and changes["StageName"] != before.get("StageName")
    stage = _stage(facts, after(before, changes, "StageName"))
    if moved or not before:
        changes["IsClosed"], changes["IsWon"] = int(stage.is_closed), int(stage.is_won)
        changes.setdefault("Probability", stage.probability)
        changes.setdefault("ForecastCategoryName", stage.forecast_category_name)
        if before:
            changes["LastStageChangeDate"] = facts.now
    if "ForecastCategoryName" in changes:
        named = changes["ForecastCategoryName"] or stage.forecast_category_name
        changes["ForecastCategoryName"] = named
        changes["ForecastCategory"] = _CATEGORY_OF_NAME.get(named, named)


def expected_revenue(facts: Facts, before: Row, changes: Changes) -> None:
    """ExpectedRevenue is Amount times Probability; both are stored scaled, the percent with scale 0."""
    if "Amount" in changes or "Probability" in changes:
        amount, probability = after(before, changes, "Amount"), after(before, changes, "Probability")
        known = amount is not None and probability is not None
        field = facts.schema["Opportunity"].get("ExpectedRevenue")
        changes["ExpectedRevenue"] = in_range(field, _percent_of(amount, probability)) if field and known else None


def _percent_of(amount: int, percent: int) -> int:
    return int((Decimal(amount) * percent / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def fiscal_period(facts: Facts, _: Row, changes: Changes) -> None:
    """Fiscal year and quarter follow the close date, and begin when the organization says."""
    if changes.get("CloseDate"):
        first, by_start = facts.fiscal()
        year, month = int(changes["CloseDate"][:4]), int(changes["CloseDate"][5:7])
        quarter = (month - first) % 12 // 3 + 1
        year += (month >= first) - (by_start or first == 1)
        changes["FiscalYear"], changes["FiscalQuarter"], changes["Fiscal"] = year, quarter, f"{year} {quarter}"


def push_count(_: Facts, before: Row, changes: Changes) -> None:
    """How often the close date was pushed into a later month."""
    old, new = before.get("CloseDate"), changes.get("CloseDate")
    if not before:
        changes.setdefault("PushCount", 0)
    elif old and new and new[:7] > old[:7]:
        changes["PushCount"] = (before.get("PushCount") or 0) + 1
