"""`mocksf import` and `mocksf export`: schemas from Salesforce projects and describes, and back."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Annotated

import typer

from mocksf.cli.saying import stop, unevaluated
from mocksf.schema import Schema, SchemaError, describe_sobject, load_schema

Sources = Annotated[
    list[str],
    typer.Argument(help="a Salesforce project or its zip archive, describe JSON, YAML, a folder of these, or `sample`"),
]
VERSION = "66.0"


def import_schema(
    sources: Sources,
    to: Annotated[Path | None, typer.Option(help="the YAML file to write; without it nothing is written")] = None,
    force: Annotated[bool, typer.Option("--force", help="write over a file that is there")] = False,
) -> None:
    """Read a schema, say what is in it and what was passed over, and keep it for `mocksf serve --schema`."""
    from mocksf.schema.export import as_yaml, schema_tree  # other commands start without it

    schema = _load(sources)
    for line in _summary(schema):
        print(line)
    for note in schema.notes:
        print(f"note: {note}")
    for line in unevaluated(schema):
        print(line)
    if to is not None:
        _write({to.name: as_yaml(schema_tree(schema))}, to.parent, force)
        print(f"written to {to}")


def export_schema(
    sources: Sources,
    to: Annotated[Path, typer.Option(help="the file (yaml) or folder (sfdx, describe) to write")],
    form: Annotated[str, typer.Option("--as", help="yaml, sfdx or describe")] = "yaml",
    force: Annotated[bool, typer.Option("--force", help="write over files that are there")] = False,
) -> None:
    """Write a schema as YAML, as a Salesforce project that can be deployed, or as the describes an org answers."""
    schema = _load(sources)
    if form not in _FORMS:
        stop(f"--as {form}: it is one of {', '.join(_FORMS)}")
    files = dict(_FORMS[form](schema, to))
    _write(files, to.parent if form == "yaml" else to, force)
    print(f"{len(files)} {'file' if len(files) == 1 else 'files'} written to {to}")


def _load(sources: list[str]) -> Schema:
    try:
        return load_schema(sources)
    except SchemaError as error:
        stop(str(error).splitlines())


def _summary(schema: Schema) -> Iterator[str]:
    """How much there is, an object a line."""
    for sobject in schema:
        parts = {
            "custom fields": sum(1 for each in sobject.fields if each.custom),
            "record types": len(sobject.record_types),
            "validation rules": len(sobject.validation_rules),
            "duplicate rules": len(sobject.duplicate_rules),
            "records": len(sobject.records),
        }
        if sobject.custom or any(parts.values()):
            said = ", ".join(f"{count} {name}" for name, count in parts.items() if count)
            print_name = f"{sobject.name} ({sobject.key_prefix})" if sobject.custom else sobject.name
            yield f"{print_name}: {said or 'no fields of its own'}"
    if schema.value_sets:
        yield f"global value sets: {', '.join(each.name for each in schema.value_sets)}"


def _yaml(schema: Schema, to: Path) -> Iterator[tuple[str, str]]:
    from mocksf.schema.export import as_yaml, schema_tree

    yield to.name, as_yaml(schema_tree(schema))


def _sfdx(schema: Schema, _: Path) -> Iterator[tuple[str, str]]:
    from mocksf.schema.export import schema_tree
    from mocksf.schema.sfdx import project_files

    yield from project_files(schema, schema_tree(schema))


def _describes(schema: Schema, _: Path) -> Iterator[tuple[str, str]]:
    for sobject in schema:
        yield f"{sobject.name}.json", json.dumps(describe_sobject(schema, sobject, VERSION), indent=1)


_FORMS: Mapping[str, Callable[[Schema, Path], Iterator[tuple[str, str]]]] = {
    "yaml": _yaml,
    "sfdx": _sfdx,
    "describe": _describes,
}


def _write(files: Mapping[str, str], folder: Path, force: bool) -> None:
    """Write texts by path, all or none: what is there is only written over when that is wanted."""
    there = [path for path in files if (folder / path).exists()]
    if there and not force:
        stop(f"{folder / there[0]}: is there already; --force writes over it")
    try:
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
    except OSError as error:
        stop(f"{error.filename or folder}: {error.strerror}")
