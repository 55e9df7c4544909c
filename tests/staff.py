"""An org with people who may do different things: those of the example in docs/permissions.md."""

import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mocksf.org import Org
from mocksf.permissions.rights import ADMINISTRATORS_OWN
from mocksf.schema import Schema, load_schema
from tests.client import Answer, Client

PAGE = Path(__file__).resolve().parents[1] / "docs" / "permissions.md"


@cache
def staffed_schema() -> Schema:
    """The sample, and the profiles, permission sets and users of the page's example."""
    example = re.search(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert example
    return _with(example[1])


@cache
def granting_schema() -> Schema:
    """The sample, and a user `everything` whom a profile of its own grants all there is, word by word."""
    permissions = ", ".join(sorted(ADMINISTRATORS_OWN))
    return _with(f"""
profiles:
  Everything: {{objects: {{"*": all}}, fields: {{"*": edit}}, permissions: [{permissions}]}}
users:
  - {{username: everything@mock.example, lastName: Everything, profile: Everything}}
""")


def _with(text: str) -> Schema:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "access.yaml"
        file.write_text(text, encoding="utf-8")
        return load_schema(["sample", file])


def someone(org: Org, name: str) -> Client:
    """A client of an org, logged in as the user of this name."""
    return Client(org, org.login(f"{name}@mock.example"))


def acme(admin: Client) -> str:
    """The id of an account of which the agent sees the phone, may write the website, and sees no fax."""
    return admin.create(
        "Account", Name="Acme", Phone="+49 30 1111111", Fax="+49 30 2222222", Website="https://a.example"
    )


def fields_of(client: Client, sobject: str) -> dict[str, Any]:
    """The fields of a describe by name."""
    return {each["name"]: each for each in client.get(f"/sobjects/{sobject}/describe").body["fields"]}


def message(answer: Answer) -> tuple[int, str, str]:
    """Status, code and the last line of what is said."""
    return answer.status, answer.code, answer.body[0]["message"].rpartition("\n")[2]
