"""`mocksf deploy`: another schema for an org on a running server."""

from pathlib import Path
from typing import Annotated, Any

import typer

from mocksf.cli.options import AdminToken, AsJson, Ca, OrgName, Server, Url, say
from mocksf.cli.saying import stop
from mocksf.schema import SchemaError
from mocksf.schema.sources import read_tree


def deploy(
    sources: Annotated[list[Path], typer.Argument(help="YAML files, Salesforce projects or their zip archives")],
    url: Url,
    org: OrgName = None,
    admin_token: AdminToken = None,
    ca: Ca = None,
    as_json: AsJson = False,
) -> None:
    """Change the schema of an org that runs: fields and objects come, change, or go (`deleted` in a YAML file)."""
    changed: list[str] = []
    for source in sources:
        try:
            tree: dict[str, Any] = read_tree(source)
        except SchemaError as error:
            stop(str(error).splitlines())
        changed += Server(url, org, admin_token, ca).ask("PATCH", "/schema", tree)["changed"]
    names = list(dict.fromkeys(changed))
    say({"changed": names}, [f"changed: {', '.join(names) or 'nothing'}"], as_json)
