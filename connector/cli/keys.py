"""`connector keys`: API keys for the service, made, listed and revoked; only hashes are kept."""

from pathlib import Path
from typing import Annotated, cast, get_args

import typer

from connector.cli.usage import refuse
from connector.names import nearest
from connector.service.access import KeysProblem, Role, add, revoke, rows

app = typer.Typer()
keys = typer.Typer(no_args_is_help=True)
app.add_typer(keys, name="keys", help="API keys of the service, each with a role.")

KeysFile = Annotated[Path, typer.Option("--file", envvar="CONNECTOR_KEYS", help="The file of keys.")]
DEFAULT = Path("connector-keys.yaml")
Name = Annotated[str, typer.Argument(help="Whose key it is; stands in the audit trail.")]


@keys.command("add")
def add_key(
    name: Name,
    role: Annotated[str, typer.Option(help="agent, reviewer or admin.")],
    org: Annotated[list[str] | None, typer.Option(help="An org that it is for; left out: all that are served.")] = None,
    file: KeysFile = DEFAULT,
) -> None:
    """Make a key and print it, this once. The service takes it at once."""
    roles = get_args(Role)
    if role not in roles:
        guess = nearest(role, roles)
        refuse(f"--role {role}: it is one of {', '.join(roles)}" + (f"; did you mean {guess}?" if guess else ""))
    try:
        typer.echo(add(file, name, cast(Role, role), org or ()))
    except KeysProblem as problem:
        refuse(str(problem))


@keys.command("list")
def list_keys(file: KeysFile = DEFAULT) -> None:
    """Show names, roles and orgs; the keys themselves are nowhere kept."""
    try:
        for name, row in sorted(rows(file).items()):
            bound = f" ({', '.join(row['orgs'])})" if "orgs" in row else ""
            typer.echo(f"{row['role']:<9} {name}{bound}")
    except KeysProblem as problem:
        refuse(str(problem))


@keys.command("revoke")
def revoke_key(name: Name, file: KeysFile = DEFAULT) -> None:
    """Take a key out; the service refuses it from the next request on."""
    try:
        revoke(file, name)
    except KeysProblem as problem:
        refuse(str(problem))
    typer.echo(f"{name} is revoked")
