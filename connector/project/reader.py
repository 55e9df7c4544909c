"""Reading a project: standard objects as a fresh org has them, with the project's objects and fields on top.

Rights are not part of a source tree in a way that could be judged: every field counts as visible to the user.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from connector.describe import Choice, FieldDescribe, KnownDescribe, ObjectDescribe
from connector.project.fields import ValueSets, choices, field_describe
from connector.project.xml import Element, read

ACTIVITY = "Activity"
"""Where fields of tasks and events are defined (facts, SOQL and model §5.6)."""
STANDARD_VALUE_SETS: Mapping[str, tuple[str, str]] = {
    "OpportunityStage": ("Opportunity", "StageName"),
    "OpportunityType": ("Opportunity", "Type"),
    "LeadStatus": ("Lead", "Status"),
    "LeadSource": ("Lead", "LeadSource"),
    "Industry": ("Account", "Industry"),
    "AccountType": ("Account", "Type"),
    "TaskStatus": ("Task", "Status"),
    "TaskPriority": ("Task", "Priority"),
}
"""The standard value sets that a call may write, with the field that shows them."""

_SYSTEM = (
    FieldDescribe("Id", "Record ID", "id", 18, nillable=False, defaulted_on_create=True, id_lookup=True),
    FieldDescribe("IsDeleted", "Deleted", "boolean", nillable=False, defaulted_on_create=True),
    FieldDescribe("CreatedDate", "Created Date", "datetime", nillable=False, defaulted_on_create=True),
    FieldDescribe("LastModifiedDate", "Last Modified Date", "datetime", nillable=False, defaulted_on_create=True),
    FieldDescribe("SystemModstamp", "System Modstamp", "datetime", nillable=False, defaulted_on_create=True),
)
_OWNER = FieldDescribe(
    "OwnerId",
    "Owner ID",
    "reference",
    18,
    nillable=False,
    createable=True,
    updateable=True,
    defaulted_on_create=True,
    reference_to=("Group", "User"),
)


def is_project(folder: str | Path) -> bool:
    """Whether a folder holds source rather than describes."""
    root = Path(folder)
    return (root / "sfdx-project.json").is_file() or next(root.rglob("*.object-meta.xml"), None) is not None


def project_describe(folder: str | Path) -> KnownDescribe:
    """The org that a project would make. Raises DescribeError, which names the file."""
    root = Path(folder)
    value_sets = {_name(file): choices(read(file), "customValue") for file in root.rglob("*.globalValueSet*")}
    found = _fields(root, value_sets)
    objects = {each.name: each for each in _standard()}
    for file in sorted(root.rglob("*.object-meta.xml")):
        name = _name(file)
        if name.endswith(("__c", "__e")):
            objects[name] = _custom(name, read(file), any(_master(each) for each in found.get(name, ())))
    for name, more in found.items():
        if name in objects:
            objects[name] = _with(objects[name], more)
    return KnownDescribe(_with_standard_values(objects, root))


def _fields(root: Path, value_sets: ValueSets) -> dict[str, list[FieldDescribe]]:
    found: dict[str, list[FieldDescribe]] = defaultdict(list)
    for file in sorted(root.rglob("*.field-meta.xml")):
        owner = file.parent.parent.name
        metadata = read(file)
        if not metadata.has("type"):
            continue  # a standard field's own settings (tracking, help text): its type is known
        described = field_describe(metadata, value_sets, str(file))
        found["Task" if owner == ACTIVITY else owner].append(described)
    return found


def _master(field: FieldDescribe) -> bool:
    return field.type == "reference" and not field.nillable


def _name(file: Path) -> str:
    return file.name.partition(".")[0]


def _standard() -> Iterator[ObjectDescribe]:
    flags = {"createable": True, "updateable": True}
    data = json.loads(files("connector.project").joinpath("standard.json").read_text(encoding="utf-8"))
    for name, each in data.items():
        fields = [{**flags, **field} for field in each["fields"]]
        yield ObjectDescribe.read({**each, "fields": fields}, name)


def _custom(name: str, metadata: Element, is_detail: bool) -> ObjectDescribe:
    naming = metadata.child("nameField")
    numbered = naming is not None and naming.text("type") == "AutoNumber"
    label = (naming.text("label") if naming else "") or "Name"
    name_field = FieldDescribe(
        "Name",
        label,
        "string",
        80,
        nillable=not numbered,
        createable=not numbered,
        updateable=not numbered,
        defaulted_on_create=True,  # an unnamed record is named by its id (facts, SOQL and model §5.2)
        id_lookup=True,
        auto_number=numbered,
    )
    owner = () if is_detail else (_OWNER,)
    return ObjectDescribe(name, metadata.text("label") or name, True, True, (*_SYSTEM, *owner, name_field))


def _with(sobject: ObjectDescribe, more: list[FieldDescribe]) -> ObjectDescribe:
    kept = tuple(each for each in sobject.fields if each.name not in {one.name for one in more})
    return replace(sobject, fields=(*kept, *more))


def _with_standard_values(objects: Mapping[str, ObjectDescribe], root: Path) -> Iterator[ObjectDescribe]:
    """The objects, with the standard value sets of the project in place of those of a fresh org."""
    changed: dict[tuple[str, str], tuple[Choice, ...]] = {}
    for file in root.rglob("*.standardValueSet*"):
        place = STANDARD_VALUE_SETS.get(_name(file))
        if place:
            changed[place] = choices(read(file), "standardValue")
    for sobject in objects.values():
        fields = (
            replace(each, choices=changed[sobject.name, each.name]) if (sobject.name, each.name) in changed else each
            for each in sobject.fields
        )
        yield replace(sobject, fields=tuple(fields))
