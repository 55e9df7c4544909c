"""Zip archives of the Metadata API: unpacked within bounds, read against their package.xml, and packed."""

import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from xml.sax.saxutils import escape

from mocksf.evidence import Evidence
from mocksf.metadata.changing import Change, Outcome
from mocksf.schema.components import KINDS, Component, Key, component_of, parts_of
from mocksf.schema.names import SchemaError
from mocksf.schema.sfdx.elements import Element, read_element
from mocksf.schema.sfdx.writing import NAMESPACE

FILES_MAX = 10_000
"""How many files an archive may hold (documented)."""
FILE_BYTES_MAX = 8 * 1024 * 1024
TOTAL_BYTES_MAX = 64 * 1024 * 1024
"""How large they may be unpacked (assumed; the platform allows about 400 MB)."""
PACKAGE = "package.xml"
_PIECE = 1 << 16

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("Layouts, tabs, flows and other kinds without an effect here are kept, with a warning", Evidence.ASSUMED),
    ("An archive with Apex in it is refused: this org runs none", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""


class BadArchive(ValueError):
    """What was sent is no archive, or too large a one; the message says which."""


@dataclass(frozen=True, slots=True)
class Package:
    """An archive that was read: what is to change, what is only kept, and what is wrong with it at once."""

    change: Change
    kept: Mapping[str, bytes]
    outcomes: tuple[Outcome, ...]


def unpacked(content: bytes) -> dict[str, bytes]:
    """The files of an archive, in memory and within bounds, whatever its directory says. Raises BadArchive."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = [each for each in archive.infolist() if not each.is_dir()]
            if len(members) > FILES_MAX:
                message = f"an archive holds at most {FILES_MAX} files"
                raise BadArchive(message)
            files: dict[str, bytes] = {}
            left = TOTAL_BYTES_MAX
            for each in members:
                files[each.filename] = _read(archive, each, min(left, FILE_BYTES_MAX))
                left -= len(files[each.filename])
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as error:
        if isinstance(error, BadArchive):
            raise
        message = f"the file is no zip archive that can be read: {error}"
        raise BadArchive(message) from None
    return _rooted(files)


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> bytes:
    pieces, size = [], 0
    with archive.open(member) as stream:
        while piece := stream.read(_PIECE):
            size += len(piece)
            if size > most:
                bounds = f"{FILE_BYTES_MAX >> 20} MB a file and {TOTAL_BYTES_MAX >> 20} MB in all"
                message = f"{member.filename}: too large unpacked (at most {bounds})"
                raise BadArchive(message)
            pieces.append(piece)
    return b"".join(pieces)


def _rooted(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files by their paths below the folder of the package."""
    if PACKAGE in files:
        return files
    roots = [path.removesuffix(PACKAGE) for path in files if path.endswith(f"/{PACKAGE}") and path.count("/") == 1]
    if len(roots) != 1:
        return files
    return {path.removeprefix(roots[0]): content for path, content in files.items() if path.startswith(roots[0])}


# -- reading -----------------------------------------------------------------------------------------------------------


def read_package(files: Mapping[str, bytes]) -> Package:
    """What an archive wants."""
    if PACKAGE not in files:
        return Package(Change(), {}, (_wrong("", "", PACKAGE, "No package.xml found"),))
    coming: list[Component] = []
    kept: dict[str, bytes] = {}
    outcomes: list[Outcome] = []
    for path, content in sorted(files.items()):
        if path == PACKAGE or PurePosixPath(path).name.startswith("destructiveChanges"):
            continue
        try:
            _sort(path, content, coming, kept, outcomes)
        except SchemaError as error:
            outcomes.append(_wrong("", PurePosixPath(path).stem, path, str(error).partition(": ")[2]))
    try:
        going, wanted = _gone(files), manifest(files[PACKAGE])
    except SchemaError as error:
        return Package(Change(), {}, (_wrong("", "", PACKAGE, str(error)),))
    there = {each.key for each in coming} | {(each.kind, each.full_name) for each in outcomes}
    outcomes += [_missing(each) for each in wanted if each not in there and _around(each) not in there]
    return Package(Change(tuple(coming), going), kept, tuple(outcomes))


def _sort(path: str, content: bytes, coming: list[Component], kept: dict[str, bytes], outcomes: list[Outcome]) -> None:
    """Put a file where it belongs: among what changes the schema, what is kept, or what is refused."""
    folder = PurePosixPath(path).parts[0]
    if folder in {"classes", "triggers"}:
        if not path.endswith("-meta.xml"):
            kind = "ApexClass" if folder == "classes" else "ApexTrigger"
            outcomes.append(_wrong(kind, PurePosixPath(path).stem, path, "This org runs no Apex (docs/hooks.md)"))
        return
    component = component_of(path, content)
    for part in parts_of(component) if component is not None else ():
        if part.kind in KINDS:
            coming.append(part)
        elif component is not None:
            outcomes.append(_asleep(part.kind.name, part.full_name, path, kept=part.kind is component.kind))
    if component is None or component.kind not in KINDS:
        kept[path] = content
    if component is None and not path.endswith("-meta.xml"):
        outcomes.append(_asleep(folder, PurePosixPath(path).stem, path))


def _asleep(kind: str, name: str, path: str, *, kept: bool = True) -> Outcome:
    """What has no effect; a part of an object's file is not even kept."""
    what = "kept, and has" if kept else "passed over: it has"
    return Outcome(kind, name, path, changed=kept, problem=f"{kind} is {what} no effect in this org")


def _wrong(kind: str, name: str, path: str, problem: str) -> Outcome:
    return Outcome(kind, name, path, problem=problem, failed=True)


def _around(key: Key) -> Key:
    """The component whose file holds another: the rules of an object, which `sf` names one by one."""
    kind, name = key
    return f"{kind}s" if kind in {"AssignmentRule", "MatchingRule"} else kind, name.partition(".")[0]


def _missing(key: Key) -> Outcome:
    kind, name = key
    problem = f"An object '{name}' of type {kind} was named in package.xml, but was not found in zipped directory"
    return _wrong(kind, name, PACKAGE, problem)


def manifest(content: bytes) -> list[Key]:
    """The components that a package.xml names, wildcards apart. Raises SchemaError."""
    return [key for key in wishes(read_element(PACKAGE, content)) if key[1] != "*"]


def wishes(package: Element) -> list[Key]:
    """What a package names, type by type, wildcards included."""
    return [
        (types.said("name").strip(), member.text.strip())
        for types in package.all("types")
        for member in types.all("members")
    ]


def _gone(files: Mapping[str, bytes]) -> tuple[Key, ...]:
    """What an archive takes away."""
    names = ("destructiveChangesPre.xml", "destructiveChanges.xml", "destructiveChangesPost.xml")
    return tuple(key for name in names if name in files for key in manifest(files[name]))


# -- writing -----------------------------------------------------------------------------------------------------------


def packed(files: Mapping[str, str | bytes]) -> bytes:
    """The files as a zip archive; the same files always make the same bytes."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(zipfile.ZipInfo(path), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def package_text(keys: Iterable[Key], version: str) -> str:
    """The package.xml of some components."""
    by_kind: dict[str, list[str]] = {}
    for kind, name in sorted(keys):
        by_kind.setdefault(kind, []).append(name)
    types = "".join(
        f"    <types>\n{''.join(f'        <members>{escape(each)}</members>{chr(10)}' for each in names)}"
        f"        <name>{kind}</name>\n    </types>\n"
        for kind, names in by_kind.items()
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return f'{head}<Package xmlns="{NAMESPACE}">\n{types}    <version>{version}</version>\n</Package>\n'
