"""What follows of the lines of deals and orders: the price of a line, and what a deal with lines takes no more."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.rules.facts import Changes, Facts, Row, Rule, after
from mocksf.schema.model import Field
from mocksf.values import in_range

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("An opportunity's Amount is the sum of its lines; writing it is ignored while there are any", Evidence.DOCUMENTED),
    ("The first line gives its price book to an opportunity that has none", Evidence.DOCUMENTED),
    ("The price book of an opportunity with lines cannot be changed", Evidence.DOCUMENTED),
    ("A line has a unit price or a total price, not both; the other follows", Evidence.DOCUMENTED),
    ("TotalPrice is Quantity times UnitPrice, less the discount", Evidence.DOCUMENTED),
    ("A line of an order without a UnitPrice takes that of its price book entry", Evidence.ASSUMED),
    ("A line of a deal without a price of its own is refused with REQUIRED_FIELD_MISSING", Evidence.ASSUMED),
    ("The quantity of an opportunity is that of its lines; without lines left its Amount is 0", Evidence.ASSUMED),
    ("A line is named like its opportunity and its product", Evidence.DOCUMENTED),
    ("UseStandardPrice changes no price", Evidence.ASSUMED),
    ("An order without lines cannot be activated; an active one may be changed like any other", Evidence.ASSUMED),
)
"""What these rules believe, for the fidelity ledger."""


def product_of_entry(facts: Facts, before: Row, changes: Changes) -> None:
    """A price book entry is named and coded like its product."""
    product = facts.fetch(changes["Product2Id"]) if not before and changes.get("Product2Id") else None
    if product is not None:
        changes |= {"Name": product.get("Name"), "ProductCode": product.get("ProductCode"), "IsArchived": 0}


def without_lines_only(_: Facts, before: Row, changes: Changes) -> None:
    """A deal with lines keeps its price book, and its amount and quantity are those of the lines.

    Who names HasOpportunityLineItem is the org itself, telling the deal what its lines come to.
    """
    if not before.get("HasOpportunityLineItem") or "HasOpportunityLineItem" in changes:
        return
    book = changes.get("Pricebook2Id", before.get("Pricebook2Id"))
    if book != before.get("Pricebook2Id"):
        sentence = "field integrity exception: Pricebook2Id (cannot change the price book of an opportunity with lines)"
        raise Refuse.FIELD_INTEGRITY(fields=("Pricebook2Id",), sentence=sentence)
    for name in ("Amount", "TotalOpportunityQuantity"):
        changes.pop(name, None)


def _line(name: str, parent: str, link: str) -> Rule:
    """The rule of lines of one object: whose entry they are, and what they cost."""

    def rule(facts: Facts, before: Row, changes: Changes) -> None:
        entry = facts.fetch(after(before, changes, "PricebookEntryId") or "")
        if entry is None:
            raise Refuse.NO_PRICEBOOK_ENTRY(fields=("PricebookEntryId",))
        if not before:
            owner = facts.fetch(changes[link]) or {}
            _check_entry(facts, entry, owner, parent)
            _copy(facts, entry, owner, name, changes)
        _price(lambda field: facts.schema[name].get(field), entry, before, changes)

    return rule


def _check_entry(facts: Facts, entry: Row, owner: Row, parent: str) -> None:
    if entry.get("IsArchived") or not entry.get("IsActive"):
        raise Refuse.WITHDRAWN_ENTRY(
            fields=("PricebookEntryId",), state="archived" if entry.get("IsArchived") else "inactivated"
        )
    book = owner.get("Pricebook2Id")
    fits = book == entry.get("Pricebook2Id")
    if not book and parent == "opportunity":
        fits = bool((facts.fetch(entry["Pricebook2Id"]) or {}).get("IsActive"))
    if not fits:
        raise Refuse.OTHER_PRICEBOOK(parent=parent)


def _copy(facts: Facts, entry: Row, owner: Row, name: str, changes: Changes) -> None:
    """What a line shows of its entry, as far as the object has fields for it."""
    named = " ".join(filter(None, (owner.get("Name"), entry.get("Name"))))
    copied = {
        "Product2Id": entry.get("Product2Id"),
        "ProductCode": entry.get("ProductCode"),
        "ListPrice": changes.get("ListPrice") or entry.get("UnitPrice"),
        "Name": named[:376],
    }
    changes |= {key: value for key, value in copied.items() if facts.schema[name].get(key) is not None}


def _price(field: Callable[[str], Field | None], entry: Row, before: Row, changes: Changes) -> None:
    """Unit price and total price, whichever of them follows from the other."""
    moved = {each for each in ("UnitPrice", "TotalPrice") if _moves(each, before, changes)}
    if len(moved) == 2:
        raise Refuse.TWO_PRICES_CHANGED(fields=("UnitPrice",)) if before else Refuse.TWO_PRICES()
    total, unit = field("TotalPrice"), field("UnitPrice")
    if total is None or unit is None:
        return
    if not before and not moved:
        if total.createable:
            raise Refuse.REQUIRED_MISSING(fields=("UnitPrice",), names="UnitPrice")
        changes["UnitPrice"] = entry.get("UnitPrice") or 0
    amount = _amount(field, before, changes)
    if "TotalPrice" in moved:
        whole = Decimal(changes["TotalPrice"]).scaleb(-total.scale)
        changes["UnitPrice"] = _stored(unit, whole / amount if amount else Decimal(0))
    elif not before or {"UnitPrice", "Quantity", "Discount"} & changes.keys():
        each = Decimal(after(before, changes, "UnitPrice") or 0).scaleb(-unit.scale)
        changes["TotalPrice"] = _stored(total, each * amount)


def _moves(name: str, before: Row, changes: Changes) -> bool:
    return changes.get(name) is not None and changes[name] != before.get(name)


def _amount(field: Callable[[str], Field | None], before: Row, changes: Changes) -> Decimal:
    """How many units a line charges: its quantity, less the discount."""
    amount = Decimal(1)
    quantity, discount = field("Quantity"), field("Discount")
    if quantity is not None:
        amount = Decimal(after(before, changes, "Quantity") or 0).scaleb(-quantity.scale)
    if discount is not None:
        amount *= 1 - Decimal(after(before, changes, "Discount") or 0).scaleb(-discount.scale) / 100
    return amount


def _stored(field: Field, value: Decimal) -> int:
    """A price as its field stores it. Raises OUT_OF_RANGE."""
    return in_range(field, int(value.scaleb(field.scale).quantize(Decimal(1), rounding=ROUND_HALF_UP)))


def activation(facts: Facts, before: Row, changes: Changes) -> None:
    """An order is activated once it has lines."""
    active = after(before, changes, "StatusCode") == "Activated"
    if active and before.get("StatusCode") != "Activated":
        lines = facts.find("OrderItem", "OrderId", before["Id"]) if before else []
        if not lines:
            raise Refuse.EMPTY_ORDER()


deal_line = _line("OpportunityLineItem", "opportunity", "OpportunityId")
order_line = _line("OrderItem", "order", "OrderId")
