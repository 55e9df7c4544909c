"""A schema as components of the Metadata API: what each kind is called, where its files lie, and what is in them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from urllib.parse import unquote
from xml.sax.saxutils import escape

from mocksf.schema.export import schema_tree
from mocksf.schema.kept import PerSchema
from mocksf.schema.model import Schema
from mocksf.schema.sfdx.elements import Element, read_element
from mocksf.schema.sfdx.writing import NAMESPACE, project_files


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of component: its type, its folder, the ending of its files, and the tag of it in its owner's file."""

    name: str
    folder: str
    suffix: str
    tag: str = ""
    own: str = ""
    """The ending of a file that holds one of them alone, in a source tree."""

    @property
    def in_object(self) -> bool:
        """Whether it is a part of an object's file."""
        return bool(self.tag)


OBJECT = Kind("CustomObject", "objects", "object")
KINDS: tuple[Kind, ...] = (
    OBJECT,
    Kind("CustomField", "objects", "object", "fields", "field"),
    Kind("ValidationRule", "objects", "object", "validationRules", "validationRule"),
    Kind("RecordType", "objects", "object", "recordTypes", "recordType"),
    Kind("GlobalValueSet", "globalValueSets", "globalValueSet"),
    Kind("StandardValueSet", "standardValueSets", "standardValueSet"),
    Kind("CustomMetadata", "customMetadata", "md"),
    Kind("DuplicateRule", "duplicateRules", "duplicateRule"),
    Kind("MatchingRules", "matchingRules", "matchingRule"),
    Kind("AssignmentRules", "assignmentRules", "assignmentRules"),
    Kind("LeadConvertSettings", "LeadConvertSettings", "LeadConvertSetting"),
    Kind("PermissionSet", "permissionsets", "permissionset"),
    Kind("Profile", "profiles", "profile"),
)
"""The kinds that this org reads and writes."""
DORMANT: tuple[Kind, ...] = (
    Kind("Layout", "layouts", "layout"),
    Kind("CompactLayout", "objects", "object", "compactLayouts", "compactLayout"),
    Kind("ListView", "objects", "object", "listViews", "listView"),
    Kind("FieldSet", "objects", "object", "fieldSets", "fieldSet"),
    Kind("WebLink", "objects", "object", "webLinks", "webLink"),
    Kind("CustomTab", "tabs", "tab"),
    Kind("CustomApplication", "applications", "app"),
    Kind("CustomLabels", "labels", "labels"),
    Kind("FlexiPage", "flexipages", "flexipage"),
    Kind("Flow", "flows", "flow"),
    Kind("Workflow", "workflows", "workflow"),
    Kind("QuickAction", "quickActions", "quickAction"),
    Kind("RemoteSiteSetting", "remoteSiteSettings", "remoteSite"),
    Kind("NamedCredential", "namedCredentials", "namedCredential"),
    Kind("ConnectedApp", "connectedApps", "connectedApp"),
    Kind("CustomPermission", "customPermissions", "customPermission"),
    Kind("Settings", "settings", "settings"),
)
"""Kinds that are kept as they were deployed and given back, and do nothing here."""
BY_NAME: Mapping[str, Kind] = {each.name: each for each in (*KINDS, *DORMANT)}
BY_SUFFIX: Mapping[str, Kind] = {each.own or each.suffix: each for each in (*DORMANT, *KINDS)}

Key = tuple[str, str]
"""The type and the full name of a component."""


@dataclass(frozen=True, slots=True)
class Component:
    """One component: its kind, its full name (`Account.Key__c`), and what is in it."""

    kind: Kind
    full_name: str
    element: Element

    @property
    def key(self) -> Key:
        return self.kind.name, self.full_name

    @property
    def owner(self) -> str:
        """The name of its file: its own, or that of the object it belongs to."""
        return self.full_name.partition(".")[0] if self.kind.in_object else self.full_name

    @property
    def file_name(self) -> str:
        """Its file in an archive."""
        return f"{self.kind.folder}/{self.owner}.{self.kind.suffix}"

    def inner(self) -> str:
        """What is in it, in the order of the WSDL, which is that of the alphabet."""
        return elements_text(each for each in self.element.below if each.tag != "fullName")


_COMPONENTS: PerSchema[dict[Key, Component]] = PerSchema("components")


def components(schema: Schema) -> Mapping[Key, Component]:
    """All components of a schema by type and full name, objects without their parts."""
    return _COMPONENTS.of(schema, lambda: dict(_components(schema)))


def _components(schema: Schema) -> Iterator[tuple[Key, Component]]:
    found = {each.key: each for each in _written(schema)}
    for sobject in schema:
        if sobject.flags.get("layoutable") or sobject.custom:
            bare = Component(OBJECT, sobject.name, Element(sobject.name, "CustomObject", ("CustomObject",)))
            found.setdefault(bare.key, bare)
    yield from sorted(found.items())


def _written(schema: Schema) -> Iterator[Component]:
    for path, text in project_files(schema, schema_tree(schema)):
        component = component_of(path, text.encode()) if path.endswith("-meta.xml") else None
        if component is not None:
            yield component


def component_of(path: str, content: bytes) -> Component | None:
    """The component of a file of a source tree or an archive, or None for a kind that nobody knows.

    Raises SchemaError for what is no XML.
    """
    kind, stem = kind_of(path)
    if kind is None:
        return None
    owner = PurePosixPath(path).parent.parent.name
    name = unquote(stem)
    return Component(kind, f"{owner}.{name}" if kind.in_object else name, read_element(path, content))


def kind_of(path: str) -> tuple[Kind | None, str]:
    """The kind of what a file holds, and the name of the file without its ending."""
    parts = PurePosixPath(path)
    stem, _, suffix = parts.name.removesuffix("-meta.xml").rpartition(".")
    kind = BY_SUFFIX.get(suffix)
    return (kind if kind is not None and kind.folder in parts.parts[:-1] else None), stem


def parts_of(component: Component) -> Iterator[Component]:
    """A component, and before it those that lie in the same file: the fields and rules of an object."""
    tags = {each.tag: each for each in (*KINDS, *DORMANT) if each.in_object}
    if component.kind is not OBJECT:
        yield component
        return
    own = [each for each in component.element.below if each.tag not in tags]
    yield replace(component, element=replace(component.element, below=own))
    for each in component.element.below:
        if each.tag in tags:
            name = f"{component.full_name}.{each.said('fullName')}"
            yield Component(tags[each.tag], name, each)


def whole(schema_parts: Mapping[Key, Component], name: str) -> Component:
    """An object with its fields and rules, as one file of an archive has it."""
    bare = schema_parts[OBJECT.name, name]
    own = [each for each in schema_parts.values() if each.kind.in_object and each.owner == name]
    parts = [replace(each.element, tag=each.kind.tag, below=_named(each)) for each in own]
    return replace(bare, element=replace(bare.element, below=[*bare.element.below, *parts]))


def _named(component: Component) -> list[Element]:
    """What is in a part of an object, its name in front."""
    name = Element("", "fullName", ("fullName",), component.full_name.partition(".")[2])
    return [name, *(each for each in component.element.below if each.tag != "fullName")]


def file_text(kind: Kind, below: Iterable[Element]) -> str:
    """The text of a file of an archive."""
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return f'{head}<{kind.name} xmlns="{NAMESPACE}">{elements_text(below)}</{kind.name}>\n'


def elements_text(elements: Iterable[Element]) -> str:
    """Elements as XML, sorted by their tags, the full name first."""
    return "".join(_text(each) for each in sorted(elements, key=lambda each: (each.tag != "fullName", each.tag)))


def _text(element: Element) -> str:
    inner = elements_text(element.below) if element.below else escape(element.text)
    return f"<{element.tag}>{inner}</{element.tag}>"


def source_tree(component: Component) -> tuple[str, bytes]:
    """The path and content of the file that holds one component alone, as a source tree has it."""
    kind, name = component.kind, component.full_name
    if kind.in_object:
        owner, _, own = name.partition(".")
        path = f"objects/{owner}/{kind.tag}/{own}.{kind.own}-meta.xml"
    elif kind is OBJECT:
        path = f"objects/{name}/{name}.object-meta.xml"
    else:
        path = f"{kind.folder}/{name}.{kind.suffix}-meta.xml"
    return path, file_text(kind, component.element.below).encode()
