"""One case played: a call on a fork of the org, by the connector as it is deployed, on virtual time."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from connector.composite import Composer
from connector.config import ConnectorConfig, FieldMapping
from connector.config.records import CHATTER
from connector.describe import OrgDescribe
from connector.engine import Connector
from connector.examples import SAMPLE_PHONE, example, spoken
from connector.intents import Call, Caller, Ending, Intent
from connector.ledger import MemoryLedger
from connector.live.http import HttpTransport
from connector.live.hub import Answered, Hub
from connector.live.runner import Runner
from connector.login import Credentials
from connector.lookup import Lookup
from connector.readings import Standing
from connector.regions import home_of
from connector.rehearsal.cases import Case, Target, cases
from connector.rehearsal.post import WEBHOOK, Post
from connector.rehearsal.stage import Rule, Stage, StageProblem
from connector.rehearsal.time import StageClock
from connector.verdicts import Verdict

CALL, EARLIER = "rehearsal", "rehearsal-earlier"
SLOWER = 20
"""How many times slower the slow org works."""


@dataclass(frozen=True, slots=True)
class Part:
    """What became of one delivery."""

    delivery: str
    status: str
    attempts: int
    waits_s: tuple[float, ...]
    category: str | None
    reason: str | None
    perhaps: bool
    culprit: str | None = None
    """The part of the composite that the org refused."""


@dataclass(frozen=True)
class Played:
    """One case, as caller, org, dead letters and Slack saw it."""

    name: str
    tells: str
    answer: str
    answered_ms: float
    in_budget: bool
    lookup: str
    deliveries: tuple[Part, ...]
    landed: dict[str, int]
    """Object → how many records the org has more than before."""
    slack: tuple[str, ...]
    took_s: float

    @property
    def dead(self) -> tuple[Part, ...]:
        return tuple(each for each in self.deliveries if each.status == "dead")


@dataclass(frozen=True)
class Company:
    """Who rehearses: the settled configuration, its secrets, the org's describe, and the way out."""

    config: ConnectorConfig
    credentials: Credentials
    describe: OrgDescribe
    transport: Callable[[], HttpTransport]

    def connector(self, ledger: MemoryLedger) -> Connector:
        """A connector that has promised nothing yet; its alerts go nowhere but into the report."""
        held = replace(self.credentials, slack_webhook=WEBHOOK, login_url=None)
        return Connector(self.config, ledger, Random(0), held, self.describe)  # noqa: S311 - jitter is no secret


def target_of(company: Company) -> Target:
    """What of this map there is to strike."""
    composer = company.connector(MemoryLedger()).composer
    mappings = [composer.mappings[each.name] for each in spoken(composer)]
    writes = {each.sobject for each in mappings if each.lane == "critical"}
    standard = ("Account", "Contact", "Opportunity") if writes - {"Lead", "Task"} else tuple(writes - {"Task"})
    more = tuple(sorted(each for each in writes if each.endswith("__c")))
    picklist = next((said for each in mappings if (said := _picklist(each, composer))), None)
    leads = any(each.sobject == "Lead" and each.writes for each in composer.mappings.values())
    custom = next((each.target for each in mappings if each.field.endswith("__c") and each.lane == "critical"), None)
    posts = any(each.sobject in CHATTER for each in composer.mappings.values())
    return Target((*standard, *more), custom, posts, picklist, leads)


def _picklist(mapping: FieldMapping, composer: Composer) -> tuple[str, tuple[str, ...], str] | None:
    """The field with its values and the one that a call writes, where the org takes no other."""
    field, word = composer.field(mapping), example(mapping, composer)
    value = mapping.values.get(str(word), word) if mapping.values else word
    if field is None or mapping.lane != "critical" or field.type != "picklist" or value not in field.active_values:
        return None
    return (mapping.target, field.active_values, str(value)) if field.restricted_picklist else None


async def rehearsed(
    stage: Stage, company: Company, only: Sequence[str] = (), told: Callable[[Case], None] = lambda _: None
) -> list[Played]:
    """Play all cases (or these), each on a fork of its own. Raises StageProblem."""
    found = cases(target_of(company))
    unknown = set(only) - {each.name for each in found}
    if unknown:
        sentence = f"no such case: {', '.join(sorted(unknown))}; there are: {', '.join(each.name for each in found)}"
        raise StageProblem(sentence)
    played = []
    for case in found:
        if not only or case.name in only:
            told(case)
            played.append(await played_once(stage, company, case))
    return played


async def played_once(stage: Stage, company: Company, case: Case, said: Sequence[Intent] = ()) -> Played:
    """Play one case on a fork, which is let go again; the caller says all of the map, or what is `said`."""
    twin = await stage.forked(f"rehearsal-{case.name}"[:60].rstrip("-"))
    try:
        clock = StageClock(twin, (await twin.moment()).now)
        transport = company.transport()
        try:
            return await _played(twin, company, case, Post(transport, clock), said)
        finally:
            await transport.close()
    finally:
        await twin.gone()


async def _played(twin: Stage, company: Company, case: Case, post: Post, said: Sequence[Intent]) -> Played:
    ledger, clock = MemoryLedger(), post.clock
    connector = company.connector(ledger)
    hub = Hub(connector, Runner(ledger, clock, post))
    token = await clock.until(asyncio.ensure_future(hub.runner.run(connector.desk.session.bearer())))
    if isinstance(token, Verdict):
        sentence = f"no login to the mock: {token.reason} {token.said or ''}; or put a token in CONNECTOR_TOKEN"
        raise StageProblem(sentence.strip())
    if case.knows:
        await _rung_before(company, post, case.knows)
    before = await twin.counts()
    if case.change:
        await twin.deploy(case.change)
    await twin.lay((*line_of(company.config, SLOWER if case.name == "slow-org" else 1), *case.rules))
    began = clock.now()
    try:
        looked, answered = await clock.until(asyncio.ensure_future(_call(hub, said)))
    finally:
        await hub.runner.stop()
    after = await twin.counts()
    budget_ms = company.config.delivery.budget_ms
    return Played(
        case.name,
        case.tells,
        answered.status,
        round(answered.elapsed_ms, 1),
        answered.elapsed_ms <= budget_ms,
        looked,
        tuple(_part(ledger, each) for each in ledger.readings.standings.values()),
        {name: after[name] - before.get(name, 0) for name in after if after[name] != before.get(name, 0)},
        tuple(post.slack),
        round((clock.now() - began).total_seconds(), 3),
    )


async def _rung_before(company: Company, post: Post, as_a: str) -> None:
    """An earlier call of the same caller, of which the connector remembers nothing: the org alone knows them."""
    ledger, clock = MemoryLedger(), post.clock
    connector = company.connector(ledger)
    hub, composer = Hub(connector, Runner(ledger, clock, post)), connector.composer
    told = [each for each in composer.mappings.values() if each.writes and each.sobject == "Lead"]
    said = [Intent(each.intent, example(each, composer)) for each in told] if as_a == "lead" else spoken(composer)
    try:
        await clock.until(asyncio.ensure_future(_call(hub, said, EARLIER)))
    finally:
        await hub.runner.stop()
    post.slack.clear()
    post.exchanges.clear()


async def _call(hub: Hub, said: Sequence[Intent], name: str = CALL) -> tuple[str, Answered]:
    """It rings, the caller says everything in one turn, the call ends; and all that it left behind is seen through."""
    found, _ = await hub.lookup(SAMPLE_PHONE)
    known = found.caller or Caller(looked_up=found.answered)
    caller = replace(known, phone=SAMPLE_PHONE, name=known.name or "Rehearsal Caller", company="Rehearsal Company")
    call = Call(name, caller)
    answered = await hub.tell(call, 1, said or spoken(hub.connector.composer), None)
    posts = any(each.sobject in CHATTER for each in hub.connector.composer.mappings.values())
    await hub.end(
        call, Ending("Rehearsed", "A call that was never made.", 60, post="Rehearsal." if posts else None), None
    )
    while busy := hub.runner.busy():
        await asyncio.gather(*busy, return_exceptions=True)
    return _who(found), answered


def _who(found: Lookup) -> str:
    """What a lookup came to, in words."""
    if not found.answered:
        return "no answer"
    caller = found.caller
    word = next((word for word in ("contact", "lead") if caller and getattr(caller, f"{word}_id")), None)
    return f"answered: a {word}" if word else "answered"


def line_of(config: ConnectorConfig, slower: float = 1) -> tuple[Rule, ...]:
    """The way between the configured agents and instance, and the org's own time."""
    region = config.org.region
    rules: list[Rule] = []
    if region.agents and region.instance:
        ends = {"caller": home_of(region.agents), "instance": region.instance}
        rules.append({"kind": "region", "settings": ends})
    return (*rules, {"kind": "service_times", "settings": {"scale": slower}})


def _part(ledger: MemoryLedger, standing: Standing) -> Part:
    entries = [each for each in ledger.entries() if each.delivery == standing.delivery]
    waits: list[float] = []
    failed: Any = None
    for entry in entries:
        if entry.kind == "failed":
            failed = entry
        elif entry.kind == "trying" and failed is not None:
            waits.append(round((entry.at - failed.at).total_seconds(), 3))
    name = standing.delivery.removeprefix(f"{CALL}/")
    dead = standing.status == "dead"
    return Part(
        name if len(name) < 60 else f"{name[:57]}…",
        standing.status,
        standing.attempt,
        tuple(waits),
        standing.category if dead else None,
        standing.reason if dead else None,
        standing.perhaps and dead,
        standing.culprit if dead else None,
    )
