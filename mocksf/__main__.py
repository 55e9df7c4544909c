"""The `mocksf` command: collects the groups of mocksf/cli, nothing else."""

import typer

from mocksf.cli import (
    calibrate,
    clock,
    deploy,
    diff,
    har,
    journal,
    load,
    metrics,
    orgs,
    records,
    rules,
    schemas,
    serve,
    state,
)

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.command()(serve.serve)
app.add_typer(rules.app, name="rules")
app.add_typer(orgs.app, name="orgs")
app.add_typer(clock.app, name="clock")
app.add_typer(state.app, name="snapshot")
app.command()(state.reset)
app.command()(state.seed)
app.command()(journal.journal)
app.command()(har.har)
app.command()(metrics.metrics)
app.command()(records.records)
app.command()(calibrate.calibrate)
app.command()(diff.diff)
app.command()(load.load)
app.command("import")(schemas.import_schema)
app.command()(deploy.deploy)
app.command("export")(schemas.export_schema)


@app.callback()
def mocksf() -> None:
    """A faithful mock Salesforce org, with weather over it."""


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
