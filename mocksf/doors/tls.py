"""TLS for a local server: an authority made on the spot, and leaves that it signs for each name that is asked for."""

import re
import ssl
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

NAMES = ("localhost", "127.0.0.1", "::1", "*.my.salesforce.com", "login.salesforce.com", "test.salesforce.com")
"""What the server's own certificate is good for, beside the host it is bound to."""
DOMAINS = (".salesforce.com", ".force.com")
"""The domains whose hosts an org answers for itself, wherever they lead in life."""
MINTED = (*DOMAINS, ".localhost")
"""The domains for whose names leaves are signed; for any other name the authority signs nothing."""
KEPT_MAX = 128
"""How many names' leaves are kept at hand."""
_HOST_CHARS_MAX = 253
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))+")
Sign = Callable[[ssl.SSLContext, str], None]
"""Signs a leaf for a name, and gives it to a context."""


def host_within(name: str | None, domains: tuple[str, ...]) -> str | None:
    """A host's name in lower case where it lies in one of the domains, else None."""
    plain = (name or "").lower().removesuffix(".")
    if len(plain) > _HOST_CHARS_MAX or not plain.endswith(domains) or not _HOST.fullmatch(plain):
        return None
    return plain


class Leaves:
    """One authority's leaves by the name that they are for. Each is signed when its name is first asked for."""

    def __init__(self, sign: Sign) -> None:
        self._sign = sign
        self._kept: OrderedDict[str, ssl.SSLContext] = OrderedDict()
        self.refuses: Callable[[str], bool] = _nobody
        """Asked with each handshake, by the name that the client asks for, which may be empty: whether it fails."""

    def context(self, host: str) -> ssl.SSLContext:
        """What a server shows for a host (as `host_within` gives it), unless the client then names another."""
        known = self._kept.get(host)
        if known is None:
            known = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._sign(known, host)
            self.follow(known)
            if len(self._kept) >= KEPT_MAX:
                self._kept.popitem(last=False)
            self._kept[host] = known
        self._kept.move_to_end(host)
        return known

    def follow(self, context: ssl.SSLContext) -> None:
        """Let a server's context show the leaf for the name that each client asks for."""
        context.sni_callback = self._choose

    def _choose(self, connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> int | None:
        if self.refuses(name or ""):
            return ssl.ALERT_DESCRIPTION_HANDSHAKE_FAILURE
        host = host_within(name, MINTED)
        if host is not None:
            connection.context = self.context(host)
        return None


def _nobody(_: str) -> bool:
    return False


@dataclass(frozen=True)
class Tls:
    """The authority's certificate, and the server's certificate with its key, as files; and leaves for other names."""

    ca: Path
    chain: Path
    key: Path
    leaves: Leaves

    def client_context(self) -> ssl.SSLContext:
        """A context that trusts this authority alone."""
        return ssl.create_default_context(cafile=str(self.ca))


def make_tls(directory: Path | None = None, host: str = "127.0.0.1") -> Tls:
    """Make an authority and a certificate; files go to `directory`, or to a new temporary one.

    The authority's own key is never written down: nobody but this process can sign with it.
    """
    import trustme  # only who serves TLS pays for it

    place = Path(directory) if directory is not None else Path(mkdtemp(prefix="mocksf-tls-"))
    place.mkdir(parents=True, exist_ok=True)
    authority = trustme.CA(organization_name="mocksf")
    leaf = authority.issue_cert(*dict.fromkeys((host, *NAMES)))
    leaves = Leaves(lambda context, name: authority.issue_cert(name).configure_cert(context))
    tls = Tls(place / "ca.pem", place / "server.pem", place / "server.key", leaves)
    authority.cert_pem.write_to_path(str(tls.ca))
    tls.chain.write_bytes(b"".join(blob.bytes() for blob in leaf.cert_chain_pems))
    tls.key.touch(mode=0o600)
    leaf.private_key_pem.write_to_path(str(tls.key))
    return tls
