"""Who looks at the pages: an API key shown once becomes a visit, and each form of the visit proves that it is of it."""

import hmac
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from connector.service.access import ANYBODY, Access, Keys, hashed, of_key

COOKIE = "connector_visit"
LASTS = timedelta(hours=9)
"""A working day after the last look at a page."""
VISITS_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Visit:
    """One person in one browser. `access` is None where nobody has shown a key yet."""

    id: str
    access: Access | None
    proof: str
    """What its forms carry: another site can send a form, but cannot know this."""
    fresh: bool = False
    """Whether the browser does not know its cookie yet."""
    open: bool = False
    """Whether nobody is asked for a key here."""

    @property
    def name(self) -> str | None:
        """Whose key it is; None where the service token was shown, or nobody asked for one."""
        return self.access.name if self.access else None


class Visits:
    """The visits of one process. A key that is revoked ends its visits at once; a restart ends them all."""

    def __init__(self, token: str | None, keys: Keys | None) -> None:
        self._token, self._keys = token, keys
        self._secret = secrets.token_bytes(32)
        self._known: OrderedDict[str, tuple[str, datetime]] = OrderedDict()

    @property
    def open(self) -> bool:
        """Whether nobody is asked for a key."""
        return self._token is None and self._keys is None

    def of(self, cookie: str | None) -> Visit:
        """The visit that a browser's cookie stands for."""
        if self.open:
            session = cookie or secrets.token_urlsafe(24)
            return Visit(session, ANYBODY, self._proof(session), fresh=cookie is None, open=True)
        digest, until = self._known.get(cookie or "", ("", datetime.min.replace(tzinfo=UTC)))
        now = datetime.now(UTC)
        if cookie is None or until < now:
            return Visit("", None, "")
        self._known[cookie] = (digest, now + LASTS)
        return Visit(cookie, self._held(digest), self._proof(cookie))

    def enter(self, key: str) -> Visit | None:
        """A new visit for who shows a key; None where it is nobody's."""
        access = of_key(key, self._token, self._keys)
        if access is None:
            return None
        session = secrets.token_urlsafe(24)
        self._known[session] = (hashed(key), datetime.now(UTC) + LASTS)
        while len(self._known) > VISITS_MAX:
            self._known.popitem(last=False)
        return Visit(session, access, self._proof(session), fresh=True)

    def leave(self, visit: Visit) -> None:
        """Forget a visit."""
        self._known.pop(visit.id, None)

    def _held(self, digest: str) -> Access | None:
        if self._token is not None and hmac.compare_digest(hashed(self._token), digest):
            return ANYBODY
        return self._keys.held(digest) if self._keys else None

    def _proof(self, session: str) -> str:
        return hmac.new(self._secret, session.encode(), sha256).hexdigest()
