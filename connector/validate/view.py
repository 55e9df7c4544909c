"""View and Target: a configuration laid beside the org's describe, so that each check is a few lines."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from connector.config import ConnectorConfig, FieldMapping, RecordShape, field_mappings, shape_of, written_objects
from connector.config.records import spellings_of
from connector.config.words import Hint
from connector.describe import FieldDescribe, ObjectDescribe, OrgDescribe
from connector.settle import HINT_OF_TYPE


@dataclass(frozen=True)
class Target:
    """One intent's mapping beside the field that the org has."""

    config: ConnectorConfig
    mapping: FieldMapping
    sobject: ObjectDescribe
    field: FieldDescribe

    @property
    def hint(self) -> Hint:
        """The hint that will be in force: the file's, else the org's own type, else the one told by the name."""
        if self.mapping.hint_guessed:
            return HINT_OF_TYPE.get(self.field.type, self.mapping.hint)
        return self.mapping.hint

    def path(self, *steps: str) -> str:
        """The JSON path of the intent or of a key of its full form; the intent's own where it is in short form."""
        given = self.config.fields[self.mapping.intent].model_fields_set
        return self.config.path_of(self.mapping.intent, *(steps if steps and steps[0] in given - {"target"} else ()))


@dataclass(frozen=True)
class Record:
    """One object that a call writes: its shape beside what the org has."""

    config: ConnectorConfig
    shape: RecordShape
    sobject: ObjectDescribe

    @cached_property
    def intents(self) -> tuple[FieldMapping, ...]:
        """The mappings that write this object, in the order of the file."""
        mappings = field_mappings(self.config).values()
        return tuple(each for each in mappings if each.sobject == self.shape.sobject and each.writes)

    def path(self, *steps: str) -> str:
        """The JSON path where the object's record is, or would be, spelt out."""
        return ".".join(("$.records", self.shape.sobject, *steps))


@dataclass(frozen=True)
class View:
    """The whole configuration beside the whole org."""

    config: ConnectorConfig
    org: OrgDescribe

    @cached_property
    def mappings(self) -> tuple[FieldMapping, ...]:
        return tuple(field_mappings(self.config).values())

    @property
    def written(self) -> tuple[str, ...]:
        return written_objects(self.config)

    def targets(self) -> Iterator[Target]:
        """The intents whose field the org has."""
        for mapping in self.mappings:
            sobject = self.org.get(mapping.sobject)
            field = sobject.get(mapping.field) if sobject else None
            if sobject and field:
                yield Target(self.config, mapping, sobject, field)

    def records(self) -> Iterator[Record]:
        """The written objects that the org has."""
        for name in self.written:
            sobject = self.org.get(name)
            if sobject:
                yield Record(self.config, shape_of(self.config, name), sobject)

    def spelling(self, sobject: str) -> str:
        return spellings_of(self.config).get(sobject.casefold(), sobject)
