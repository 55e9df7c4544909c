"""`scenarios`: list the stories, play one, verify the six claims, sweep many storms, shrink one, report a verdict."""

from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from mocksf.clock import EPOCH
from scenarios.claims import NAMES
from scenarios.judging.cli import judge_connector
from scenarios.library import stories
from scenarios.measure import measured
from scenarios.play import play as played
from scenarios.report import claims_table, stories_table
from scenarios.story import Story
from scenarios.sweep import Broke, keep, smallest, swept
from scenarios.timeline import timeline
from scenarios.verify import verify as judged
from scenarios.verify import write_json, write_page

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Simulations that prove the connector right.",
)
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

BUILD = Path("build")
Seed = Annotated[int, typer.Option(min=0, help="The same seed gives the same run, byte for byte.")]


app.command("judge")(judge_connector)


@app.command("list")
def list_() -> None:
    """List the stories."""
    out.print(stories_table(list(stories().values())))


@app.command()
def play(name: Annotated[str, typer.Argument(help="A story's name, see `scenarios list`.")], seed: Seed = 0) -> None:
    """Play a story and print its timeline; exit 1 when a law broke or the story did not come true."""
    done = played(_story(name), seed)
    for line in timeline(done.world.trace, EPOCH):
        typer.echo(line)
    for law, breach in done.broken:
        typer.echo(f"BROKEN  {law}: {breach}")
    for missed in done.missed:
        typer.echo(f"MISSED  {missed}")
    if not done.holds:
        raise typer.Exit(1)


@app.command()
def verify(
    json: Annotated[Path, typer.Option(help="Where the verdict goes as JSON.")] = BUILD / "verify.json",
    html: Annotated[Path, typer.Option(help="Where the verdict goes as a page.")] = BUILD / "verify.html",
    seed: Seed = 0,
) -> None:
    """Prove the six claims; exit 1 when one does not hold."""
    from scenarios.page.render import render  # drawing is slow to load, and the other commands do not draw

    with err.status("looking at the claims") as status:
        verdict = judged(seed, lambda what: status.update(f"looking at {what}"))
        status.update("drawing the page")
        _written(lambda: write_json(verdict, json), json)
        _written(lambda: write_page(render(verdict), html), html)
    out.print(claims_table(verdict.as_json()))
    out.print(f"{json} and {html} are written.")
    if not verdict.holds:
        raise typer.Exit(1)


@app.command()
def sweep(
    seeds: Annotated[int, typer.Option(min=1, help="How many storms.")] = 100,
    first_seed: Annotated[int, typer.Option(min=0, help="The first storm's seed.")] = 0,
    jobs: Annotated[int, typer.Option(min=1, help="How many processes.")] = 1,
    failing: Annotated[Path, typer.Option(help="Where failing seeds are kept.")] = BUILD / "failing-seeds.json",
) -> None:
    """Live through many storms; keep the seeds that broke a law; exit 1 when there is one."""
    broken: list[Broke] = []
    columns = (TextColumn("storms"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err) as progress:
        task = progress.add_task("storms", total=seeds)
        for broke in swept(first_seed, seeds, jobs):
            progress.advance(task)
            if broke is not None:
                broken.append(broke)
    for broke in broken:
        for law, breach in broke.breaches:
            typer.echo(f"seed {broke.seed}  {law}: {breach}")
    typer.echo(f"{seeds} storms, {len(broken)} broke a law")
    if broken:
        _written(lambda: keep(broken, failing), failing)
        typer.echo(f"kept in {failing}; `scenarios shrink {broken[0].seed}` makes the first one small")
        raise typer.Exit(1)


@app.command()
def shrink(seed: Annotated[int, typer.Argument(min=0)]) -> None:
    """Find the smallest storm that still breaks what a seed's storm broke; exit 1 when there is one."""
    small = smallest(seed)
    typer.echo(orjson.dumps(small, option=orjson.OPT_INDENT_2).decode())
    if small["breaches"]:
        raise typer.Exit(1)


@app.command()
def measure(turns: Annotated[int, typer.Option(min=100, max=100_000, help="How many turns.")] = 5000) -> None:
    """Measure what this host spends on an acceptance and on a durable append, as a row for data/own_time.yaml."""
    with TemporaryDirectory(dir=Path.cwd()) as folder:
        typer.echo(orjson.dumps(measured(Path(folder), turns), option=orjson.OPT_INDENT_2).decode())


@app.command()
def report(
    json: Annotated[Path, typer.Option(help="A verdict that `scenarios verify` wrote.")] = BUILD / "verify.json",
) -> None:
    """Print a verdict that was written before; exit 1 when a claim in it does not hold."""
    try:
        verdict = orjson.loads(json.read_bytes())
        held = [claim["name"] for claim in verdict["claims"] if claim["holds"]]
        table = claims_table(verdict)
    except OSError as problem:
        raise _usage(json, f"cannot be read ({problem.strerror}); `scenarios verify` writes it") from problem
    except (ValueError, KeyError, TypeError) as problem:
        raise _usage(json, f"is no verdict of `scenarios verify` ({problem!r})") from problem
    out.print(table)
    if held != list(NAMES):
        raise typer.Exit(1)


def _story(name: str) -> Story:
    known = stories()
    if name in known:
        return known[name]
    close = get_close_matches(name, known, n=1)
    meant = f"; did you mean {close[0]!r}?" if close else f"; there are: {', '.join(known)}"
    raise _usage(name, f"no such story{meant}")


def _written(write: Callable[[], None], path: Path) -> None:
    try:
        write()
    except OSError as problem:
        raise _usage(path, f"cannot be written ({problem.strerror})") from problem


def _usage(what: object, sentence: str) -> typer.Exit:
    err.print(f"{what}: {sentence}", markup=False)
    return typer.Exit(2)


def main() -> None:
    """The console script."""
    app()


if __name__ == "__main__":
    main()
