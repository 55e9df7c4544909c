"""A person who deletes the record that is about to be written."""

from random import Random
from typing import ClassVar

from pydantic.dataclasses import dataclass

from mocksf.faults.deed import DeleteRecord
from mocksf.faults.fate import Fate
from mocksf.faults.kind import STRICT
from mocksf.faults.phase import Phase


@dataclass(frozen=True, config=STRICT)
class RecordDeleted:
    """The record of one object that the request names, by id or by key, is deleted just before it arrives."""

    phases: ClassVar[tuple[Phase, ...]] = ()

    sobject: str
    """The object whose record goes, by its API name."""

    @property
    def slot(self) -> str:
        return self.sobject.casefold()

    def fate(self, _: Random, /) -> Fate:
        return Fate(deeds=(DeleteRecord(self.sobject),))
