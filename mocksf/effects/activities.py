"""Activities leave traces: when something was last done with a record, and whether anything is still to do."""

from typing import Any

from mocksf.effects.scene import Row, Scene
from mocksf.evidence import Evidence
from mocksf.moments import datetime_text
from mocksf.schema.model import SObject

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("LastActivityDate is the latest due date of closed tasks and of events", Evidence.DOCUMENTED),
    ("An account's last activity is that of all activities whose AccountId it is", Evidence.ASSUMED),
    ("Open activities and overdue tasks are looked for when one is saved, not when time passes", Evidence.ASSUMED),
    ("A last activity stamps SystemModstamp of its record, not LastModifiedDate", Evidence.ASSUMED),
)
"""What these effects believe, for the fidelity ledger."""

_LINKS = {"Account": "AccountId", "Contact": "WhoId", "Lead": "WhoId"}
"""By which field the activities of a record are found; of all other objects by WhatId."""
_TOLD = ("WhoId", "WhatId", "AccountId")
_FOLLOWED = ("ActivityDate", "EndDateTime", "IsClosed", *_TOLD)


def told(scene: Scene, before: Row, after: Row) -> None:
    """The records that an activity is or was about follow."""
    if before and after and all(before.get(name) == after.get(name) for name in _FOLLOWED):
        return
    for record_id in dict.fromkeys(row.get(name) for row in (before, after) for name in _TOLD):
        found = scene.get(record_id)
        if found is not None and "LastActivityDate" in found[1]:
            _follow(scene, *found)


def _follow(scene: Scene, kind: SObject, row: Row) -> None:
    link = _LINKS.get(kind.name, "WhatId")
    values: dict[str, Any] = {"LastActivityDate": _last(scene, link, row["Id"])}
    if "HasOpenActivity" in row:
        values |= _open(scene, link, row["Id"])
    scene.set(kind, row, **values)


def _last(scene: Scene, link: str, record_id: str) -> str | None:
    days = (
        scene.first(f'SELECT MAX("ActivityDate") FROM "{name}" WHERE "{link}" = ? AND "IsDeleted" = 0{more}', record_id)
        for name, more in (("Task", ' AND "IsClosed" = 1'), ("Event", ""))
        if scene.schema.get(name) is not None
    )
    return max((day for day in days if day is not None), default=None)


def _open(scene: Scene, link: str, record_id: str) -> dict[str, int]:
    task = f'FROM "Task" WHERE "{link}" = ? AND "IsDeleted" = 0 AND "IsClosed" = 0'
    event = f'FROM "Event" WHERE "{link}" = ? AND "IsDeleted" = 0 AND "EndDateTime" >= ?'
    today = datetime_text(scene.now)[:10]
    tasks = scene.first(f"SELECT COUNT(*) {task}", record_id)
    overdue = scene.first(f'SELECT COUNT(*) {task} AND "ActivityDate" < ?', record_id, today) if tasks else 0
    events = 0 if tasks else scene.first(f"SELECT COUNT(*) {event}", record_id, scene.now)
    return {"HasOpenActivity": int(bool(tasks or events)), "HasOverdueTask": int(bool(overdue))}
