"""`mocksf har`: the journal of a running server as an HTTP Archive."""

import json
from pathlib import Path
from typing import Annotated

import typer

from mocksf.cli.options import AdminToken, Ca, OrgName, Server, Url
from mocksf.cli.saying import stop


def har(
    url: Url,
    to: Annotated[Path | None, typer.Option(help="the file to write; else standard output")] = None,
    path: Annotated[str | None, typer.Option(help="only targets that contain this, or fit this glob")] = None,
    org: OrgName = None,
    admin_token: AdminToken = None,
    ca: Ca = None,
) -> None:
    """Write the exchanges as HAR 1.2, without what authorizes; browsers' developer tools open it."""
    archive = Server(url, org, admin_token, ca).ask("GET", "/journal.har", path=path)
    text = json.dumps(archive, indent=1) + "\n"
    if to is None:
        print(text, end="")
        return
    try:
        to.write_text(text, encoding="utf-8")
    except OSError as error:
        stop(f"{to}: {error.strerror}")
    print(f"{len(archive['log']['entries'])} exchanges written to {to}")
