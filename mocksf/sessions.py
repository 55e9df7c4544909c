"""Who may call: connected apps, access tokens with sliding expiry, refresh tokens."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from mocksf.dice import Dice
from mocksf.ids import ALPHABET

TOKEN_ALPHABET = ALPHABET + "._"
ACCESS_TOKEN_CHARS = 90
REFRESH_TOKEN_CHARS = 80
NOT_A_KEY = "a key that signs assertions must be an RSA certificate or an RSA public key in PEM form"


@dataclass(frozen=True, slots=True)
class ConnectedApp:
    """One connected app: who it is, what it may grant, whom it runs as, and whose signatures it trusts."""

    client_id: str
    client_secret: str
    scopes: tuple[str, ...]
    run_as: str | None = None
    """The username of the client-credentials flow."""
    keys: tuple[str, ...] = ()
    """Certificates or public keys in PEM form that may sign JWT assertions."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who stands behind a token."""

    user_id: str
    scopes: tuple[str, ...]
    client_id: str | None = None
    refresh_token: str | None = None

    def has(self, *scopes: str) -> bool:
        """Whether the token carries any of these scopes."""
        for scope in scopes:  # noqa: SIM110  # asked with every request, and the first is nearly always it
            if scope in self.scopes:
                return True
        return False


@lru_cache(maxsize=64)
def public_key(pem: str) -> RSAPublicKey:
    """The RSA key of a certificate or public key in PEM form. ValueError for anything else."""
    raw = pem.encode()
    try:
        key = _certified(raw) if b"CERTIFICATE" in raw else load_pem_public_key(raw)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ValueError(NOT_A_KEY) from error
    if not isinstance(key, RSAPublicKey):
        raise ValueError(NOT_A_KEY)  # noqa: TRY004
    return key


def _certified(raw: bytes) -> object:
    from cryptography.x509 import load_pem_x509_certificate  # a large library that few orgs need

    return load_pem_x509_certificate(raw).public_key()


def new_access_token(org_id: str, dice: Dice) -> str:
    """A token shaped as the real ones: 15 characters of the org's id, `!`, opaque characters."""
    return f"{org_id[:15]}!AQEAQ{_drawn(dice, ACCESS_TOKEN_CHARS)}"


def new_refresh_token(dice: Dice) -> str:
    """A refresh token shaped as the real ones."""
    return f"5Aep861{_drawn(dice, REFRESH_TOKEN_CHARS)}"


def _drawn(dice: Dice, characters: int) -> str:
    return "".join(dice.named("tokens").choices(TOKEN_ALPHABET, k=characters))


@dataclass(slots=True)
class _Open:
    caller: Caller
    ends: datetime


class Sessions:
    """The tokens of an org. Opaque, drawn from the org's own dice, judged by the org's own clock."""

    def __init__(self, org_id: str, dice: Dice, lifetime_s: float, apps: Iterable[ConnectedApp] = ()) -> None:
        self.lifetime = timedelta(seconds=lifetime_s)
        self._apps = {app.client_id: app for app in apps}
        for app in self._apps.values():
            for pem in app.keys:
                public_key(pem)
        self._org_id = org_id
        self._dice = dice
        self._open: dict[str, _Open] = {}  # the first to expire stands first: each use moves a token to the end
        self._refresh: dict[str, Caller] = {}

    @property
    def apps(self) -> dict[str, ConnectedApp]:
        """The connected apps by their client id."""
        return self._apps

    def open(self, caller: Caller, now: datetime) -> str:
        """A new access token, shaped as the real ones: 15 characters of the org's id, `!`, opaque characters."""
        token = new_access_token(self._org_id, self._dice)
        self._open[token] = _Open(caller, now + self.lifetime)
        return token

    def caller(self, token: str, now: datetime) -> Caller | None:
        """Who calls with this token, which lives on for a whole lifetime from now; None where it is no longer good."""
        held = self._open.get(token)
        if held is None or held.ends <= now:
            return None
        held.ends = now + self.lifetime
        del self._open[token]
        self._open[token] = held
        return held.caller

    def peek(self, token: str, now: datetime) -> Caller | None:
        """Like `caller`, but without prolonging the session."""
        held = self._open.get(token)
        return None if held is None or held.ends <= now else held.caller

    def give_refresh(self, caller: Caller) -> str:
        """A new refresh token, good until it is revoked."""
        token = new_refresh_token(self._dice)
        self._refresh[token] = replace(caller, refresh_token=token)
        return token

    def refreshed(self, token: str) -> Caller | None:
        """Whom a refresh token stands for, or None."""
        return self._refresh.get(token)

    def revoke(self, token: str) -> bool:
        """End a session, or a refresh token with all sessions born of it. Tells whether there was such a token."""
        if self._open.pop(token, None) is not None:
            return True
        if self._refresh.pop(token, None) is None:
            return False
        for access in [access for access, held in self._open.items() if held.caller.refresh_token == token]:
            del self._open[access]
        return True

    def revoke_all(self) -> None:
        """End every session at once, as an instance switch does; refresh tokens stay good."""
        self._open.clear()

    def prolong(self, now: datetime) -> None:
        """Give every session a whole lifetime from now."""
        for held in self._open.values():
            held.ends = now + self.lifetime

    def trust(self, client_id: str, pem: str) -> None:
        """Let an app accept JWT assertions signed by the owner of this certificate or public key (PEM).

        ValueError where it is neither.
        """
        public_key(pem)
        app = self._apps[client_id]
        self._apps[client_id] = replace(app, keys=(*app.keys, pem))

    def next_due(self) -> datetime | None:
        """When the next session expires, or None."""
        for held in self._open.values():
            return held.ends
        return None

    def run_due(self, now: datetime) -> None:
        """Forget sessions that expired."""
        while (due := self.next_due()) is not None and due <= now:
            del self._open[next(iter(self._open))]

    def state(self) -> object:
        """All tokens and apps, for a snapshot."""
        held = {token: (each.caller, each.ends) for token, each in self._open.items()}
        return held, dict(self._refresh), dict(self._apps)

    def restore(self, state: object) -> None:
        """Back to a state that `state` gave."""
        assert isinstance(state, tuple)
        held, refresh, apps = state
        self._open = {token: _Open(*each) for token, each in held.items()}
        self._refresh, self._apps = dict(refresh), dict(apps)
