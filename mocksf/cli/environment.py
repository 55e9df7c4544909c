"""What each kind of client is told by its environment, as lines for a shell: whom to trust, and through whom to go."""

from collections.abc import Iterator, Mapping
from typing import Any

CLIENTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("Python, on requests: simple-salesforce, CumulusCI, django-salesforce, taps", "REQUESTS_CA_BUNDLE", ()),
    ("Python, on httpx or aiohttp: aiosalesforce, aiosfstream", "SSL_CERT_FILE", ()),
    ("Node: jsforce, nforce, ts-force", "NODE_EXTRA_CA_CERTS", ()),
    (
        "the sf CLI",
        "NODE_EXTRA_CA_CERTS",
        (
            "SF_DISABLE_TELEMETRY=true",
            "SF_AUTOUPDATE_DISABLE=true",
            "SF_SKIP_NEW_VERSION_CHECK=true",
            "SF_USE_GENERIC_UNIX_KEYCHAIN=true",
        ),
    ),
    ("curl, Ruby, Go", "CURL_CA_BUNDLE", ("SSL_CERT_FILE={ca}",)),
)
"""Who it is for, the variable that names the authority, and what else such a client wants to know."""


def lines(credentials: Mapping[str, Any]) -> Iterator[str]:
    """A comment and a line of exports per kind of client; none where there is no authority to trust."""
    authority, proxy = credentials["ca"], credentials["proxy"]
    if not authority:
        return
    way = [f"HTTPS_PROXY={proxy}"] if proxy else []
    for who, trust, more in CLIENTS:
        yield f"# {who}"
        yield "export " + " ".join([*way, f"{trust}={authority}", *(each.format(ca=authority) for each in more)])
