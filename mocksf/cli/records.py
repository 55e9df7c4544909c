"""`mocksf records`: what lies in an org on a running server."""

from typing import Annotated, Any

import typer

from mocksf.cli.options import AdminToken, AsJson, Ca, OrgName, Server, Url, say, table, under

COLUMNS_MAX = 6
_DULL = frozenset(
    {"Id", "IsDeleted", "SystemModstamp", "CreatedById", "LastModifiedById", "LastModifiedDate", "OwnerId"}
)


def records(  # noqa: PLR0913  # a parameter per option
    url: Url,
    sobject: Annotated[str | None, typer.Argument(help="an object; left out: all that have records")] = None,
    record_id: Annotated[str | None, typer.Argument(help="one record, whole")] = None,
    search: Annotated[
        str | None, typer.Option(help="a part of the name, a key, a phone, a mail address; an id")
    ] = None,
    page: Annotated[int, typer.Option(min=1, help="1 holds the newest")] = 1,
    size: Annotated[int, typer.Option(min=1, max=500, help="records a page")] = 20,
    org: OrgName = None,
    admin_token: AdminToken = None,
    ca: Ca = None,
    as_json: AsJson = False,
) -> None:
    """Objects and how many records they have; the records of one, deleted ones too; or one record, whole."""
    server = Server(url, org, admin_token, ca)
    if sobject is None:
        found = [one for one in server.ask("GET", "/objects") if one["records"]]
        rows = [(one["name"], one["label"], one["records"]) for one in found]
        say(found, table(("OBJECT", "LABEL", "RECORDS"), rows), as_json)
    elif record_id is not None:
        one = server.ask("GET", under("objects", sobject) + under("records", record_id))
        say(
            one, table(("FIELD", "VALUE"), [(name, value) for name, value in one.items() if value is not None]), as_json
        )
    else:
        answer = server.ask("GET", under("objects", sobject, "records"), search=search, page=page, size=size)
        say(
            answer, [*_rows(answer["records"]), f"page {page} of {answer['pages']}, {answer['total']} records"], as_json
        )


def _rows(found: list[dict[str, Any]]) -> list[str]:
    """The columns that hold something, the name first."""
    filled = [name for name in (found[0] if found else ()) if any(row[name] not in (None, False) for row in found)]
    told = [name for name in filled if name not in _DULL]
    columns = ["Id", *sorted(told, key=lambda name: name != "Name")[:COLUMNS_MAX]]
    return table([name.upper() for name in columns], [[row[name] for name in columns] for row in found])
