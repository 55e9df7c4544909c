"""`scenarios judge`: any connector, in any language, held to the laws that its users rely on."""

import json
import ssl
from contextlib import closing
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from scenarios.judging.bench import BenchProblem, HttpBench
from scenarios.judging.command import Command, NoCommand
from scenarios.judging.judge import Judgement, NothingWritten, judge
from scenarios.judging.report import as_json, print_judgement
from scenarios.judging.trials import TRIALS, Trial

GOOD, BROKEN, USAGE = 0, 1, 2
BY_NAME = {trial.name: trial for trial in TRIALS}
err = Console(stderr=True, highlight=False)


def judge_connector(  # noqa: PLR0913 - a command has as many arguments as it has options
    command: Annotated[list[str], typer.Argument(help="The connector, after `--`: what it does, it does once.")],
    org: Annotated[str, typer.Option(help="A running `mocksf serve`.")],
    token: Annotated[str, typer.Option(envvar="MOCKSF_TOKEN", help="An access token of that org.")],
    trial: Annotated[list[str] | None, typer.Option(help=f"Only this weather: {', '.join(BY_NAME)}.")] = None,
    patience: Annotated[float, typer.Option(min=0.1, help="Seconds for one run of the connector.")] = 60.0,
    as_json_: Annotated[bool, typer.Option("--json", help="JSON instead of a table.")] = False,
    ca: Annotated[Path | None, typer.Option(help="Authority to trust (PEM), where the org speaks TLS.")] = None,
    admin_token: Annotated[str | None, typer.Option(envvar="MOCKSF_ADMIN_TOKEN", help="Beyond loopback.")] = None,
) -> None:
    """Judge a connector: play the weather around it, and tell which laws hold.

    It is started once per weather, with SALESFORCE_INSTANCE_URL and SALESFORCE_ACCESS_TOKEN in its environment; what
    it writes in fair weather is the measure. Exit codes: 0 all laws hold, 1 one is broken, 2 usage.
    """
    unknown = [name for name in trial or () if name not in BY_NAME]
    if unknown:
        _refuse(f"--trial {unknown[0]}: it is one of {', '.join(BY_NAME)}")
    try:
        with closing(HttpBench(org, token, _trust(ca), admin_token)) as bench:
            chosen = [BY_NAME[name] for name in trial or BY_NAME]
            found = _judged(bench, Command(command, org, token, patience, ca), chosen)
    except (BenchProblem, NothingWritten, NoCommand) as problem:
        _refuse(str(problem))
    if as_json_:
        typer.echo(json.dumps(as_json(found), indent=2))
    else:
        print_judgement(Console(highlight=False), found)
    raise typer.Exit(GOOD if found.holds else BROKEN)


def _judged(bench: HttpBench, command: Command, trials: list[Trial]) -> Judgement:
    with err.status("judging") as status:
        return judge(bench, command, trials, lambda trial: status.update(f"{trial.name}: {trial.tells}"))


def _trust(ca: Path | None) -> ssl.SSLContext | bool:
    try:
        return ssl.create_default_context(cafile=str(ca)) if ca else True
    except (OSError, ssl.SSLError) as problem:
        _refuse(f"{ca} is no certificate authority (PEM): {problem}")


def _refuse(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(USAGE)
