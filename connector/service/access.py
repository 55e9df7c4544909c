"""Who may do what: API keys with a role each, kept as hashes; and the one service token that may do everything."""

import hmac
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import yaml
from fastapi import Depends, HTTPException
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer

Role = Literal["agent", "reviewer", "admin"]
Area = Literal["calls", "status", "letters", "audit", "metrics", "erase", "config", "activate"]

MAY: Mapping[Area, frozenset[Role]] = {
    "calls": frozenset({"agent", "admin"}),
    "status": frozenset({"agent", "reviewer", "admin"}),
    "letters": frozenset({"reviewer", "admin"}),
    "audit": frozenset({"reviewer", "admin"}),
    "metrics": frozenset({"reviewer", "admin"}),
    "erase": frozenset({"admin"}),
    "config": frozenset({"reviewer", "admin"}),
    "activate": frozenset({"admin"}),
}
"""Who may enter which area: agents tell of calls, reviewers judge dead letters; admins do all, and alone forget what
was said and change the configuration."""

PREFIX = "ck_"
"""Begins every key, so that one that leaks is recognised by scanners."""

bearer = HTTPBearer(auto_error=False, description="An API key, or the service token.")
api_key = APIKeyHeader(name="X-API-Key", auto_error=False)
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
ApiKey = Annotated[str | None, Depends(api_key)]


class KeysProblem(Exception):
    """The file of keys cannot be used; the sentence names the place and the cure."""


@dataclass(frozen=True, slots=True)
class Access:
    """Whoever asks: `name` is None where nobody was asked for a key, or the service token was shown."""

    role: Role
    name: str | None = None
    orgs: frozenset[str] | None = None
    """The orgs that a key is bound to; None: all of them."""

    def sees(self, org: str) -> bool:
        """Whether an org is its business."""
        return self.orgs is None or org in self.orgs


ANYBODY = Access("admin")
"""Where no token and no keys are set, the service listens on loopback only and lets everybody in."""


def hashed(key: str) -> str:
    """What is kept of a key. A key has 256 random bits, so that one round of SHA-256 cannot be guessed back."""
    return sha256(key.encode()).hexdigest()


class Keys:
    """The keys of a file. It is read again when it changes, so that a key taken out is refused at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read_at: tuple[int, int] | None = None
        self._known: dict[str, Access] = {}
        self._refresh()

    def of(self, key: str) -> Access | None:
        """Whose key this is, or None."""
        return self.held(hashed(key))

    def held(self, digest: str) -> Access | None:
        """Whose key has this hash, or None."""
        self._refresh()
        return self._known.get(digest)

    def _refresh(self) -> None:
        try:
            stat = self.path.stat()
        except OSError as problem:
            sentence = f"{self.path} cannot be read: {problem.strerror}"
            raise KeysProblem(sentence) from problem
        stamp = (stat.st_mtime_ns, stat.st_size)
        if stamp != self._read_at:
            self._known = {each["sha256"]: _access(name, each) for name, each in rows(self.path).items()}
            self._read_at = stamp


Row = dict[str, Any]


def _access(name: str, row: "Row") -> Access:
    return Access(row["role"], name, frozenset(row["orgs"]) if "orgs" in row else None)


def rows(path: Path) -> dict[str, Row]:
    """Name → `role` and `sha256`. Raises KeysProblem."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as problem:
        sentence = f"{path} is no file of keys: {problem}"
        raise KeysProblem(sentence) from None
    if data is None:
        return {}
    if not isinstance(data, dict):
        sentence = f"{path} is no file of keys: it must be an object of names"
        raise KeysProblem(sentence)
    for name, row in data.items():
        _check(path, name, row)
    return data


def _check(path: Path, name: Any, row: Any) -> None:
    role = row.get("role") if isinstance(row, dict) else None
    if role not in get_args(Role):
        sentence = f"{path}: {name}.role is {role!r}; it is one of {', '.join(get_args(Role))}"
        raise KeysProblem(sentence)
    digest = row.get("sha256")
    if not isinstance(digest, str) or len(digest) != 64:
        sentence = f"{path}: {name}.sha256 is no hash of a key; `connector keys add` makes one"
        raise KeysProblem(sentence)
    orgs = row.get("orgs", ["all"])
    if not isinstance(orgs, list) or not orgs or not all(isinstance(each, str) for each in orgs):
        sentence = f"{path}: {name}.orgs must be a list of names of orgs; left out, the key is for all of them"
        raise KeysProblem(sentence)


def add(path: Path, name: str, role: Role, orgs: Sequence[str] = ()) -> str:
    """Make a key and keep its hash; the key itself is told this once. Raises KeysProblem where the name is taken.

    With `orgs` it opens these alone.
    """
    known = rows(path) if path.exists() else {}
    if name in known:
        sentence = f"{path}: there is a key named {name} already; revoke it first"
        raise KeysProblem(sentence)
    key = PREFIX + secrets.token_urlsafe(32)
    bound = {"orgs": sorted(orgs)} if orgs else {}
    _write(path, {**known, name: {"role": role, "sha256": hashed(key), **bound}})
    return key


def revoke(path: Path, name: str) -> None:
    """Take a key out. Raises KeysProblem where there is none of that name."""
    known = rows(path)
    if name not in known:
        sentence = f"{path}: there is no key named {name}; it has {', '.join(known) or 'none'}"
        raise KeysProblem(sentence)
    _write(path, {other: row for other, row in known.items() if other != name})


def _write(path: Path, known: dict[str, Row]) -> None:
    """As one step, so that a service that reads meanwhile sees either the old file or the new one."""
    new = path.with_name(f"{path.name}.new")
    try:
        new.touch(mode=0o600)
        new.write_text(yaml.safe_dump(known, sort_keys=True), encoding="utf-8")
        new.replace(path)
    except OSError as problem:
        sentence = f"{path} cannot be written: {problem.strerror}"
        raise KeysProblem(sentence) from problem


def door(token: str | None, keys: Keys | None, org: str | None = None) -> Callable[[Area], Any]:
    """For an area, the dependency that lets the right ones in and tells the handler who they are.

    Without an `org` it is the door of what all orgs have in common; metrics of all are not for keys of some.
    """

    def of(area: Area) -> Any:
        def let_in(held: Bearer, key: ApiKey) -> Access:
            who = of_key((held.credentials if held else key) or "", token, keys)
            if who is None:
                raise HTTPException(401, "the service token is missing or wrong; send Authorization: Bearer <token>")
            return judged(who, area, org)

        return Depends(let_in)

    return of


def of_key(shown: str, token: str | None, keys: Keys | None) -> Access | None:
    """Whose key was shown; None where it is nobody's. Without token and keys everybody is let in."""
    if token is None and keys is None:
        return ANYBODY
    if token is not None and hmac.compare_digest(shown.encode(), token.encode()):
        return ANYBODY
    return keys.of(shown) if keys is not None and shown else None


def judged(who: Access, area: Area, org: str | None) -> Access:
    """The same, where they may enter. Raises 403 where they may not, saying who may."""
    if who.role not in MAY[area]:
        needed = " or ".join(sorted(MAY[area]))
        raise HTTPException(403, f"the key {who.name} is for the role {who.role}; this needs {needed}")
    if who.orgs is not None and not (who.sees(org) if org else area == "status"):
        raise HTTPException(
            403, f"the key {who.name} is for {', '.join(sorted(who.orgs))}, not for {org or 'all orgs'}"
        )
    return who
