"""Campaigns count: their members, their responses, the deals that name them."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from mocksf.effects.scene import Row, Scene
from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.rules.campaigns import USUAL
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


def first_statuses(scene: Scene, before: Row, after: Row) -> None:
    """A new campaign has the usual statuses for its members; one that comes back brings its own along."""
    kind = scene.schema.get("CampaignMemberStatus")
    link = kind.get("CampaignId") if kind is not None else None
    if kind is None or link is None or before or scene.store.ids(kind, link, after["Id"], deleted=True):
        return
    for each in USUAL:
        scene.create(kind, {"CampaignId": after["Id"], **each})


def one_default(scene: Scene, before: Row, after: Row) -> None:
    """A campaign has one default status; neither that one nor a status that members have can go."""
    row = after or before
    if after:
        others = [each for each in _statuses(scene, row) if each["Id"] != row["Id"] and each["IsDefault"]]
        for each in others if row["IsDefault"] and not before.get("IsDefault") else ():
            scene.set(scene.schema["CampaignMemberStatus"], each, IsDefault=0)
    elif scene.get(row["CampaignId"]) is not None and (row["IsDefault"] or _is_had(scene, row)):
        raise Refuse.IN_USE(name=row["Label"], children="campaign members", names=row["Label"])


def _statuses(scene: Scene, row: Row) -> list[dict[str, Any]]:
    kind = scene.schema["CampaignMemberStatus"]
    link = kind.get("CampaignId")
    return scene.store.find(kind, link, row["CampaignId"]) if link is not None else []


def _is_had(scene: Scene, row: Row) -> bool:
    where = 'WHERE "CampaignId" = ? AND "Status" = ? AND "IsDeleted" = 0'
    statement = f'SELECT COUNT(*) FROM "CampaignMember" {where}'
    return bool(scene.first(statement, row["CampaignId"], row["Label"]))
