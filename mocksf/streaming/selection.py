"""Whose changes are captured, and which push topics there are: nothing until somebody wants it told."""

from collections.abc import Iterator

from mocksf.errors import Refusal
from mocksf.evidence import Evidence
from mocksf.moments import EPOCH
from mocksf.publishing import is_event
from mocksf.schema.model import Schema
from mocksf.store import Store
from mocksf.streaming.changes import has_changes
from mocksf.streaming.topics import OBJECT, Topic, read

VERSION = "$watched"
"""The counter by which whoever shares an org learns that others are watched now."""
ALL = "*"
BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("Who subscribes to an object's changes selects the object, for as long as the org lives", Evidence.ASSUMED),
    ("A push topic tells changes from the request on that follows its own creation", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""


class SelectionError(ValueError):
    """Names that cannot be selected; the message says which, and by which setting."""


def selected(setting: str, schema: Schema) -> frozenset[str]:
    """The objects that a setting names: separated by commas, or `*` for all. Raises SelectionError."""
    if setting.strip() == ALL:
        return frozenset(each.name for each in schema if has_changes(each))
    names = [each.strip() for each in setting.split(",") if each.strip()]
    for name in names:
        kind = schema.get(name)
        if kind is None or not has_changes(kind):
            message = f"change_data_capture={setting}: {name} is no object whose changes can be captured"
            raise SelectionError(message)
    return frozenset(schema[name].name for name in names)


class Selection:
    """What is watched in one org; its rows may be undone, so it looks again where they may have been."""

    def __init__(self, store: Store, usual: str) -> None:
        """`usual` names the objects that are selected from the beginning; SelectionError where it does not."""
        self._store = store
        self._usual = selected(usual, store.schema)
        self.captured: frozenset[str] = frozenset()
        """The objects whose changes are captured."""
        self.topics: dict[str, Topic] = {}
        """The active push topics by name."""
        self.attentive = False
        """Whether there is anything to be told, or may be: somebody shares the org, or is about to change this."""
        self._known = -1

    @property
    def fresh(self) -> bool:
        """Whether nobody has changed it since it was read."""
        return self._known == self._store.counters.get(VERSION, 0)

    @property
    def objects(self) -> frozenset[str]:
        """The objects whose records' changes may be told."""
        return self.captured | {each.sobject for each in self.topics.values()}

    @property
    def watched(self) -> frozenset[str]:
        """The same, with those that are watched for other reasons: events, and push topics themselves."""
        events = frozenset(each.name for each in self._store.schema if is_event(each))
        return self.objects | events | ({OBJECT} if self._store.schema.get(OBJECT) else frozenset())

    def read(self) -> None:
        """Read it from the rows as they stand."""
        self._known = self._store.counters.get(VERSION, 0)
        rows = self._store.rows('SELECT "sobject" FROM "$selected"')
        names = self._usual | {name for (name,) in rows}
        self.captured = frozenset(name for name in names if self._store.schema.get(name) is not None)
        self.topics = {each.name: each for each in self._topics()}
        self.attentive = self._store.shared or bool(self.objects)

    def _topics(self) -> Iterator[Topic]:
        kind = self._store.schema.get(OBJECT)
        active = kind.get("IsActive") if kind is not None else None
        if kind is None or active is None:
            return
        for row in self._store.find(kind, active, 1):
            try:
                yield read(row, self._store.schema, EPOCH)
            except Refusal:  # a field that it names has gone since
                continue

    def stale(self) -> None:
        """Something of it is being changed, and may yet be undone."""
        self._store.next_number(VERSION)
        self.attentive = True

    def select(self, names: frozenset[str]) -> bool:
        """Capture the changes of these objects too; tells whether that is new."""
        missing = names - self.captured
        for name in sorted(missing):
            self._store.run('INSERT INTO "$selected" VALUES (?) ON CONFLICT DO NOTHING', (name,))
        if missing:
            self.stale()
        return bool(missing)

    def select_all(self) -> bool:
        """Capture all changes, unless the settings say whose are captured; tells whether that is new."""
        return not self._usual and self.select(selected(ALL, self._store.schema))
