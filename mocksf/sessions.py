"""Who may call: connected apps, access tokens with sliding expiry, refresh tokens."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from mocksf.dice import Dice
from mocksf.ids import ALPHABET
from mocksf.signing import Signing
from mocksf.slips import Slips

TOKEN_ALPHABET = ALPHABET + "._"
ACCESS_TOKEN_CHARS = 90
REFRESH_TOKEN_CHARS = 80
SPENT_LIFE = timedelta(days=30)
"""How long a refresh token that was exchanged for another is known for what it was (assumed)."""
_SIGNED = "eyJ"
"""How a signed token begins; an opaque one begins with the org's id."""
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
    redirects: tuple[str, ...] = ()
    """The addresses to which a login in a browser may lead back."""

    @property
    def public(self) -> bool:
        """Whether it has no secret, as an app that people install."""
        return not self.client_secret


@dataclass(frozen=True, slots=True)
class Caller:
    """Who stands behind a token."""

    user_id: str
    scopes: tuple[str, ...]
    client_id: str | None = None
    refresh_token: str | None = None
    issued: float = field(default=0.0, compare=False)
    """When the token was given, in seconds since 1970."""

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


def is_signed(token: str) -> bool:
    """Whether a token is a signed one (JWT): it ends when it says, used or not."""
    return token.startswith(_SIGNED)


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
        self.slips: Slips = Slips()
        """What is under way in a browser or on a device."""
        self.signing = Signing(org_id, dice.seed)

    @property
    def apps(self) -> dict[str, ConnectedApp]:
        """The connected apps by their client id."""
        return self._apps

    def open(self, caller: Caller, now: datetime) -> str:
        """A new access token, shaped as the real ones: 15 characters of the org's id, `!`, opaque characters."""
        return self._kept(new_access_token(self._org_id, self._dice), caller, now)

    def open_signed(self, caller: Caller, now: datetime, host: str) -> str:
        """A new access token that says itself for whom, by whom and until when it is good (JWT)."""
        return self._kept(self._signed(caller, now, host), caller, now)

    def _kept(self, token: str, caller: Caller, now: datetime) -> str:
        self._open[token] = _Open(replace(caller, issued=now.timestamp()), now + self.lifetime)
        return token

    def _signed(self, caller: Caller, now: datetime, host: str) -> str:
        seconds = int(now.timestamp())
        claims = {
            "scp": " ".join(caller.scopes),
            "aud": [host],
            "sub": f"uid:{caller.user_id}",
            "nbf": seconds,
            "mty": "oauth",
            "sfi": self.draw(64),
            "roles": [],
            "iss": host,
            "hsc": False,
            "exp": seconds + int(self.lifetime.total_seconds()),
            "iat": seconds,
            "client_id": caller.client_id,
        }
        return self.signing.signed(claims, tnk=f"core/prod/{self._org_id}", ver="1.0", tty="sfdc-core-token")

    def draw(self, characters: int) -> str:
        """A word that nobody guesses, from the org's own dice."""
        return "".join(self._dice.named("tokens").choices(ALPHABET, k=characters))

    def caller(self, token: str, now: datetime) -> Caller | None:
        """Who calls with this token, which lives on for a whole lifetime from now; None where it is no longer good."""
        held = self._open.get(token)
        if held is None or held.ends <= now:
            return None
        if token.startswith(_SIGNED):
            return held.caller
        held.ends = now + self.lifetime
        del self._open[token]
        self._open[token] = held
        return held.caller

    def peek(self, token: str, now: datetime) -> Caller | None:
        """Like `caller`, but without prolonging the session."""
        standing = self.standing(token, now)
        return standing and standing[0]

    def standing(self, token: str, now: datetime) -> tuple[Caller, datetime] | None:
        """Who calls with this token, and when it ends unless it is used; it is not prolonged."""
        held = self._open.get(token)
        return None if held is None or held.ends <= now else (held.caller, held.ends)

    def give_refresh(self, caller: Caller) -> str:
        """A new refresh token, good until it is revoked."""
        token = new_refresh_token(self._dice)
        self._refresh[token] = replace(caller, refresh_token=token)
        return token

    def refreshed(self, token: str) -> Caller | None:
        """Whom a refresh token stands for, or None."""
        return self._refresh.get(token)

    def rotate(self, token: str, now: datetime) -> str:
        """Another refresh token in place of this one, whose sessions are now those of the new one."""
        fresh = self.give_refresh(self._refresh.pop(token))
        for held in self._open.values():
            if held.caller.refresh_token == token:
                held.caller = replace(held.caller, refresh_token=fresh)
        self.slips.put(f"spent {token}", fresh, now + SPENT_LIFE, now)
        return fresh

    def betrayed(self, token: str, now: datetime) -> None:
        """Somebody brings a refresh token that was exchanged: whatever came of it ends, for it may be a thief's."""
        while (heir := self.slips.take(f"spent {token}", now)) is not None:
            self.revoke(heir)
            token = heir

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
        for token, held in self._open.items():
            if not is_signed(token):
                held.ends = now + self.lifetime
        self._open = dict(sorted(self._open.items(), key=lambda each: each[1].ends))

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
        return held, dict(self._refresh), dict(self._apps), self.slips.state()

    def restore(self, state: object) -> None:
        """Back to a state that `state` gave."""
        assert isinstance(state, tuple)
        held, refresh, apps, slips = state
        self._open = {token: _Open(*each) for token, each in held.items()}
        self._refresh, self._apps = dict(refresh), dict(apps)
        self.slips.restore(slips)
