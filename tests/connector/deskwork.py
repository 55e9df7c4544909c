"""What a person does on the connector's pages, in few words, for their tests."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Any

import httpx

import mocksf
from connector.service import Keys
from connector.service.access import add
from mocksf.doors.serving import Served as OrgServed
from mocksf.doors.tenancy import ServedOrg
from tests.connector.offices import CALLER, FIELDS, Served, a_config, a_turn, environ, serving

LARGE = """
objects:
  Opportunity:
    validationRules:
      Large: {errorConditionFormula: Seats__c > 500, errorMessage: Beyond 500 seats a deal needs an approver}
"""
EVIL = "<script>alert('x')</script>"
MAP = {**FIELDS, "competitor": {"target": "Opportunity.Competitor__c", "type": "text"}}
ROLES = ("agent", "reviewer", "admin")


@contextmanager
def an_office(folder: Path) -> Iterator[tuple[Served, ServedOrg, dict[str, str]]]:
    """A connector over an org in which no deal has more than 500 seats; and a key for each role."""
    (folder / "rules.yaml").write_text(LARGE)
    schema = mocksf.load_schema(["sample", str(folder / "rules.yaml")])
    keys = {role: add(folder / "keys.yaml", role, role) for role in ROLES}  # type: ignore[arg-type]
    with ServedOrg(OrgServed(schema, seed=7)) as org:
        held = environ(org, CONNECTOR_SECRET_ACME__OTHER="hush-hush")
        with serving(folder, a_config(org, MAP), held, Keys(folder / "keys.yaml")) as served:
            yield served, org, keys


@contextmanager
def visiting(served: Served, key: str) -> Iterator[httpx.Client]:
    """A browser without a screen that has come in with a key."""
    with httpx.Client(base_url=served.url, follow_redirects=True, timeout=30) as one:
        assert one.post("/ui/login", data={"key": key}).status_code == 200
        yield one


def told(served: Served, key: str, call: str, **intents: Any) -> dict[str, Any]:
    """Tell a turn as an agent does; what came of it."""
    turn = {**a_turn(1, **intents), "caller": CALLER}
    return httpx.post(f"{served.url}/calls/{call}/intents", json=turn, headers={"X-API-Key": key}, timeout=30).json()


def fields_in(page: str, action: str) -> dict[str, str]:
    """The fields of the form on a page that goes to an address, as a browser would send them untouched."""
    form = re.search(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', page, re.DOTALL)
    assert form, f"no form goes to {action}"
    found = {}
    for tag in re.findall(r"<input[^>]*>", form[1]):
        told_of = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if "name" in told_of and told_of.get("type") not in ("checkbox", "submit"):
            found[unescape(told_of["name"])] = unescape(told_of.get("value", ""))
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form[1], re.DOTALL):
        found[unescape(name)] = unescape(text)
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form[1], re.DOTALL):
        chosen = re.search(r'<option(?: value="([^"]*)")? selected>([^<]*)', options)
        first = re.search(r'<option(?: value="([^"]*)")?[^>]*>([^<]*)', options)
        best = chosen or first
        assert best, f"{name} has no options"
        found[unescape(name)] = unescape(best[1] if best[1] is not None else best[2])
    return found


def head(client: httpx.Client) -> int:
    """How many entries the ledger has."""
    return int(client.get("/health").json()["ledger"]["seq"])


def stands(served: Served, key: str, call: str, status: str) -> dict[str, Any]:
    """A call's first delivery, once it stands so; what became of it instead after ten thousand looks."""
    with httpx.Client(base_url=served.url, headers={"X-API-Key": key}, timeout=30) as client:
        for _ in range(10_000):
            delivery: dict[str, Any] = client.get(f"/calls/{call}").json()["deliveries"][0]
            if delivery["status"] == status:
                break
        return delivery
