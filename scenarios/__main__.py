"""`scenarios`: list the stories, play one, verify the six claims, sweep many storms, shrink one, report a verdict."""

from difflib import get_close_matches
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import orjson
import typer
from rich.console import Console

from mocksf.clock import EPOCH
from scenarios.day.cli import day
from scenarios.judging.cli import judge_connector
from scenarios.library import stories
from scenarios.measure import measured
from scenarios.page.command import report
from scenarios.play import play as played
from scenarios.report import claims_table, stories_table
from scenarios.story import Story
from scenarios.sweeping import shrink, sweep, written
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
app.command("report")(report)
app.command("sweep")(sweep)
app.command("day")(day)
app.command("shrink")(shrink)


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
        written(lambda: write_json(verdict, json), json)
        written(lambda: write_page(render(verdict), html), html)
    out.print(claims_table(verdict.as_json()))
    out.print(f"{json} and {html} are written.")
    if not verdict.holds:
        raise typer.Exit(1)


@app.command()
def measure(turns: Annotated[int, typer.Option(min=100, max=100_000, help="How many turns.")] = 5000) -> None:
    """Measure what this host spends on an acceptance and on a durable append, as a row for data/own_time.yaml."""
    with TemporaryDirectory(dir=Path.cwd()) as folder:
        typer.echo(orjson.dumps(measured(Path(folder), turns), option=orjson.OPT_INDENT_2).decode())


def _story(name: str) -> Story:
    known = stories()
    if name in known:
        return known[name]
    close = get_close_matches(name, known, n=1)
    meant = f"; did you mean {close[0]!r}?" if close else f"; there are: {', '.join(known)}"
    raise _usage(name, f"no such story{meant}")


def _usage(what: object, sentence: str) -> typer.Exit:
    err.print(f"{what}: {sentence}", markup=False)
    return typer.Exit(2)


def main() -> None:
    """The console script."""
    app()


if __name__ == "__main__":
    main()
