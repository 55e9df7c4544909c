"""Features of an org: what each brings along of the standard objects and fields that a fresh org has not."""

from mocksf.schema.draft import Draft
from mocksf.schema.model import Field, SObject
from mocksf.schema.places import Place
from mocksf.schema.standard import FEATURES, default_schema


def add_features(draft: Draft, place: Place) -> None:
    """Everything under `features`: names of features, whose objects and fields the draft gets where it lacks them."""
    wanted = {each.choice(FEATURES) for each in place.items()}
    before = default_schema(draft.features)
    draft.features |= wanted
    for sobject in default_schema(draft.features):
        known, usual = draft.get(sobject.name), before.get(sobject.name)
        if known is None:
            draft.put(sobject)
        elif usual is not None:
            draft.change(
                sobject.name,
                fields=tuple(_with_new(known, usual, sobject)),
                children=(*known.children, *(each for each in sobject.children if each not in usual.children)),
            )


def _with_new(known: SObject, usual: SObject, featured: SObject) -> list[Field]:
    """The fields of an object with those that are new, each behind its neighbour among the standard fields."""
    fields = list(known.fields)
    names = [each.name for each in featured.fields]
    for each in featured.fields:
        if usual.get(each.name) is not None or known.get(each.name) is not None:
            continue
        earlier = set(names[: names.index(each.name)])
        at = max((at + 1 for at, field in enumerate(fields) if field.name in earlier), default=len(fields))
        fields.insert(at, each)
    return fields
