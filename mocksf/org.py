"""Org: from request to response, with a memory. Pure: no socket, no sleep, no clock or dice but those it is given."""

from datetime import datetime, timedelta

from mocksf.actor import untouched
from mocksf.founding import ADMINISTRATOR
from mocksf.grip import Grip, Memo
from mocksf.holdings import DEFAULT_SETTINGS, Holdings
from mocksf.locks import PATIENCE, Held
from mocksf.messages import Request, Response
from mocksf.parked import CALM, EVENTS, Errand, Parked, Quiet, Terms
from mocksf.rest import ROUTER
from mocksf.rest.bulk import work as bulk_work
from mocksf.rest.composite.batch import Several
from mocksf.rest.looking import look_up
from mocksf.rest.reception import Visit, receive, signed
from mocksf.rest.seen import as_seen
from mocksf.rest.session import Session
from mocksf.sessions import Caller
from mocksf.settings import OrgSettings
from mocksf.snapshots import Snapshot
from mocksf.users import user_named

__all__ = ["DEFAULT_SETTINGS", "Org", "OrgSettings", "Snapshot"]


class Org(Holdings):
    """One Salesforce org: a schema, its records, its users and limits, and the answers it gives.

    `handle` and `resume` never refuse by raising and never wait: what cannot be answered yet comes back as `Parked`.
    Only a bug of the org's own comes out as the exception it is, with everything undone (see rest/trouble.py).
    """

    # -- requests ------------------------------------------------------------------------------------------------

    def handle(self, request: Request, terms: Terms = CALM, now: datetime | None = None) -> Response | Parked:
        """Answer a request that arrives now, or park it. Authentication and limits are settled here, once.

        `now` is what the clock says, where the caller has just looked.
        """
        now = now or self.clock.now()
        visit = receive(self, ROUTER, request, now)
        if isinstance(visit, Response):
            return visit
        self._errands += 1
        if terms is CALM and visit.reads:
            return look_up(self, as_seen(self, visit.view, self._seen), ROUTER, visit, now)
        return self._admit(Errand(self._errands, request, terms, now, visit=visit), visit, now)

    def resume(self, parked: Parked) -> Response | Parked:
        """Present a parked request again; too early, it is parked as before."""
        errand, now = parked.errand, self.clock.now()
        if errand.commit_at is not None and now < errand.commit_at:
            return Parked(errand, errand.commit_at)
        visit = errand.visit
        assert isinstance(visit, Visit), "only what an org parked can be resumed"
        if visit.caller is not None and visit.view is not None:
            # What its user sees may be another part of another schema by now.
            visit = visit._replace(view=self.access.of(visit.caller.user_id))
        return self._admit(errand, visit, now)

    def _admit(self, errand: Errand, visit: Visit, now: datetime) -> Response | Parked:
        """Present a request; where others share the store, one that writes has it to itself meanwhile."""
        if not (self.store.shared and visit.writes):
            return self._present(errand, visit, now)
        with self.store.turn():
            return self._present(errand, visit, now)

    def _present(self, errand: Errand, visit: Visit, now: datetime) -> Response | Parked:
        try:
            if errand.commit_at is None and errand.terms.service_s > 0:
                begun = self._begin(errand, visit, now)
                if begun is not None:
                    return begun
            response = self._serve(errand, visit, now, undone=errand.terms.undone)
        except Held as held:
            return self._wait(errand, held, now)
        except Quiet as quiet:
            return Parked(errand, quiet.until, (EVENTS,))
        if errand.commit_at is not None:
            self.locks.release(errand.number)
        if isinstance(response, Several) and response.more:
            self.allowance.spend(now, response.more)
        return signed(self, response, now, visit.counted)

    def _begin(self, errand: Errand, visit: Visit, now: datetime) -> Parked | None:
        """Start the service time of a request: a write takes its rows, found out by a probe that is undone.

        None where the probe ended at a held row after ten seconds: then the answer is due at once.
        """
        errand.touched.clear()
        if visit.writes:
            self._serve(errand, visit, now, undone=True)
            if errand.gave_up:
                return None
        errand.commit_at = now + timedelta(seconds=errand.terms.service_s)
        self.locks.hold(errand.touched, errand.number, errand.commit_at)
        self.allowance.occupy(now, errand.commit_at)
        return Parked(errand, errand.commit_at)

    def _wait(self, errand: Errand, held: Held, now: datetime) -> Parked:
        """Park a request that met a held row until the row is free, ten seconds from its first meeting at most."""
        errand.waiting_since = errand.waiting_since or now
        return Parked(errand, min(held.until, errand.waiting_since + PATIENCE), (held.key,))

    def _serve(self, errand: Errand, visit: Visit, now: datetime, undone: bool) -> Response:
        """Execute a request; `undone` takes everything back that it did. `Held` passes through."""
        mark = dict(self.store.counters), (self.cursors.state(), self.jobs.state()) if undone else None
        # Where nobody holds anything, and nobody will before this request is done, nothing it reaches for is held.
        alone = errand.terms is CALM and self.locks.empty
        session = Session(
            org=as_seen(self, visit.view, self._seen),
            routes=ROUTER,
            now=now,
            caller=visit.caller,
            base_url=visit.base_url,
            touch=untouched if alone else Grip(errand, self.locks, now, self.settings.lock_status, mark[0]),
            hinder=Memo(errand) if errand.terms.hinder else None,
            view=visit.view.number if visit.view is not None else 0,
            errand=errand,
        )
        try:
            if self.streaming.attentive:
                self.streaming.begin(now, visit.caller.user_id if visit.caller else None, visit.call)
            if not undone:
                response = ROUTER.answer(session, visit.call, visit.route, visit.values)
                if session.seen:
                    self.recents.note(session.user_id, session.seen)
                return response
            return self._rehearse(session, visit)
        except Quiet:  # what it did so far stays done
            raise
        except Exception:  # a held row, or a bug: neither leaves a trace
            self.store.counters = mark[0]
            raise
        finally:
            self.streaming.end()
            if mark[1] is not None:
                self.store.counters = mark[0]
                self.cursors.restore(mark[1][0])
                self.jobs.restore(mark[1][1])

    def _rehearse(self, session: Session, visit: Visit) -> Response:
        tokens = None if visit.counted else self.sessions.state()
        with self.store.atomic() as undo:
            response = ROUTER.answer(session, visit.call, visit.route, visit.values)
            undo()
        if tokens is not None:
            self.sessions.restore(tokens)
        return response

    # -- time ----------------------------------------------------------------------------------------------------

    def next_due(self) -> datetime | None:
        """The next instant at which time alone changes the org (something expires, a bin is emptied), or None."""
        due = self.sessions.next_due()
        for other in (self.cursors.next_due(), self.records.next_due(), self.jobs.next_due(), self.metadata.next_due()):
            if other is not None and (due is None or other < due):
                due = other
        return due

    def run_due(self, now: datetime) -> None:
        """Do the work that time has brought."""
        self.sessions.run_due(now)
        self.cursors.run_due(now)
        self.records.run_due(now)
        bulk_work.run_due(self, now)
        if self.metadata.next_due() is not None:
            from mocksf.rest.metadata import work as metadata_work  # few orgs are ever deployed to

            metadata_work.run_due(self, now)
        self.locks.expire(now)

    # -- another of its kind -------------------------------------------------------------------------------------

    def fork(self) -> "Org":
        """A second org with the same past and a future of its own, its clock and dice included."""
        twin = Org(
            self._home.schema,  # what its settings speak of may be gone by now
            clock=self.clock.twin(),
            seed=self.dice.seed,
            name=self.name,
            settings=self.settings,
            database=self.store.beside(),
            hooks=self.hooks,
        )
        twin.restore(self.snapshot())
        twin.founded, twin._home = self.founded, self._home
        return twin

    # -- for tests and tools -------------------------------------------------------------------------------------

    def login(
        self,
        username: str = ADMINISTRATOR.username,
        scopes: tuple[str, ...] = ("full", "api", "web", "refresh_token", "offline_access", "chatter_api"),
    ) -> str:
        """An access token for a user, without the detour over the token endpoint. ValueError for an unknown user."""
        user = user_named(self.schema, self.store, username)
        if user is None:
            message = f"there is no user {username!r} in the org {self.name!r}"
            raise ValueError(message)
        return self.sessions.open(Caller(user["Id"], tuple(scopes), self.settings.client_id), self.clock.now())
