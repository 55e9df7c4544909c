"""Contacts in deals and cases: the primary contact role, and copies of how to reach somebody."""

from mocksf.effects.scene import Row, Scene
from mocksf.evidence import Evidence
from mocksf.rules.others import CASE_COPIES

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("Opportunity.ContactId makes the primary contact role of a new opportunity", Evidence.RECORDED),
    ("An opportunity has one primary contact role; a new one takes the place of the old", Evidence.ASSUMED),
    ("Opportunity.ContactId follows the primary contact role", Evidence.ASSUMED),
    ("Case.Comments becomes a case comment and is read as empty", Evidence.ASSUMED),
)
"""What these effects believe, for the fidelity ledger."""


def primary_role(scene: Scene, before: Row, after: Row) -> None:
    """A new opportunity with a contact gets its role."""
    if before or not after.get("ContactId"):
        return
    role = scene.schema.get("OpportunityContactRole")
    link = role.get("OpportunityId") if role is not None else None
    if role is None or link is None:
        return
    if not scene.store.ids(role, link, after["Id"]):  # a deal that comes back brings its roles along
        scene.create(role, {"OpportunityId": after["Id"], "ContactId": after["ContactId"], "IsPrimary": 1})


def one_primary(scene: Scene, before: Row, after: Row) -> None:
    """There is one primary role, and the opportunity names its contact."""
    opportunity = scene.get((after or before).get("OpportunityId"))
    if opportunity is None:
        return
    if after.get("IsPrimary"):
        role = scene.schema["OpportunityContactRole"]
        link = role.get("OpportunityId")
        assert link is not None, "a contact role belongs to an opportunity"
        for other in scene.store.find(role, link, after["OpportunityId"]):
            if other["Id"] != after["Id"]:
                scene.set(role, other, IsPrimary=0)
        scene.set(*opportunity, ContactId=after["ContactId"])
    elif before.get("IsPrimary"):
        scene.set(*opportunity, ContactId=None)


def case_comment(scene: Scene, _: Row, after: Row) -> None:
    """What is said with a case becomes a comment on it."""
    comment = scene.schema.get("CaseComment")
    if comment is not None and after.get("Comments"):
        scene.create(comment, {"ParentId": after["Id"], "CommentBody": after["Comments"]})
        scene.store.update(scene.schema["Case"], after["Id"], {"Comments": None})


def case_copies(scene: Scene, before: Row, after: Row) -> None:
    """The cases of a contact repeat how to reach it."""
    if not before or not after or all(before.get(name) == after.get(name) for name in CASE_COPIES.values()):
        return
    case = scene.schema.get("Case")
    link = case.get("ContactId") if case is not None else None
    if case is None or link is None:
        return
    for row in scene.store.find(case, link, after["Id"]):
        scene.set(case, row, **{name: after.get(source) for name, source in CASE_COPIES.items()})
