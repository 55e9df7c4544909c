"""Campaigns count: their members, their responses, the deals that name them."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from mocksf.effects.scene import Row, Scene
from mocksf.evidence import Evidence
from mocksf.schema.model import SObject
from mocksf.tables import total
from mocksf.values import in_range

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("A campaign's figures follow its members and opportunities at once, its own only", Evidence.ASSUMED),
)
"""What these effects believe, for the fidelity ledger."""

_MEMBERS = (
    ("NumberOfLeads", 'COUNT("LeadId")', ""),
    ("NumberOfContacts", 'COUNT("ContactId")', ""),
    ("NumberOfResponses", "COUNT(*)", ' AND "HasResponded" = 1'),
)
_SUM = total('"Amount"')
_DEALS = (
    ("NumberOfOpportunities", "COUNT(*)", ""),
    ("NumberOfWonOpportunities", "COUNT(*)", ' AND "IsWon" = 1'),
    ("AmountAllOpportunities", f"COALESCE({_SUM}, 0)", ""),
    ("AmountWonOpportunities", f"COALESCE({_SUM}, 0)", ' AND "IsWon" = 1'),
)


def counts_members(scene: Scene, before: Row, after: Row) -> None:
    """Members are counted where they come and go."""
    _count(scene, before, after, "CampaignMember", _MEMBERS)


def counts_deals(scene: Scene, before: Row, after: Row) -> None:
    """Opportunities are counted, and their amounts added up, in the campaign that they name."""
    if before.get("CampaignId") or after.get("CampaignId"):
        _count(scene, before, after, "Opportunity", _DEALS)


def _count(scene: Scene, before: Row, after: Row, name: str, figures: tuple[tuple[str, str, str], ...]) -> None:
    for campaign_id in dict.fromkeys((before.get("CampaignId"), after.get("CampaignId"))):
        found = scene.get(campaign_id)
        if found is None:
            continue
        where = f'FROM "{name}" WHERE "CampaignId" = ? AND "IsDeleted" = 0'
        values: dict[str, Any] = {
            figure: _scaled(scene, found[0], figure, int(scene.first(f"SELECT {term} {where}{more}", campaign_id)))
            for figure, term, more in figures
            if figure in found[1]
        }
        scene.set(*found, **values)


def _scaled(scene: Scene, campaign: SObject, figure: str, value: int) -> int:
    """A figure as its field stores it: sums come with the digits of the amounts that were added up."""
    field, amount = campaign.get(figure), scene.schema["Opportunity"].get("Amount")
    if field is None or amount is None or not figure.startswith("Amount"):
        return value
    return in_range(field, int(Decimal(value).scaleb(field.scale - amount.scale).quantize(Decimal(1), ROUND_HALF_UP)))
