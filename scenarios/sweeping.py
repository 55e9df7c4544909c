"""`scenarios sweep` and `scenarios shrink`: many storms and what they saw; one, and how little of it is enough."""

import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from scenarios.paste import pasted
from scenarios.sometimes import SOMETIMES, Coverage, together, unseen
from scenarios.sweep import Lived, keep, kept_calls, swept
from scenarios.weather import shrunk, storm, weathered

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)
FAILING = Path("build/failing-seeds.json")

Seeds = Annotated[int, typer.Option(min=1, help="How many storms.")]
First = Annotated[int, typer.Option(min=0, help="The first storm's seed.")]
Jobs = Annotated[int, typer.Option(min=1, help="How many processes.")]
Calls = Annotated[int | None, typer.Option(min=1, max=500, help="How many calls a storm has; usually one to three.")]
Failing = Annotated[Path, typer.Option(help="Where failing seeds are kept.")]
Show = Annotated[bool, typer.Option(help="Print how often each thing was seen.")]
Demand = Annotated[bool, typer.Option(help="Exit 1 as well when something was never seen.")]


def sweep(
    seeds: Seeds = 100,
    first_seed: First = 0,
    jobs: Jobs = 1,
    calls: Calls = None,
    failing: Failing = FAILING,
    coverage: Show = False,
    require_coverage: Demand = False,
) -> None:
    """Live through many storms; keep the seeds that broke a law; exit 1 when there is one."""
    lived = list(_with_progress(seeds, first_seed, jobs, calls))
    broken = [each for each in lived if each.breaches]
    for each in broken:
        for law, breach in each.breaches:
            typer.echo(f"seed {each.seed}  {law}: {breach}")
    seen = together(each.coverage for each in lived)
    missing = list(unseen(seen))
    if coverage or require_coverage:
        out.print(coverage_table(seen))
    events, seconds = sum(each.events for each in lived), sum(each.seconds for each in lived)
    typer.echo(f"{seeds} storms, {len(broken)} broke a law")
    share = f"{len(SOMETIMES) - len(missing)} of {len(SOMETIMES)} things seen at least once"
    typer.echo(f"{events} events, {seconds / 3600:.0f} hours of the world, {share}")
    if broken:
        written(lambda: keep(broken, failing, calls), failing)
        typer.echo(f"kept in {failing}; `scenarios shrink {broken[0].seed}` makes the first one small")
    for name in missing if require_coverage else ():
        typer.echo(f"never seen: {name}")
    if broken or (missing and require_coverage):
        raise typer.Exit(1)


def _with_progress(seeds: int, first: int, jobs: int, calls: int | None) -> list[Lived]:
    columns = (TextColumn("storms"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    lived = []
    with Progress(*columns, console=err) as progress:
        task = progress.add_task("storms", total=seeds)
        for each in swept(first, seeds, jobs, calls):
            lived.append(each)
            progress.advance(task)
    return lived


def coverage_table(seen: Coverage) -> Table:
    """What was seen, and how often."""
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    for each in SOMETIMES:
        count = seen[each.name]
        table.add_row(f"{count:,}" if count else "[bold red]never[/]", each.name)
    return table


def shrink(
    seed: Annotated[int, typer.Argument(min=0)],
    calls: Calls = None,
    failing: Failing = FAILING,
) -> None:
    """Find the smallest storm that still breaks what a seed's storm broke, as a story; exit 1 when there is one.

    How many calls the storm has is looked up among the failing seeds that a sweep kept, unless it is said.
    """
    began = process_time()
    small = shrunk(storm(seed, calls or kept_calls(seed, failing)))
    broken = weathered(small).broken
    typer.echo(pasted(small.story()), nl=False)
    for law, breach in broken:
        err.print(f"{law}: {breach}", markup=False)
    err.print(f"{len(small.rules)} rules, {len(small.calls)} calls, {process_time() - began:.1f} s", markup=False)
    if broken:
        raise typer.Exit(1)


def written(write: Callable[[], None], path: Path) -> None:
    """Write a file, or say in a sentence why that cannot be."""
    try:
        write()
    except OSError as problem:
        sys.stderr.write(f"{path}: cannot be written ({problem.strerror})\n")
        raise typer.Exit(2) from problem
