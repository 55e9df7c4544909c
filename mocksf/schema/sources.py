"""Where schemas come from: the standard objects, and what files add to them."""

from collections.abc import Sequence
from pathlib import Path

from mocksf.schema.model import Schema
from mocksf.schema.standard import default_schema


def load_schema(paths: Sequence[str | Path], base: Schema | None = None) -> Schema:
    """The schema that results when each source in `paths` is added, in order, to `base` (the standard objects)."""
    assert not paths, "sources are not built yet"
    return base or default_schema()
