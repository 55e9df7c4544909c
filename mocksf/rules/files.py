"""What follows of files: how long they are, what kind of file the name tells, which version this is."""

from base64 import b64decode
from hashlib import md5
from pathlib import PurePosixPath

from mocksf.evidence import Evidence
from mocksf.rules.facts import Changes, Facts, Row

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("A base64 field is read as the address of its content, which answers the bytes", Evidence.DOCUMENTED),
    (
        "A ContentVersion without a document makes one, shared with its owner and its first location",
        Evidence.DOCUMENTED,
    ),
    ("The latest version of a document gives it title, size and type", Evidence.DOCUMENTED),
    ("FileType is the extension in capitals, TEXT for txt, UNKNOWN without one", Evidence.ASSUMED),
    ("Checksum is the MD5 of the content", Evidence.DOCUMENTED),
    ("The content of a document's version cannot be changed: a new version is made", Evidence.ASSUMED),
)
"""What these rules believe, for the fidelity ledger."""

_TYPES = {"": "UNKNOWN", "txt": "TEXT", "jpg": "JPG", "jpeg": "JPEG", "doc": "WORD", "docx": "WORD_X", "xls": "EXCEL"}


def attached(_: Facts, __: Row, changes: Changes) -> None:
    """An attachment knows how long it is."""
    if "Body" in changes:
        changes["BodyLength"] = len(b64decode(changes["Body"] or ""))


def version(facts: Facts, before: Row, changes: Changes) -> None:
    """A version knows its size, its kind and its number, and which document it is the latest of."""
    if before:
        return
    content = b64decode(changes.get("VersionData") or "")
    extension = PurePosixPath(changes.get("PathOnClient") or "").suffix[1:][:40]
    document = changes.get("ContentDocumentId")
    others = facts.find("ContentVersion", "ContentDocumentId", document) if document else []
    changes |= {
        "ContentSize": len(content),
        "Checksum": md5(content, usedforsecurity=False).hexdigest(),
        "FileExtension": extension or None,
        "FileType": _TYPES.get(extension.lower(), extension.upper()),
        "VersionNumber": str(1 + len(others)),
        "IsLatest": 1,
        "PublishStatus": "P",
        "ContentModifiedDate": changes.get("ContentModifiedDate") or facts.now,
        "ContentModifiedById": facts.user_id,
    }
