"""A deploy rehearsed against a running mock: its two preconditions, and the way from discovery to going live."""

import asyncio
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

import httpx

from connector.automap import hints_from_org, mappable_objects, propose
from connector.config import ConfigError, ConnectorConfig, SecretMissing, parse_config
from connector.describe import DescribeError, HttpDescribe
from connector.intents import Intent, Unfit
from connector.live.asking import client_of
from connector.rehearsal.cases import Case
from connector.rehearsal.company import TIMEOUT_S, company_of
from connector.rehearsal.deploy import Step, timed
from connector.rehearsal.play import Company, Played, played_once
from connector.rehearsal.report import landed_of
from connector.rehearsal.stage import Stage, StageProblem

PROVISION = (
    "API user: not provisioned: {problem}. Create an integration user with the permission API Enabled and a connected"
    " app, and put {place}"
)
PROBLEMS = (ConfigError, DescribeError, SecretMissing, StageProblem, Unfit)
"""What stops a rehearsal; each names the place and the cure."""

Row = tuple[str, float, bool, str]


@dataclass(frozen=True)
class Deploy:
    """What is rehearsed: a configuration on its way into a mock of its org."""

    org: str
    """The mock's address."""
    base: ConnectorConfig
    """How it logs in and what it has already."""
    keeps: bool
    """Whether the map that is there is added to; else the automap begins with none."""
    environ: Mapping[str, str]
    trust: ssl.SSLContext
    adds: bool = True
    """Whether the automap is asked at all; else the map that is there is rehearsed as it is."""
    admin_token: str | None = None
    """Of the mock's control plane, where it asks for one."""
    token_place: str = "its token in CONNECTOR_TOKEN or its login in org.login"
    """Where whoever has provisioned the user tells of it."""


def unprovisioned(deploy: Deploy) -> str | None:
    """Why the API user cannot log in and look, with the cure; None where it can."""
    try:
        with closing(client_of(deploy.org, deploy.base, deploy.environ, deploy.trust)) as client:
            HttpDescribe(client, deploy.base.org.api_version).names()
    except DescribeError as problem:
        return PROVISION.format(problem=problem, place=deploy.token_place)
    return None


def rehearsed_deploy(
    deploy: Deploy, said: Sequence[Intent], begins: Callable[[str], None] = lambda _: None
) -> list[Step]:
    """Discover, automap, validate, play the smoke call, go live. `begins` is told each step's name. Raises PROBLEMS.

    It takes seconds on the wall and runs an event loop of its own.
    """
    whole, beside = _mapped(deploy, begins)
    begins("validate")
    began = time.perf_counter()
    company = company_of(whole, deploy.org, deploy.environ, deploy.trust)
    beside.append(("validate", time.perf_counter() - began, True, "no error"))
    unknown = [each.name for each in said if each.name not in whole.fields]
    if unknown:
        sentence = f"the recording says {unknown[0]!r}, which no intent of the map is called"
        raise StageProblem(sentence)
    begins("smoke call")
    played = asyncio.run(_smoke(deploy, company, said))
    good = all(each.status == "committed" for each in played.deliveries)
    heard = f"{played.answer} after {played.answered_ms:g} ms; {landed_of(played)}"
    after: list[Row] = [
        ("smoke call", played.took_s, good, heard),
        ("go-live", 0.0, good, "the map can be put in force" if good else "the smoke call did not land"),
    ]
    return timed(beside, after)


def _mapped(deploy: Deploy, begins: Callable[[str], None]) -> tuple[ConnectorConfig, list[Row]]:
    """The configuration with all that the automap proposes for the org, and what finding it took."""
    base, keeps = deploy.base, deploy.keeps
    begins("discover")
    began = time.perf_counter()
    with closing(client_of(deploy.org, base, deploy.environ, deploy.trust)) as client:
        objects = mappable_objects(HttpDescribe(client, base.org.api_version), base)
        found_at = time.perf_counter()
    customs = [each for each in objects if each.name.endswith("__c")]
    fields = sum(field.name.endswith("__c") for each in customs for field in each.fields)
    rows: list[Row] = [
        ("discover", found_at - began, True, f"{len(customs)} custom objects, {fields} custom fields on them")
    ]
    if not deploy.adds:
        return base, [*rows, ("automap", 0.0, True, f"left out; the map has {len(base.fields)} intents")]
    begins("automap")
    found = propose(hints_from_org(objects), objects, base if keeps else None)
    mapped = f"{len(found.proposals)} mapped, {len(found.refused)} refused"
    rows.append(("automap", time.perf_counter() - found_at, True, mapped))
    entries = {**(base.fields if keeps else {}), **found.entries()}
    written = {name: each.model_dump(mode="json", exclude_defaults=True) for name, each in entries.items()}
    return parse_config({**base.model_dump(mode="json", exclude_defaults=True), "fields": written}), rows


async def _smoke(deploy: Deploy, company: Company, said: Sequence[Intent]) -> Played:
    headers = {"Authorization": f"Bearer {deploy.admin_token}"} if deploy.admin_token else {}
    async with httpx.AsyncClient(
        base_url=deploy.org, timeout=TIMEOUT_S, headers=headers, verify=deploy.trust
    ) as client:
        return await played_once(Stage(client), company, Case("smoke", "the happy path"), said)
