"""Activities leave traces: when something was last done with a record, and whether anything is still to do."""

from typing import Any

from mocksf.effects.scene import Row, Scene
from mocksf.evidence import Evidence
from mocksf.moments import datetime_text
from mocksf.tables import table

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
    follow = _follow if before else _add
    for record_id in dict.fromkeys(row.get(name) for row in (before, after) for name in _TOLD):
        if record_id is not None:
            follow(scene, record_id, after)


def _add(scene: Scene, record_id: str, activity: Row) -> None:
    """What one more activity changes, without a look at the others."""
    day, is_open = _day(activity), _is_open(scene, activity)
    kind = scene.schema.of_id(record_id)
    follows = is_open and kind is not None and kind.get("HasOpenActivity") is not None
    if kind is None or kind.get("LastActivityDate") is None or not (day or follows):
        return
    statement = f'SELECT "LastActivityDate" FROM {table(kind)} WHERE "Id" = ?'
    # Most activities are of a day that their records have seen already: then their rows need not be read.
    if not follows and scene.first(statement, record_id, none="") >= (day or ""):
        return
    found = scene.get(record_id)
    if found is None:
        return
    values: dict[str, Any] = {}
    if day and day > (found[1]["LastActivityDate"] or ""):
        values["LastActivityDate"] = day
    if follows:
        values["HasOpenActivity"] = 1
        due = activity.get("ActivityDate")
        if "IsClosed" in activity and due and due < _today(scene):
            values["HasOverdueTask"] = 1
    scene.set(*found, **values)


def _day(activity: Row) -> str | None:
    """The day on which something was done: that of an event, or of a task that is closed."""
    day: str | None = activity.get("ActivityDate")
    return day if activity.get("IsClosed", 1) else None


def _is_open(scene: Scene, activity: Row) -> bool:
    if "IsClosed" in activity:
        return not activity["IsClosed"]
    return bool((activity.get("EndDateTime") or 0) >= scene.now)


def _follow(scene: Scene, record_id: str, _: Row) -> None:
    """What all activities of a record come to, after one of them changed or went."""
    found = scene.get(record_id)
    if found is None or "LastActivityDate" not in found[1]:
        return
    kind, row = found
    link = _LINKS.get(kind.name, "WhatId")
    values: dict[str, Any] = {"LastActivityDate": _last(scene, link, row["Id"])}
    if "HasOpenActivity" in row:
        values |= _open(scene, link, row["Id"])
    scene.set(kind, row, **values)


def _today(scene: Scene) -> str:
    return datetime_text(scene.now)[:10]


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
    today = _today(scene)
    tasks = scene.first(f"SELECT COUNT(*) {task}", record_id)
    overdue = scene.first(f'SELECT COUNT(*) {task} AND "ActivityDate" < ?', record_id, today) if tasks else 0
    events = 0 if tasks else scene.first(f"SELECT COUNT(*) {event}", record_id, scene.now)
    return {"HasOpenActivity": int(bool(tasks or events)), "HasOverdueTask": int(bool(overdue))}
