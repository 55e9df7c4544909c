"""Files hang together: a version belongs to a document, and a document is shared with records."""

from typing import Any

from mocksf.effects.scene import Row, Scene

_SHOWN = ("Title", "Description", "ContentSize", "FileType", "FileExtension", "ContentModifiedDate", "PublishStatus")


def document(scene: Scene, before: Row, after: Row) -> None:
    """A new version takes the place of the one before, in its document or in one that is made for it."""
    kind = scene.schema.get("ContentDocument")
    if before or not after or kind is None:
        return
    shown: dict[str, Any] = {name: after.get(name) for name in _SHOWN if kind.get(name) is not None}
    shown["LatestPublishedVersionId"] = after["Id"]
    found = scene.get(after.get("ContentDocumentId"))
    if found is None:
        made = scene.create(kind, {**shown, "OwnerId": after.get("OwnerId") or scene.user_id})
        scene.store.update(scene.schema["ContentVersion"], after["Id"], {"ContentDocumentId": made})
        _share(scene, made, after.get("OwnerId") or scene.user_id, "I")
        _share(scene, made, after.get("FirstPublishLocationId"), "V")
        return
    _succeed(scene, found[1]["Id"], after["Id"])
    scene.set(*found, **shown)


def _succeed(scene: Scene, document_id: str, version_id: str) -> None:
    kind = scene.schema["ContentVersion"]
    link = kind.get("ContentDocumentId")
    for row in scene.store.find(kind, link, document_id) if link is not None else ():
        if row["Id"] != version_id:
            scene.set(kind, row, IsLatest=0)


def _share(scene: Scene, document_id: str, record_id: Any, how: str) -> None:
    kind = scene.schema.get("ContentDocumentLink")
    if kind is not None and record_id:
        values = {"ContentDocumentId": document_id, "LinkedEntityId": record_id}
        scene.create(kind, {**values, "ShareType": how, "Visibility": "AllUsers"})
