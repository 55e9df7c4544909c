"""One org behind weather, one connector, Slack and callers on one virtual clock, in strict order of events."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

import orjson

from connector.config import ConnectorConfig
from connector.engine import Connector
from connector.ledger import MemoryLedger
from connector.login import credentials_of
from mocksf.clock import EPOCH, VirtualClock
from mocksf.dice import Dice
from mocksf.messages import Request, Response
from mocksf.org import DEFAULT_SETTINGS as DEFAULT_ORG
from mocksf.org import Org, OrgSettings
from mocksf.parked import Parked
from mocksf.schema import Schema, load_schema
from mocksf.weather import parse_rules
from mocksf.wire import Wire
from scenarios.agenda import Agenda
from scenarios.callers import Agent
from scenarios.figures import NO_TIME, OwnTime
from scenarios.halves import halves
from scenarios.hangup import shown_at_hang_up
from scenarios.host import Host
from scenarios.importer import imported
from scenarios.lines import NEXT_DOOR, Distance, Line
from scenarios.post import Post, Route, as_answer
from scenarios.recordings import Recording
from scenarios.service import NoTime, ServiceTimes
from scenarios.shop import SECRETS, shop_config
from scenarios.slack import Away, Slack
from scenarios.trace import Glimpse, Trace

API = "/services/data/v66.0"


@dataclass(frozen=True, slots=True)
class Setting:
    """What a world is made of. `weather` is a list of rules in their JSON form."""

    weather: Sequence[Mapping[str, Any]] = ()
    distance: Distance = NEXT_DOOR
    timed: bool = False
    """Whether the org takes its time over each request, by `data/service_times.yaml`."""
    strata: int = 1
    """Over how many draws the org's time is stratified, see `ServiceTimes`."""
    own_time: OwnTime = NO_TIME
    slack_away: tuple[Away, ...] = ()
    config: ConnectorConfig = field(default_factory=shop_config)
    schema: Schema = field(default_factory=lambda: sample_schema())
    name: str = "default"
    """The org's name: orgs of other names have ids and tokens of their own."""
    org: OrgSettings = DEFAULT_ORG
    connector_of: Callable[[ConnectorConfig, MemoryLedger, Dice], Connector] | None = None
    """Brings another connector into the world (a sabotaged one, or one's own)."""


DATA = Path(__file__).parent / "data"


@cache
def schema_of(sources: tuple[str, ...]) -> Schema:
    """A schema from names and files of `data/`, built once: it never changes."""
    return load_schema([DATA / each if "." in each else each for each in sources])


def sample_schema() -> Schema:
    """The sample org's schema."""
    return schema_of(("sample",))


class World:
    """Everything that a story needs, and everything that was seen in it."""

    def __init__(self, setting: Setting, seed: int = 0, agenda: Agenda | None = None) -> None:
        """A world of its own; or, on an `agenda` that it shares with others, one customer's part of a larger one."""
        self.setting = setting
        self.seed = seed
        self.dice = Dice(seed)
        self.agenda = agenda or Agenda(VirtualClock(EPOCH))
        self.clock = self.agenda.clock
        self.org = Org(setting.schema, clock=self.clock, seed=seed, name=setting.name, settings=setting.org)
        self.token = self.org.login()
        self.trace = Trace()
        self.slack = Slack(EPOCH, setting.slack_away)
        self.agents: list[Agent] = []
        self.there_before: list[str] = []
        """Ids of the records that no call made."""
        self.known: set[str] = set()
        """Telephone numbers of the people who were put into the org."""
        self._asked = 0
        self.rules = parse_rules(list(setting.weather))
        deeds = [getattr(rule.fault.fate(Random(0)), "deeds", ()) for rule in self.rules]  # noqa: S311 - only to look
        self.deletions = any("DeleteRecord" in str(deed) for deed in deeds)
        """Whether the weather deletes records."""
        self.revoked = any("RevokeToken" in str(deed) for deed in deeds)
        """Whether sessions were ended, or may be by the weather."""
        self.wire = Wire(self.org, self.rules)
        service = ServiceTimes(self.dice.named("service"), setting.strata) if setting.timed else NoTime()
        route = Route(Line(setting.distance, self.dice.named("line")), service)
        post = Post(self.agenda, self.wire, route, self.slack, self.trace)
        maker = setting.connector_of or connector_of
        self.host = Host(self.agenda, post, setting.config, setting.own_time, self.dice, self.trace, maker)

    # -- what happens --------------------------------------------------------------------------------------------

    def ring(self, recording: Recording, at_s: float = 0.0, call_id: str | None = None, looks_up: bool = True) -> Agent:
        """Let somebody ring `at_s` from the beginning, and the call go as recorded."""
        began = self.instant(at_s)
        agent = Agent(self.host, self.agenda, self.trace, recording, began, call_id or recording.call.id, looks_up)
        agent.on_end = lambda: self.trace.shown.extend(shown_at_hang_up(self, agent))
        self.agents.append(agent)
        self.agenda.at(began, agent.ring)
        return agent

    def at(self, seconds: float, event: Callable[[], None]) -> None:
        """Let anything happen, `seconds` from the beginning."""
        self.agenda.at(self.instant(seconds), event)

    def crash(self, at_s: float, down_s: float = 2.0) -> None:
        """Let the connector die at an instant, and come back `down_s` later."""
        self.at(at_s, lambda: self.host.die(down_s))

    def run(self, until_s: float) -> None:
        """Let everything happen up to `until_s` from the beginning."""
        self.agenda.run(self.instant(until_s))

    def instant(self, seconds: float) -> datetime:
        """The instant `seconds` from the beginning."""
        return EPOCH + timedelta(seconds=seconds)

    # -- the org, asked from outside the story -------------------------------------------------------------------

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the org directly: no weather, no time, not part of the story. The answer's body."""
        response = self._handled(method, path, b"" if body is None else orjson.dumps(body))
        if isinstance(response, Response) and response.status == 401:
            self.token = self.org.login()  # hours went by since it was last used
            response = self._handled(method, path, b"" if body is None else orjson.dumps(body))
        self._asked += path.startswith("/services/data")
        assert isinstance(response, Response), "who asks from outside never waits"
        assert response.status < 300, f"{method} {path} earned {response.status}: {response.body!r}"
        return as_answer(response).body

    def _handled(self, method: str, path: str, raw: bytes) -> Response | Parked:
        headers = {"authorization": f"Bearer {self.token}", "content-type": "application/json"}
        return self.org.handle(Request(method, path, headers, raw, self.org.settings.my_domain))

    def add(self, sobject: str, **fields: Any) -> str:
        """Put a record into the org, before or beside the story; its id."""
        created: str = self.ask("POST", f"{API}/sobjects/{sobject}", fields)["id"]
        self.there_before.append(created)
        return created

    def calls_counted(self) -> int:
        """How many API calls the org has counted, those of the witness left out."""
        return self.org.allowance.used(self.clock.now()) - self._asked

    def soql(self, text: str, resource: str = "query") -> list[dict[str, Any]]:
        """The rows of a query, attributes left out. Not counted as a call of the story."""
        answer = self.ask("GET", f"{API}/{resource}?q={quote(text)}")
        rows = list(answer["records"])
        while "nextRecordsUrl" in answer:
            answer = self.ask("GET", answer["nextRecordsUrl"])
            rows += answer["records"]
        return [_plain(row) for row in rows]

    def visible(self, text: str) -> list[dict[str, Any]]:
        """The rows of a query, those included that the weather has deleted where it deletes any."""
        return self.soql(text, "queryAll" if self.deletions else "query")

    def knows(self, sobject: str, field: str) -> bool:
        """Whether the org has such a field by now."""
        kind = self.org.schema.get(sobject)
        return kind is not None and kind.get(field) is not None

    def end_sessions(self) -> None:
        """End every session but the witness's own, as an administrator may."""
        self.revoked = True
        self.org.sessions.revoke_all()
        self.token = self.org.login()

    def import_campaigns(self) -> None:
        """Let another program write a batch, one part of which is refused."""
        batch = len(self.trace.imports)
        self.trace.imports.append(imported(self.ask, API, batch, batch % 4, self.clock.now()))

    def glance(self) -> None:
        """Look whether any reader could see half of a composite just now."""
        self.trace.glimpses.append(Glimpse(self.clock.now(), tuple(halves(self.visible, frozenset(self.there_before)))))


def connector_of(config: ConnectorConfig, ledger: MemoryLedger, dice: Dice) -> Connector:
    """The connector as it ships."""
    return Connector(config, ledger, dice.named("connector"), credentials_of(config, SECRETS))


def _plain(row: Any) -> Any:
    """A row without `attributes`, parents and children included."""
    if isinstance(row, dict):
        return {name: _plain(value) for name, value in row.items() if name != "attributes"}
    return [_plain(each) for each in row] if isinstance(row, list) else row
