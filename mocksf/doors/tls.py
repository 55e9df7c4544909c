"""TLS for a local server: a certificate authority made on the spot, written to a file that clients can trust."""

import ssl
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

NAMES = ("localhost", "127.0.0.1", "::1", "*.my.salesforce.com", "login.salesforce.com", "test.salesforce.com")
"""What the server's certificate is good for, beside the host it is bound to."""


@dataclass(frozen=True)
class Tls:
    """The authority's certificate, and the server's certificate with its key, as files."""

    ca: Path
    chain: Path
    key: Path

    def client_context(self) -> ssl.SSLContext:
        """A context that trusts this authority alone."""
        return ssl.create_default_context(cafile=str(self.ca))


def make_tls(directory: Path | None = None, host: str = "127.0.0.1") -> Tls:
    """Make an authority and a certificate; files go to `directory`, or to a new temporary one.

    The authority's own key is never written down: nobody can sign with it later.
    """
    import trustme  # only who serves TLS pays for it

    place = Path(directory) if directory is not None else Path(mkdtemp(prefix="mocksf-tls-"))
    place.mkdir(parents=True, exist_ok=True)
    authority = trustme.CA(organization_name="mocksf")
    leaf = authority.issue_cert(*dict.fromkeys((host, *NAMES)))
    tls = Tls(place / "ca.pem", place / "server.pem", place / "server.key")
    authority.cert_pem.write_to_path(str(tls.ca))
    tls.chain.write_bytes(b"".join(blob.bytes() for blob in leaf.cert_chain_pems))
    tls.key.touch(mode=0o600)
    leaf.private_key_pem.write_to_path(str(tls.key))
    return tls
