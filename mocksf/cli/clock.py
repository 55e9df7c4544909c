"""`mocksf clock`: the time of an org on a running server."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from mocksf.cli.options import AdminToken, AsJson, Ca, OrgName, Server, Url, say
from mocksf.cli.saying import stop

app = typer.Typer(no_args_is_help=True, help="The org's clock: show, advance, set, freeze, run.")


@app.command()
def show(url: Url, org: OrgName = None, admin_token: AdminToken = None, ca: Ca = None, as_json: AsJson = False) -> None:
    """What time it is, how fast it passes, and how many requests wait for an instant."""
    _say(Server(url, org, admin_token, ca).ask("GET", "/clock"), as_json)


@app.command()
def advance(
    seconds: Annotated[float, typer.Argument(min=0, help="of the org")],
    url: Url,
    org: OrgName = None,
    admin_token: AdminToken = None,
    ca: Ca = None,
    as_json: AsJson = False,
) -> None:
    """Move it on; whoever waits is served on the way, and what is due happens."""
    _say(Server(url, org, admin_token, ca).ask("POST", "/clock/advance", {"seconds": seconds}), as_json)


@app.command("set")
def set_to(
    instant: Annotated[str, typer.Argument(help="such as 2026-01-05T09:00; UTC where it says no zone")],
    url: Url,
    org: OrgName = None,
    admin_token: AdminToken = None,
    ca: Ca = None,
    as_json: AsJson = False,
) -> None:
    """Move it on to an instant; time never runs backwards."""
    try:
        wanted = datetime.fromisoformat(instant)
    except ValueError:
        stop(f"{instant}: not an instant such as 2026-01-05T09:00")
    body = {"now": (wanted if wanted.tzinfo else wanted.replace(tzinfo=UTC)).isoformat()}
    _say(Server(url, org, admin_token, ca).ask("POST", "/clock/set", body), as_json)


@app.command()
def freeze(
    url: Url, org: OrgName = None, admin_token: AdminToken = None, ca: Ca = None, as_json: AsJson = False
) -> None:
    """Stop it; it moves only when told to."""
    _say(Server(url, org, admin_token, ca).ask("POST", "/clock/freeze"), as_json)


@app.command()
def run(
    url: Url,
    factor: Annotated[float, typer.Argument(min=0, help="seconds of the org in one of the wall")] = 1.0,
    org: OrgName = None,
    admin_token: AdminToken = None,
    ca: Ca = None,
    as_json: AsJson = False,
) -> None:
    """Let it go on, in real time or faster."""
    _say(Server(url, org, admin_token, ca).ask("POST", "/clock/run", {"factor": factor}), as_json)


def _say(answer: dict[str, Any], as_json: bool) -> None:
    factor = answer["factor"]
    pace = "stands still" if not factor else "in real time" if factor == 1 else f"{factor:g} times as fast"
    waiting = f"; {answer['waiting']} requests wait" if answer["waiting"] else ""
    say(answer, [f"{answer['now']}  {pace}{waiting}"], as_json)
