"""Lines add up: what they come to in their deal or order, and what prices and products tell each other."""

from collections.abc import Iterable
from typing import Any

from mocksf.effects.scene import Row, Scene
from mocksf.errors import Refuse
from mocksf.schema.model import SObject
from mocksf.tables import table
from mocksf.values import in_range


def deal_total(scene: Scene, before: Row, after: Row) -> None:
    """A deal has the amount, the quantity and the price book of its lines; it is saved like by a client."""
    found = scene.get((after or before).get("OpportunityId"))
    if found is None or "HasOpportunityLineItem" not in found[1]:
        return
    kind, deal = found
    lines = _lines(scene, "OpportunityLineItem", "OpportunityId", deal["Id"])
    sums = {"Amount": 0, "TotalOpportunityQuantity": 1}
    values: dict[str, Any] = {name: _sum(kind, name, (each[at] or 0 for each in lines)) for name, at in sums.items()}
    values["HasOpportunityLineItem"] = int(bool(lines))
    if after and not deal.get("Pricebook2Id"):
        entry = scene.get(after.get("PricebookEntryId"))
        values["Pricebook2Id"] = entry[1]["Pricebook2Id"] if entry else None
    _save(scene, kind, deal, values)


def order_total(scene: Scene, before: Row, after: Row) -> None:
    """An order has the amount of its lines."""
    found = scene.get((after or before).get("OrderId"))
    if found is not None:
        kind, order = found
        lines = _lines(scene, "OrderItem", "OrderId", order["Id"])
        _save(scene, kind, order, {"TotalAmount": _sum(kind, "TotalAmount", (each[0] or 0 for each in lines))})


def _lines(scene: Scene, name: str, link: str, record_id: str) -> list[tuple[Any, ...]]:
    lines = table(scene.schema[name])
    return scene.store.rows(
        f'SELECT "TotalPrice", "Quantity" FROM {lines} WHERE "{link}" = ? AND "IsDeleted" = 0', (record_id,)
    )


def _sum(kind: SObject, name: str, values: Iterable[int]) -> int:
    """Added up here: a database would overflow where a field only refuses."""
    total = sum(values)
    field = kind.get(name)
    return total if field is None else in_range(field, total)


def _save(scene: Scene, kind: SObject, row: Row, values: dict[str, Any]) -> None:
    moved = {name: value for name, value in values.items() if name in row and row[name] != value}
    if moved:
        scene.change(kind, row, moved | {name: values[name] for name in _TOLD if name in values})


_TOLD = ("HasOpportunityLineItem",)
"""Named with every change, so that the deal knows who speaks."""


def one_price(scene: Scene, before: Row, after: Row) -> None:
    """A product has one entry in a price book, and a standard price before any other."""
    if before or not after:
        return
    kind = scene.schema["PricebookEntry"]
    entries = scene.store.rows(
        f'SELECT "Id", "Pricebook2Id" FROM {table(kind)} WHERE "Product2Id" = ? AND "IsDeleted" = 0',
        (after["Product2Id"],),
    )
    books = [book for entry, book in entries if entry != after["Id"]]
    if after["Pricebook2Id"] in books:
        raise Refuse.SAME_PRICE()
    if not any(_is_standard(scene, book) for book in (after["Pricebook2Id"], *books)):
        raise Refuse.NO_STANDARD_PRICE()


def _is_standard(scene: Scene, book: str) -> bool:
    found = scene.get(book)
    return found is not None and bool(found[1].get("IsStandard"))


def list_price(scene: Scene, before: Row, after: Row) -> None:
    """Lines of deals show what their entry lists now."""
    if before and after and before.get("UnitPrice") != after.get("UnitPrice"):
        _tell(scene, "OpportunityLineItem", "PricebookEntryId", after["Id"], ListPrice=after["UnitPrice"])


def product_names(scene: Scene, before: Row, after: Row) -> None:
    """Entries are named and coded like their product, also when that changes."""
    named = {name: after.get(name) for name in ("Name", "ProductCode")}
    if before and after and any(before.get(name) != value for name, value in named.items()):
        _tell(scene, "PricebookEntry", "Product2Id", after["Id"], **named)


def _tell(scene: Scene, name: str, link: str, record_id: str, **values: Any) -> None:
    kind = scene.schema.get(name)
    field = kind.get(link) if kind is not None else None
    if kind is not None and field is not None:
        for row in scene.store.find(kind, field, record_id):
            scene.set(kind, row, **values)
