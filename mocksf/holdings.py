"""What an org holds: its schema, rows, users, limits and jobs, put together once; and all of it as a state.

A state is taken, put back, gone back to, or goes on with another schema.
"""

from dataclasses import replace
from hashlib import sha256

from mocksf import shared
from mocksf.bulk.jobs import Jobs
from mocksf.clock import Clock, VirtualClock
from mocksf.dice import Dice
from mocksf.founding import ADMINISTRATOR, found_org
from mocksf.hooks import Hookable, Hooks
from mocksf.metadata.jobs import MetadataJobs
from mocksf.permissions import Access, edition_schema
from mocksf.records import Records
from mocksf.refounding import check, keep_up
from mocksf.rest.session import Premises
from mocksf.schema import Schema, default_schema
from mocksf.schema.keeping import read_schema, written_schema
from mocksf.settings import OrgSettings
from mocksf.snapshots import PARTS, Snapshot
from mocksf.store import Store
from mocksf.store.engines import kept_schema
from mocksf.streaming import Streaming
from mocksf.users import user_named

DEFAULT_SETTINGS = OrgSettings()


class Holdings(Hookable):
    """Everything of an org but its answers."""

    def __init__(
        self,
        schema: Schema | None = None,
        *,
        clock: Clock | None = None,
        seed: int = 0,
        name: str = "default",
        settings: OrgSettings = DEFAULT_SETTINGS,
        database: str = ":memory:",
        hooks: Hooks | None = None,
    ) -> None:
        self.hooks = hooks if hooks is not None else Hooks()
        self.schema = edition_schema(self._brought(schema, database), settings.edition)
        self.clock: Clock = clock if clock is not None else VirtualClock()
        self.dice = Dice(seed)
        self.name = name
        self.settings = settings
        self.founded = self.clock.now()
        self.store = Store(self.schema, database, name)
        self._seen: dict[int, Premises] = {}
        self.streaming = Streaming(self.store, self.dice, settings.change_data_capture)
        self._move_in()
        self.allowance = shared.allowance(self.store, settings.calls_per_day, settings.long_calls)
        self.locks = shared.locks(self.store)
        self.cursors = shared.cursors(self.store)
        self.recents = shared.recents(self.store)
        self.jobs = Jobs()
        self.metadata = MetadataJobs()
        with self.store.turn():
            self.org_id, self.admin_id = self._found()
        self.sessions = shared.sessions(self.store, self.org_id, self.dice, settings)
        self._errands = shared.first_errand(self.store)
        self.settle()

    @staticmethod
    def _brought(schema: Schema | None, database: str) -> Schema:
        """The schema that an org opens with: what it has become where a file says so, else the one that is given."""
        kept = kept_schema(database)
        if kept is not None:
            return read_schema(kept)
        return schema if schema is not None else default_schema()

    def _move_in(self) -> None:
        """What stands between the schema and its rows."""
        self.records = Records(self.schema, self.store)
        self.access = Access(self.schema, self.store, self.settings.has_api)
        self._seen.clear()
        self.streaming.move_in()

    def _found(self) -> tuple[str, str]:
        """Write the first rows, unless the database already holds an org."""
        # In memory there is none, and the first statement on a connection costs more than all that follow.
        known = [] if self.store.settled else self.store.rows('SELECT "Id" FROM "Organization"')
        if known:
            admin = user_named(self.schema, self.store, ADMINISTRATOR.username)
            assert admin is not None, "an org is founded with its administrator"
            return known[0][0], admin["Id"]
        if self.name != "default":
            # Tenants need ids of their own: a token names its org.
            self.store.counters["00D"] = int.from_bytes(sha256(self.name.encode()).digest()[:5], "big")
        founding = found_org(self.schema, self.store, self.founded, company=self.settings.company)
        return founding.org_id, founding.admin_id

    # -- state ---------------------------------------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        """Everything: rows, id counters, tokens, limits, locks, cursors, clock and dice."""
        parts = {name: getattr(self, name).state() for name in PARTS}
        counters = dict(self.store.counters)
        return Snapshot(self.schema, self.clock.now(), self.store.snapshot(), counters, self._errands, **parts)

    def restore(self, snapshot: Snapshot) -> None:
        """Back to a snapshot, its schema included. A clock that runs by itself runs on."""
        self._become(snapshot.schema)
        self.store.restore(snapshot.rows)
        self.store.counters = dict(snapshot.counters)
        for name in PARTS:
            getattr(self, name).restore(getattr(snapshot, name))
        self._errands = snapshot.errands
        if isinstance(self.clock, VirtualClock):
            self.clock.set_to(snapshot.now)

    def change_schema(self, schema: Schema) -> None:
        """Go on with another schema, as after a deploy: records keep what both know. A reset takes it back.

        Raises SchemaError, FormulaError or EditionError, and then nothing has changed.
        """
        before, after = self.schema, edition_schema(schema, self.settings.edition)
        check(before, after)
        with self.store.turn():
            self._become(after)
            keep_up(before, after, self.store, self.clock.now())
            self.records.automation.take_over(before, after)

    def _become(self, schema: Schema) -> None:
        if schema is not self.schema:
            self.store.become(schema)
            self.schema = schema
            if self.store.lasting:
                self.store.keep_schema(written_schema(schema))
            self._move_in()

    def settle(self) -> None:
        """Make what is there now what `reset` goes back to: loaded sample records, a token already given out.

        Where others share the org, it goes back to where the first of them settled, with the tokens of all.
        """
        self._home = self.snapshot()
        self.store.settle()

    def reset(self) -> None:
        """Back to the day of the founding (or of the last `settle`); tokens of that day live a whole lifetime again."""
        home = self.store.home()
        self.restore(self._home if home is None else replace(self._home, rows=home))
        self.sessions.prolong(self.clock.now())
