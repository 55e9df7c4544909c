"""The tables of the docs, each read off the rows and docstrings that the code itself runs on."""

import ast
import dataclasses
import importlib
import inspect
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import typer
from client_table import client_lines
from lawbook import law_rows, number_rows, sometimes_rows
from ledger import beliefs

from loadtests.profiles import PROFILES
from mocksf.doors.plane import SECTIONS
from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.faults import KINDS, kind_name
from mocksf.formula import FUNCTIONS, OUTSIDE, WRITTEN
from mocksf.formula.bound import Function
from mocksf.permissions import EDITIONS
from mocksf.rest import ROUTER
from scenarios.library import stories as told

ROOT = Path(__file__).resolve().parent.parent
SETTLES = {
    Evidence.RECORDED: "settled",
    Evidence.DOCUMENTED: "a recording of the same request against a real org",
    Evidence.CLIENT: "the documentation page, or a recording",
    Evidence.ASSUMED: "a recording; until then it may be wrong",
}
"""What would make a mark stronger."""

APPS = {
    "mocksf": "mocksf.__main__:app",
    "connector": "connector.__main__:app",
    "scenarios": "scenarios.__main__:app",
}


def table(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """A Markdown table; bars and line breaks in cells are made harmless."""
    names = list(head)
    yield "| " + " | ".join(names) + " |"
    yield "|" + " --- |" * len(names)
    for row in rows:
        yield "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ").strip() for cell in row) + " |"


def first_sentence(thing: object) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join((inspect.getdoc(thing) or "").split("\n\n")[0].split())


def code(text: object) -> str:
    return f"`{text}`"


def faults() -> Iterator[str]:
    """One row per kind: what it does, when it may strike."""
    rows = (
        (code(kind_name(kind)), first_sentence(kind), ", ".join(code(each.value) for each in phases(kind)) or "–")
        for kind in KINDS
    )
    yield from table(("kind", "what happens", "phases, the usual one first"), rows)


def phases(kind: Any) -> tuple[Any, ...]:
    return tuple(kind.phases)


def fault_settings() -> Iterator[str]:
    """Every setting of every kind, with its default."""
    rows = (
        (code(kind_name(kind)), code(field.name), default(field), notes(kind).get(field.name, ""))
        for kind in KINDS
        for field in dataclasses.fields(kind)
    )
    yield from table(("kind", "setting", "default", "meaning"), rows)


def default(field: "dataclasses.Field[Any]") -> str:
    value = getattr(field.default, "default", field.default)
    return "needed" if value is dataclasses.MISSING or repr(value) == "PydanticUndefined" else code(value)


def notes(cls: type[object]) -> dict[str, str]:
    """The strings that stand below the attributes of a class: what each of them means."""
    body = ast.parse(inspect.getsource(cls)).body[0]
    assert isinstance(body, ast.ClassDef)
    pairs = zip(body.body, body.body[1:], strict=False)
    return {
        before.target.id: " ".join(str(after.value.value).split())
        for before, after in pairs
        if isinstance(before, ast.AnnAssign)
        and isinstance(before.target, ast.Name)
        and isinstance(after, ast.Expr)
        and isinstance(after.value, ast.Constant)
    }


def refusals() -> Iterator[str]:
    """One row per situation in which the org says no."""
    rows = (
        (situation(each), code(row.code), row.status, row.sentence, row.evidence.value)
        for each, row in ((each, each.value) for each in Refuse)
    )
    yield from table(("situation", "code", "status", "sentence", "evidence"), rows)


def situation(refuse: Refuse) -> str:
    return refuse.name.lower().replace("_", " ")


def fidelity_counts() -> Iterator[str]:
    """How many behaviours rest on what."""
    known = beliefs()
    rows = ((mark.value, sum(each[2] is mark for each in known), SETTLES[mark]) for mark in Evidence)
    yield from table(("mark", "behaviours", "what would settle it"), rows)


def fidelity(mark: Evidence) -> Callable[[], Iterator[str]]:
    """The behaviours that carry one mark."""

    def rows() -> Iterator[str]:
        yield from table(("place", "behaviour"), ((place, what) for place, what, found in beliefs() if found is mark))

    return rows


def resources() -> Iterator[str]:
    """One row per route of the org."""
    rows = (
        (each.method, code(each.path), first_sentence(each.handler), each.needs.value, "yes" if each.composable else "")
        for each in ROUTER.routes
    )
    yield from table(("method", "path", "what it does", "needs", "in a composite"), rows)


def formula_functions() -> Iterator[str]:
    """Every function of the formula language, and what it gives."""
    plain = ((name, f"{name}({', '.join(_arguments(each))})", each.gives.value) for name, each in FUNCTIONS.items())
    forms = ((name, written, "") for name, written in WRITTEN.items())
    rows = ((code(name), written, gives) for name, written, gives in sorted((*plain, *forms)))
    yield from table(("function", "how it is written", "what it gives"), rows)


def _arguments(function: Function) -> Iterator[str]:
    """The kinds of a function's arguments; what may be left out stands in brackets."""
    for at, kind in enumerate(function.takes):
        yield f"[{kind.value}]" if at >= len(function.takes) - function.optional else kind.value
    if function.more is not None:
        yield "…"


def formula_outside() -> Iterator[str]:
    """The functions that are known and not evaluated."""
    yield ", ".join(code(name) for name in OUTSIDE) + "."


def stories() -> Iterator[str]:
    """One row per story."""
    yield from table(("story", "what it tells"), ((code(each.name), each.tells) for each in told().values()))


def laws() -> Iterator[str]:
    """One row per law."""
    yield from table(("law", "what must hold", "when"), ((code(name), *told) for name, *told in law_rows()))


def load_profiles() -> Iterator[str]:
    """One row per load profile."""
    rows = ((code(each.name), each.tells, each.users, f"{each.duration_s:g} s", each.clock) for each in PROFILES)
    yield from table(("profile", "what it tells", "users", "lasts", "clock"), rows)


def bench() -> Iterator[str]:
    """The figures of one `make bench`, as kept in docs/bench.json."""
    rows = _benched("http")
    head = ("request", "org, per second", "bare, per second", "org, µs", "bare, µs", "org of bare", "goal")
    yield from table(head, map(_bench_row, rows))


def _bench_row(row: dict[str, Any]) -> tuple[str, ...]:
    rates = (f"{row['per_s']:,}", f"{row['bare_per_s']:,}", str(row["cpu_us"]), str(row["bare_cpu_us"]))
    return (row["case"], *rates, f"{row['ratio']:.0%}", f"{row['goal']:.0%}")


def _benched(part: str) -> Any:
    return json.loads((ROOT / "docs" / "bench.json").read_text(encoding="utf-8"))[part]


def bench_scale() -> Iterator[str]:
    """What a question costs at each size, and as a multiple of the smallest."""
    sizes = _benched("scale")["sizes"]
    small, *larger = sizes
    yield from table(("µs of processor time", *(f"{row['records']:,}" for row in sizes)), _scale_rows(small, larger))


def _scale_rows(small: dict[str, Any], larger: list[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    for name, base in small["us"].items():
        yield name, str(base), *(f"{row['us'][name]} ({row['us'][name] / base:.2f}×)" for row in larger)
    yield "records loaded per second", *(f"{row['rows_per_s']:,}" for row in (small, *larger))
    memory = (row["mb_per_100k"] for row in (small, *larger))
    yield "memory per 100,000 records", *("" if each is None else f"{each:.0f} MB" for each in memory)


def bench_soql() -> Iterator[str]:
    """SOQL over SQL of the same meaning."""
    rows = _benched("scale")["soql_over_sql"].items()
    shown = ((name, f"{row['soql_us']:,}", f"{row['sql_us']:,}", f"{row['ratio']:.2f}×") for name, row in rows)
    yield from table(("answer", "SOQL, µs", "SQL, µs", "times"), shown)


def bench_inside() -> Iterator[str]:
    """What `make bench` measured without a socket."""
    figures = _benched("inside")
    yield from table(("figure", "value"), ((name.replace("_", " "), f"{value:,}") for name, value in figures.items()))


def commands() -> Iterator[str]:
    """Every command with its options."""
    for program, where in APPS.items():
        module, name = where.split(":")
        root = typer.main.get_command(getattr(importlib.import_module(module), name))
        yield from (line for line in _command(program, root))


def _command(name: str, command: Any) -> Iterator[str]:
    nested = getattr(command, "commands", {})
    for below in sorted(nested):
        yield from _command(f"{name} {below}", nested[below])
    if not nested:
        yield from ("", f"### `{name}`", "", " ".join((command.help or "").split("\n\n")[0].split()), "")
        yield from table(("option", "meaning"), (_option(each) for each in command.params if not each.hidden))


def _option(parameter: Any) -> tuple[str, str]:
    names = ", ".join(parameter.opts) if parameter.param_type_name == "option" else str(parameter.name).upper()
    return code(names), " ".join(str(getattr(parameter, "help", "") or "").split())


def editions() -> Iterator[str]:
    """One row per edition."""
    rows = (
        (
            name,
            "yes" if each.api else "when bought" if each.base_calls else "no",
            f"{each.base_calls:,} + {each.calls_per_licence:,} for each licence" if each.base_calls else "–",
            each.long_calls,
            f"{each.custom_objects:,}, with {each.custom_fields} fields",
            ", ".join(code(one) for one in sorted(each.missing)) or "–",
        )
        for name, each in EDITIONS.items()
    )
    yield from table(("edition", "API", "calls a day", "long calls at once", "custom objects", "lacks"), rows)


def control() -> Iterator[str]:
    """One row per operation of the control plane."""
    rows = (
        (section, each.method, code(f"/_mocksf{each.path}"), first_sentence(each.operation))
        for section, listed in SECTIONS.items()
        for each in listed
    )
    yield from table(("about", "method", "path", "what it does"), rows)


TABLES: dict[str, Callable[[], Iterable[str]]] = {
    "faults": faults,
    "fault-settings": fault_settings,
    "refusals": refusals,
    "fidelity-counts": fidelity_counts,
    **{f"fidelity-{mark.value}": fidelity(mark) for mark in Evidence},
    "resources": resources,
    "formula-functions": formula_functions,
    "formula-outside": formula_outside,
    "editions": editions,
    "stories": stories,
    "laws": laws,
    "law-numbers": lambda: table(("number", "kept by"), number_rows()),
    "sometimes": lambda: table(("kind", "seen at least once"), sometimes_rows()),
    "load-profiles": load_profiles,
    "bench": bench,
    "bench-inside": bench_inside,
    "bench-scale": bench_scale,
    "bench-soql": bench_soql,
    "commands": commands,
    "control": control,
    "clients": client_lines,
}
