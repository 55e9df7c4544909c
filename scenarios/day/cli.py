"""`scenarios day`: a company's day, or several, with a progress bar and a summary."""

import sys
from collections.abc import Iterator
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from scenarios.day.company import company
from scenarios.day.lived import DayLived, live
from scenarios.day.told import as_json, day_table, pace
from scenarios.sometimes import SOMETIMES, together, unseen

out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 160)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def day(
    calls: Annotated[int, typer.Option(min=1, max=30_000, help="How many calls arrive on that day.")] = 1000,
    orgs: Annotated[int, typer.Option(min=1, max=16, help="How many customers the company has.")] = 4,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same day, byte for byte.")] = 0,
    seeds: Annotated[int, typer.Option(min=1, help="How many days, each from a seed of its own.")] = 1,
    jobs: Annotated[int, typer.Option(min=1, help="How many days at a time, each on a process.")] = 1,
    json: Annotated[Path | None, typer.Option(help="Where the figures go as JSON.")] = None,
    require_coverage: Annotated[bool, typer.Option(help="Exit 1 as well when something was never seen.")] = False,
) -> None:
    """Live through a company's day: many customers, thousands of calls, bad weather; exit 1 when a law broke."""
    days = list(_lived(seed, seeds, calls, orgs, jobs))
    out.print(day_table(days))
    typer.echo(pace(days))
    seen = together(each.coverage for each in days)
    missing = list(unseen(seen))
    typer.echo(f"{len(SOMETIMES) - len(missing)} of {len(SOMETIMES)} things seen at least once")
    for each in days:
        for law, breach in each.breaches:
            typer.echo(f"seed {each.seed}  {law}: {breach}")
    broken = sum(bool(each.breaches) for each in days)
    typer.echo(f"{len(days)} days, {broken} broke a law")
    for name in missing if require_coverage else ():
        typer.echo(f"never seen: {name}")
    if json is not None:
        json.parent.mkdir(parents=True, exist_ok=True)
        json.write_bytes(orjson.dumps(as_json(days), option=orjson.OPT_INDENT_2) + b"\n")
    if broken or (missing and require_coverage):
        raise typer.Exit(1)


def _lived(seed: int, seeds: int, calls: int, orgs: int, jobs: int) -> Iterator[DayLived]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err) as progress:
        task = progress.add_task("a day" if seeds == 1 else f"{seeds} days", total=float(seeds))
        if jobs > 1:
            with get_context("spawn").Pool(jobs) as pool:
                for lived in pool.imap(partial(lived_day, calls=calls, orgs=orgs), range(seed, seed + seeds)):
                    progress.advance(task)
                    yield lived
            return
        for number in range(seeds):
            over = partial(_over, progress, task, number)
            yield live(company(seed + number, calls, orgs), over)


def _over(progress: Progress, task: int, before: int, share: float) -> None:
    progress.update(task, completed=before + share)  # type: ignore[arg-type]  # a task's id is a number


def lived_day(seed: int, calls: int, orgs: int) -> DayLived:
    """Live through the day of a seed, in a process of its own."""
    return live(company(seed, calls, orgs))
