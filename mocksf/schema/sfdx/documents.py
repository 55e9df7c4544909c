"""The files of a project that say something about its schema, from a folder or from a zip archive, within bounds."""

import os
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from mocksf.schema.names import SchemaError

KINDS = {
    "object": "objects",
    "field": "objects",
    "validationRule": "objects",
    "recordType": "objects",
    "globalValueSet": "globalValueSets",
    "standardValueSet": "standardValueSets",
    "duplicateRule": "duplicateRules",
    "matchingRule": "matchingRules",
    "assignmentRules": "assignmentRules",
    "LeadConvertSetting": "LeadConvertSettings",
    "md": "customMetadata",
    "profile": "profiles",
    "permissionset": "permissionsets",
}
"""What a file holds by the ending of its name (`X.field-meta.xml`, `X.object`), and the folder it lies in."""

FILES_MAX = 50_000
FILE_BYTES_MAX = 8 * 1024 * 1024
TOTAL_BYTES_MAX = 256 * 1024 * 1024
"""A metadata retrieve of the platform is bounded by 10,000 files and about 400 MB; what is more is no project."""
SKIPPED_FOLDERS = frozenset({"node_modules", "__pycache__", "build", "dist"})


@dataclass(frozen=True)
class Document:
    """One file: its path within the project, the kind of thing in it, the name of that thing, and its content."""

    path: str
    kind: str
    name: str
    content: bytes

    @property
    def owner(self) -> str:
        """The folder under `objects` that it lies in: the object that a field or rule belongs to."""
        parts = PurePosixPath(self.path).parts
        return parts[len(parts) - 1 - parts[::-1].index("objects") + 1]


def is_project(path: Path) -> bool:
    """Whether a schema source is a project: a zip archive, or a folder that is marked as one or holds such files."""
    if path.is_file():
        return path.suffix == ".zip"
    marks = ("sfdx-project.json", "package.xml")
    return path.is_dir() and (any((path / each).is_file() for each in marks) or _holds_objects(path))


def _holds_objects(path: Path) -> bool:
    return any(_classified(name.as_posix()) for name in _walk(path))


def read_documents(path: Path) -> tuple[list[Document], Counter[str]]:
    """The files that matter, in the order of their paths, and how many others lie in which folder.

    Raises SchemaError for what is no archive, or more than a project can be.
    """
    found: list[Document] = []
    others: Counter[str] = Counter()
    total = 0
    for name, size, read in _members(path):
        kind = _classified(name)
        if kind is None:
            others[PurePosixPath(name).parent.name or "."] += 1
            continue
        total += size
        if size > FILE_BYTES_MAX or total > TOTAL_BYTES_MAX:
            raise SchemaError(_too_much(path, name))
        found.append(Document(name, *kind, read()))
    return sorted(found, key=lambda each: each.path), others


def _too_much(path: Path, name: str) -> str:
    bound = FILE_BYTES_MAX // 2**20, TOTAL_BYTES_MAX // 2**20
    return f"{path}: {name}: too large (at most {bound[0]} MB a file and {bound[1]} MB in all)"


def _classified(name: str) -> tuple[str, str] | None:
    """The kind and name of what a file holds, or None where it is of no consequence for a schema."""
    path = PurePosixPath(name)
    stem, _, kind = path.name.removesuffix("-meta.xml").rpartition(".")
    return (kind, stem) if stem and KINDS.get(kind) in path.parts[:-1] else None


_Member = tuple[str, int, "Reader"]


class Reader:
    """Reads the content of one member when it is wanted."""

    def __init__(self, path: Path, archive: zipfile.ZipFile | None = None, member: str = "") -> None:
        self._path, self._archive, self._member = path, archive, member

    def __call__(self) -> bytes:
        """The content. Raises SchemaError where it is more than the archive's directory says (a bomb) or damaged."""
        if self._archive is None:
            return self._path.read_bytes()
        try:
            with self._archive.open(self._member) as stream:
                content = stream.read(FILE_BYTES_MAX + 1)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError) as error:
            message = f"{self._path}: {self._member}: cannot be read: {error}"
            raise SchemaError(message) from error
        if len(content) > FILE_BYTES_MAX:
            raise SchemaError(_too_much(self._path, self._member))
        return content


def _members(path: Path) -> Iterator[_Member]:
    """Every file with its size; a member of an archive is never written anywhere."""
    for count, each in enumerate(_zipped(path) if path.is_file() else _walked(path), 1):
        if count > FILES_MAX:
            message = f"{path}: more than {FILES_MAX} files; name the folder that holds `objects`"
            raise SchemaError(message)
        yield each


def _zipped(path: Path) -> Iterator[_Member]:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        message = f"{path}: no zip archive: {error}"
        raise SchemaError(message) from error
    with archive:
        for info in archive.infolist():
            if not info.is_dir():
                yield info.filename, info.file_size, Reader(path, archive, info.filename)


def _walked(path: Path) -> Iterator[_Member]:
    for name in _walk(path):
        file = path / name
        yield name.as_posix(), file.stat().st_size, Reader(file)


def _walk(path: Path) -> Iterator[Path]:
    for folder, below, names in os.walk(path):
        below[:] = sorted(each for each in below if not each.startswith(".") and each not in SKIPPED_FOLDERS)
        for name in sorted(names):
            file = Path(folder) / name
            if file.is_file():
                yield file.relative_to(path)
