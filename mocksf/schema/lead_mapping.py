"""Which custom field of a lead becomes which field of the account, contact or deal that comes out of it."""

from dataclasses import replace

from mocksf.schema.draft import Draft
from mocksf.schema.model import Field
from mocksf.schema.names import nearest
from mocksf.schema.places import Place

TARGETS = ("Account", "Contact", "Opportunity")


def add_lead_mapping(draft: Draft, place: Place) -> None:
    """Everything under `leadConversion`: by the object that comes out, its fields by the lead's fields."""
    mapping = {name: dict(fields) for name, fields in draft.seeds.lead_mapping.items()}
    for target, each in place.entries(TARGETS).items():
        for name, to in each.entries().items():
            source = _field(draft, "Lead", name, to)
            field = _field(draft, target, to.text(), to)
            if not _fits(source, field):
                to.refuse(f"Lead.{source.name} ({source.type}) does not fit {target}.{field.name} ({field.type})")
            mapping.setdefault(target, {})[source.name] = field.name
    draft.seeds = replace(draft.seeds, lead_mapping=mapping)


def _field(draft: Draft, owner: str, name: str, place: Place) -> Field:
    sobject = draft.get(owner)
    found = sobject.get(name) if sobject is not None else None
    if found is None or not found.has_column:
        names = [each.name for each in sobject.columns] if sobject is not None else []
        place.refuse(f"{owner} has no field '{name}'{nearest(name, names)}")
    return found


def _fits(source: Field, field: Field) -> bool:
    """Whether values pass as they are (documented: fields of the same type, texts at least as long)."""
    if not field.createable or source.type != field.type or source.scale != field.scale:
        return False
    return source.length <= field.length and source.precision <= field.precision
