"""The ledger's key: payloads sealed with it, records named by it; kept in the environment or in a file of its own."""

import hmac
import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import orjson
import structlog
from cryptography.fernet import Fernet, InvalidToken

from connector.chain import unsalted
from connector.messages import Json

log = structlog.get_logger("connector.ledger")
KEY_VARIABLE = "CONNECTOR_LEDGER_KEY"


class KeyProblem(Exception):
    """The key is missing, malformed or not the one that this ledger was written with."""


class Seal:
    """Fernet (AES-128-CBC and HMAC-SHA256) for payloads, HMAC-SHA256 for the pseudonyms of records."""

    def __init__(self, key: str) -> None:
        try:
            self._fernet = Fernet(key)
        except (ValueError, TypeError) as problem:
            sentence = f"the ledger key is no Fernet key (32 bytes in URL-safe base64): {problem}"
            raise KeyProblem(sentence) from None
        self._naming = sha256(b"record names of " + key.encode()).digest()

    def close(self, data: bytes) -> bytes:
        """Sealed."""
        return self._fernet.encrypt(data)

    def open(self, sealed: bytes) -> bytes:
        """Unsealed. Raises KeyProblem where the key or the data is not the right one."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken:
            sentence = "a payload cannot be read with this ledger key"
            raise KeyProblem(sentence) from None

    def pseudonym(self, record: str) -> str:
        """A record's name that only who has the key can recompute."""
        return hmac.new(self._naming, record.encode(), sha256).hexdigest()[:20]


def unsealed(seal: Seal, sealed: bytes, digest: str) -> dict[str, Json] | None:
    """A stored payload by its SHA-256; None, and a line in the log, where it is damaged or another's."""
    try:
        text = seal.open(sealed)
    except KeyProblem:
        text = b""
    if sha256(text).hexdigest() != digest:
        log.error("a payload is damaged, or stands in the place of another", sha256=digest)
        return None
    return unsalted(orjson.loads(text))


def key_of(ledger: Path | str, environ: Mapping[str, str], create: bool = True) -> str:
    """The key from CONNECTOR_LEDGER_KEY, else from `<ledger>.key`, which is made (mode 0600) where it is missing.

    A ledger that is no file has its key in the environment alone. Raises KeyProblem.
    """
    if environ.get(KEY_VARIABLE):
        return environ[KEY_VARIABLE]
    if isinstance(ledger, str):
        sentence = f"a ledger in a database has no key beside it: set {KEY_VARIABLE}, the same for all who share it"
        raise KeyProblem(sentence)
    path = Path(f"{ledger}.key")
    try:
        if create and not path.exists() and not ledger.exists():
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(Fernet.generate_key())
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as problem:
        sentence = f"the ledger key is neither in {KEY_VARIABLE} nor readable in {path}: {problem}"
        raise KeyProblem(sentence) from problem
