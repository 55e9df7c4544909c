"""Archives that are fetched from an org: a retrieve is begun, and gives its archive when it is over."""

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from xml.etree.ElementTree import Element as Asked

from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.metadata.archive import package_text, packed
from mocksf.rest.metadata.calls import properties
from mocksf.rest.soap.calls import Turn
from mocksf.rest.soap_xml import element, elements, local, text
from mocksf.schema.components import BY_NAME, OBJECT, Component, Key, components, file_text, kind_of, whole
from mocksf.schema.sfdx.elements import Element

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("An object that is named in a retrieve comes with all its fields and rules", Evidence.DOCUMENTED),
    ("What is retrieved is as it was when it was asked for", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""


def _retrieve(turn: Turn) -> str:
    if turn.session.org.store.shared:
        raise Refuse.DEPLOY_STORE()
    # The WSDL calls its one part retrieveRequest, jsforce calls it request.
    request = next(iter(turn.ask.body), turn.ask.body)
    single = any(text(each) == "true" for each in _below(request, "singlePackage"))
    files, keys, missing = _gathered(turn, list(_wishes(request)))
    root = "" if single else "unpackaged/"
    held = {f"{root}package.xml": package_text(keys, turn.version)} | {f"{root}{path}": files[path] for path in files}
    listed = tuple((f"{root}{_path_of(key)}", *key) for key in keys)
    made = turn.session.org.metadata.fetch(turn.session.now, packed(held), listed, tuple(missing))
    return f"<result>{element('done', False)}{element('id', made.id)}{element('state', 'Queued')}</result>"


def _below(parent: Asked, name: str) -> list[Asked]:
    return [each for each in parent if local(each) == name]


def _wishes(request: Asked) -> Iterator[Key]:
    """Type and name of everything that a request names, `*` for all of a type."""
    for unpackaged in _below(request, "unpackaged"):
        for types in _below(unpackaged, "types"):
            name = next((text(each) for each in _below(types, "name")), "")
            yield from ((name, text(each)) for each in _below(types, "members"))


def _path_of(key: Key) -> str:
    kind = BY_NAME[key[0]]
    name = key[1].partition(".")[0] if kind.in_object else key[1]
    return f"{kind.folder}/{name}.{kind.suffix}"


def _gathered(turn: Turn, wishes: list[Key]) -> tuple[dict[str, str | bytes], list[Key], list[tuple[str, str]]]:
    """The files of all components that are wished for, their keys, and what is to be said of those that are not."""
    known = components(turn.session.org.store.schema)
    chosen: dict[Key, Component] = {}
    missing = []
    for kind, name in wishes:
        found = [each for each in known.values() if each.kind.name == kind and name in ("*", each.full_name)]
        chosen |= {each.key: each for each in found}
        asleep = any(_is_kept(path, kind, name) for path in turn.session.org.metadata.kept)
        if not found and not asleep and name != "*":
            missing.append(("package.xml", f"Entity of type '{kind}' named '{name}' cannot be found"))
    files: dict[str, str | bytes] = {}
    for each in chosen.values():
        if each.file_name not in files:
            files[each.file_name] = _file(known, chosen, each)
    kept = turn.session.org.metadata.kept
    files |= {path: kept[path] for path in kept if any(_is_kept(path, *each) for each in wishes)}
    return files, list(chosen), missing


def _is_kept(path: str, kind: str, name: str) -> bool:
    found, stem = kind_of(path)
    return found is not None and found.name == kind and name in ("*", stem)


def _file(known: Mapping[Key, Component], chosen: Mapping[Key, Component], component: Component) -> str:
    """The file of a component: of an object all of it, or those of its parts that were asked for."""
    if not (component.kind.in_object or component.kind is OBJECT):
        return file_text(component.kind, component.element.below)
    owner = (OBJECT.name, component.owner)
    parts = known if owner in chosen else {key: each for key, each in chosen.items() if each.owner == component.owner}
    if owner not in parts:
        bare = Component(OBJECT, component.owner, Element("", "CustomObject", ("CustomObject",)))
        parts = {owner: bare, **parts}
    return file_text(OBJECT, whole(parts, component.owner).element.below)


def _check_retrieve(turn: Turn) -> str:
    asked = turn.ask.text("asyncProcessId") or turn.ask.text("id")
    found = turn.session.org.metadata.retrieve(asked)
    if found is None:
        raise Refuse.NO_SUCH_DEPLOY(id=asked)
    over = found.ends <= turn.session.now
    wants = turn.ask.text("includeZip") != "false"
    told = {
        "done": over,
        "fileProperties": [properties(turn, *each) for each in found.files] if over else None,
        "id": found.id,
        "messages": [{"fileName": file, "problem": said} for file, said in found.messages] if over else None,
        "status": "Succeeded" if over else "InProgress",
        "success": over,
        "zipFile": b64encode(found.content).decode() if over and wants else None,
    }
    return f"<result>{elements(told.items())}</result>"


CALLS: Mapping[str, Callable[[Turn], str]] = {"retrieve": _retrieve, "checkRetrieveStatus": _check_retrieve}
"""The calls about retrieves."""
