"""The `connector` command: collects the groups of connector/cli, nothing else."""

import typer

from connector.cli import (
    audit,
    automap,
    coverage,
    deadletters,
    deploy,
    drift,
    init,
    keys,
    planning,
    rehearse,
    serve,
    validate,
)

GROUPS = (init, validate, automap, drift, planning, rehearse, deploy, coverage, serve, keys, audit, deadletters)
"""The modules whose `app` is a group (or, unnamed, commands) of the command line."""

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
for group in GROUPS:
    app.add_typer(group.app)


@app.callback()
def connector() -> None:
    """Write what a voice call tells to Salesforce, while the call is going on."""


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
