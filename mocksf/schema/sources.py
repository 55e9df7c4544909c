"""Where schemas come from: the standard objects, and what files add to them."""

import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import yaml

from mocksf.schema.access import add_permission_sets, add_profiles
from mocksf.schema.custom import add_objects
from mocksf.schema.deletions import add_deletions
from mocksf.schema.draft import Draft
from mocksf.schema.features import add_features
from mocksf.schema.from_describe import sobject_of
from mocksf.schema.lead_mapping import add_lead_mapping
from mocksf.schema.model import Schema
from mocksf.schema.names import SchemaError
from mocksf.schema.people import add_assignment_rules, add_users
from mocksf.schema.picklists import add_value_sets
from mocksf.schema.places import Place
from mocksf.schema.standard import default_schema

SAMPLE = "sample"
"""The word that names the built-in sample: the custom fields and objects of the demo company."""

_PARTS: Mapping[str, Callable[[Draft, Place], None]] = {
    "deleted": add_deletions,
    "features": add_features,
    "valueSets": add_value_sets,
    "objects": add_objects,
    "profiles": add_profiles,
    "permissionSets": add_permission_sets,
    "users": add_users,
    "assignmentRules": add_assignment_rules,
    "leadConversion": add_lead_mapping,
}
"""What a YAML source may hold; read in this order."""


def load_schema(paths: Sequence[str | Path], base: Schema | None = None) -> Schema:
    """The schema that results when each source in `paths` is added, in order, to `base` (the standard objects).

    A source is the word `sample`, a YAML file with `objects`, `users` and `assignmentRules`, a JSON file with the
    describe of one object (or a list of them) of a real org, a folder of such files, or a Salesforce project: its
    source tree, or a zip archive of the Metadata API. Raises SchemaError.
    """
    if [str(path) for path in paths] == [SAMPLE] and base is None:
        return _sample_schema()
    return _load(paths, base or default_schema())


def changed_schema(base: Schema, change: Mapping[str, Any], name: str = "the change") -> Schema:
    """A schema with a change, which says what a YAML source says; `name` is what errors call it.

    A custom field that is given with its type is defined anew. Raises SchemaError.
    """
    draft = Draft(base, redefines=True)
    _add_tree(draft, name, change)
    return draft.finish()


@cache
def _sample_schema() -> Schema:
    return _load((SAMPLE,), default_schema())


def _load(paths: Sequence[str | Path], base: Schema) -> Schema:
    draft = Draft(base)
    for path in paths:
        if str(path) == SAMPLE:
            with as_file(files("mocksf.schema") / "sample.yaml") as sample:
                _add_file(draft, sample)
        else:
            _add_path(draft, Path(path))
    return draft.finish()


def _add_path(draft: Draft, path: Path) -> None:
    from mocksf.schema.sfdx import is_project, read_project  # most orgs start without one

    if is_project(path):
        _add_tree(draft, str(path), read_project(draft, path))
        return
    for file in _files(path):
        _add_file(draft, file)


def read_tree(path: Path) -> dict[str, Any]:
    """What a YAML file or a Salesforce project says, before anybody looks at its sense. Raises SchemaError."""
    from mocksf.schema.sfdx import is_project, read_project

    if path.is_dir() or path.suffix not in (".yaml", ".yml"):
        if not is_project(path):
            message = f"{path}: neither a YAML file nor a Salesforce project"
            raise SchemaError(message)
        return dict(Place(str(path), read_project(Draft(default_schema()), path)).plain())
    value = _yaml_value(path.name, _text(path))
    return dict(Place(path.name, value).entries() and value)


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        found = sorted(each for each in path.iterdir() if each.suffix in _READERS)
        if not found:
            message = f"{path}: no schema file in this folder (a name ends in {', '.join(_READERS)})"
            raise SchemaError(message)
        return found
    if not path.is_file():
        message = f"{path}: no such file; a schema source is a file, a folder, or the word '{SAMPLE}'"
        raise SchemaError(message)
    return [path]


def _add_file(draft: Draft, file: Path) -> None:
    reader = _READERS.get(file.suffix)
    if reader is None:
        message = f"{file}: a schema file's name ends in {', '.join(_READERS)}"
        raise SchemaError(message)
    reader(draft, file.name, _text(file))


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{file}: cannot be read as UTF-8 text: {error}"
        raise SchemaError(message) from error


# -- YAML --------------------------------------------------------------------------------------------------------------


def _mapping(loader: Any, node: yaml.MappingNode) -> Any:
    """A mapping that names every key once: a repeated key is a slip that would silently lose the first."""
    seen: set[Hashable] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, Hashable) or key in seen:
            problem = f"the name '{key}' stands here twice"
            raise yaml.constructor.ConstructorError(None, None, problem, key_node.start_mark)
        seen.add(key)
    return loader.construct_mapping(node, deep=True)


def _loader(safe: Any) -> Any:
    loader: Any = type("Loader", (safe,), {})
    loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
    return loader


_FAST = _loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader))
"""Written in C where that is there: a schema of hundreds of fields is read at start."""
_CLEAR = _loader(yaml.SafeLoader)
"""Slower, and says better where a text is no YAML."""


def _add_yaml(draft: Draft, name: str, text: str) -> None:
    _add_tree(draft, name, _yaml_value(name, text))


def _yaml_value(name: str, text: str) -> Any:
    try:
        try:
            return yaml.load(text, Loader=_FAST)
        except yaml.YAMLError:
            return yaml.load(text, Loader=_CLEAR)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        message = f"{name}: {where}{getattr(error, 'problem', None) or error}"
        raise SchemaError(message) from error


def _add_tree(draft: Draft, name: str, value: Any) -> None:
    """Everything that a source states, in the order of `_PARTS`."""
    parts = Place(name, value).entries(_PARTS)
    for part, add in _PARTS.items():
        if part in parts:
            add(draft, parts[part])


# -- describes ---------------------------------------------------------------------------------------------------------


def _add_describes(draft: Draft, name: str, text: str) -> None:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        message = f"{name}: line {error.lineno}, column {error.colno}: {error.msg}"
        raise SchemaError(message) from error
    described = value if isinstance(value, list) else [value]
    for at, each in enumerate(described):
        place = Place(name, each, (str(at),) if isinstance(value, list) else ())
        try:
            draft.put(sobject_of(place.entries() and each))
        except KeyError as error:
            place.refuse(f"no describe of an object: {error} is missing")
        except (TypeError, AttributeError) as error:
            place.refuse(f"no describe of an object: {error}")


_READERS: Mapping[str, Callable[[Draft, str, str], None]] = {
    ".yaml": _add_yaml,
    ".yml": _add_yaml,
    ".json": _add_describes,
}
