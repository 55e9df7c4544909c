"""`scenarios report`: a story or a storm as one page; without either, the verdict that was written before."""

from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from scenarios.claims import NAMES
from scenarios.day import company, live
from scenarios.library import stories
from scenarios.play import play
from scenarios.report import claims_table
from scenarios.story import Story
from scenarios.weather import storm as storm_of

BUILD = Path("build")
CALLS_MOST = 20_000
ORGS = 4
"""How many customers the company of a day has."""
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def report(
    name: Annotated[str | None, typer.Argument(help="A story's name, see `scenarios list`.")] = None,
    storm: Annotated[int | None, typer.Option(min=0, help="The storm of this seed instead, as in a sweep.")] = None,
    calls: Annotated[
        int | None, typer.Option(min=1, max=CALLS_MOST, help="How many calls ring in the storm: 10000 are a day's.")
    ] = None,
    day: Annotated[
        int | None, typer.Option(min=1, max=CALLS_MOST, help="A company's day of so many calls instead.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="The seed with which the story is played, or the day lived.")] = 0,
    html: Annotated[Path, typer.Option(help="Where the page goes.")] = BUILD / "report.html",
    json: Annotated[Path, typer.Option(help="A verdict that `scenarios verify` wrote.")] = BUILD / "verify.json",
) -> None:
    """Write the page of a run: a story by its NAME, a storm, or a day; without any print a verdict that was written.

    Exit 1 when a law broke, the story did not come true, or a claim does not hold.
    """
    if sum(each is not None for each in (name, storm, day)) > 1:
        raise _usage(name or "--day", "a story's NAME, --storm and --day exclude each other; give one of them")
    if calls is not None and storm is None:
        given = f"--calls {calls}"
        raise _usage(given, "says how many ring in a storm; give --storm as well")
    if day is not None:
        _day(day, seed, html)
        return
    if name is None and storm is None:
        _verdict(json)
        return
    title = name if name is not None else f"storm {storm}"
    _run(_chosen(name, storm, calls), seed, title, html)


def _chosen(name: str | None, number: int | None, calls: int | None) -> Story:
    if number is not None:
        return storm_of(number, calls).story()
    known = stories()
    if name in known:
        return known[name]
    close = get_close_matches(str(name), known, n=1)
    meant = f"; did you mean {close[0]!r}?" if close else "; `scenarios list` shows them all"
    raise _usage(name, f"no such story{meant}")


def _run(story: Story, seed: int, title: str, html: Path) -> None:
    from scenarios.page.run import render_run  # drawing is slow to load, and other commands do not draw

    with err.status("playing") as status:
        played = play(story, seed)
        status.update("drawing the page")
        page = render_run(played, seed, title)
    _write(page, html)
    came = "came true, every law holds" if played.holds else "did not come true"
    out.print(f"{title} {came}; {html} is written.", markup=False)
    if not played.holds:
        raise typer.Exit(1)


def _day(calls: int, seed: int, html: Path) -> None:
    from scenarios.page.day import render_day

    with Progress(TextColumn("a day"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"), console=err) as progress:
        task = progress.add_task("a day", total=1.0)
        lived = live(company(seed, calls, ORGS), lambda share: progress.update(task, completed=share))
    _write(render_day(lived), html)
    came = "a law is broken" if lived.breaches else "every law holds"
    out.print(f"a day of {calls:,} calls: {came}; {html} is written.", markup=False)
    if lived.breaches:
        raise typer.Exit(1)


def _write(page: str, html: Path) -> None:
    try:
        html.parent.mkdir(parents=True, exist_ok=True)
        html.write_text(page, encoding="utf-8")
    except OSError as problem:
        raise _usage(html, f"cannot be written ({problem.strerror})") from problem


def _verdict(json: Path) -> None:
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


def _usage(what: object, sentence: str) -> typer.Exit:
    err.print(f"{what}: {sentence}", markup=False)
    return typer.Exit(2)
