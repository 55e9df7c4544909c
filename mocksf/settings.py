"""What can be set about an org as a whole: its hosts, its limits, who may log in, and its switches."""

from dataclasses import dataclass

from mocksf.permissions import DEVELOPER, EDITIONS, edition_named

SCOPE_PROFILES: dict[str, tuple[str, ...]] = {
    "standard": ("api", "refresh_token", "offline_access"),
    "extended": ("api", "refresh_token", "offline_access", "web", "full"),
    "privileged": ("api", "refresh_token", "offline_access", "web", "full", "chatter_api"),
}
"""The three scope profiles of the connector, in the order in which a token response lists them."""

TOKEN_FORMATS = ("opaque", "jwt")

_SANDBOX_CALLS = 5_000_000


@dataclass(frozen=True, slots=True)
class OrgSettings:
    """Settings that hold for the life of an org. Frozen: an org with other settings is another org."""

    my_domain: str = "mock.my.salesforce.example"
    """The host that absolute addresses name when a request carries none (an in-process call)."""
    instance_url: str | None = None
    """Where tokens send their clients; None follows scheme and host of each request."""
    daily_requests: int = _SANDBOX_CALLS
    """Calls in any 24 hours: the figure of a full sandbox, so that a load test is not over after seconds.

    Where it is left alone and there is an edition, the edition's figure holds."""
    edition: str = ""
    """A key of `EDITIONS`; empty is a Developer Edition whose calls `daily_requests` counts."""
    licences: int = 10
    """How many users have paid: an edition's calls a day grow with them."""
    api_add_on: bool = False
    """Whether a Professional Edition has bought the API."""
    session_s: float = 7200.0
    """A token dies after this much *inactivity*; each call renews it (facts on REST §6.1)."""
    password: str = "mock"
    """The password of every active user; whatever follows it is taken for a security token."""
    client_id: str = "mocksf"
    client_secret: str = "mocksf-secret"
    jwt_keys: tuple[str, ...] = ()
    """Certificates or public keys (PEM) whose JWT assertions the connected app trusts."""
    redirects: tuple[str, ...] = ()
    """Addresses to which a login in a browser may lead back; those on loopback always may."""
    refresh_rotation: bool = False
    """Whether a refresh gives a new refresh token as well, and the old one ends."""
    token_format: str = "opaque"
    """`opaque`, or `jwt`: access tokens that are signed and end when they say, used or not."""
    pkce_required: bool = False
    """Whether every login in a browser must come with a challenge."""
    scope_profile: str = "privileged"
    """What the connected app may grant: a key of `SCOPE_PROFILES`."""
    scopes_strict: bool = False
    """True: Chatter demands the scope `chatter_api` by name. False, as Salesforce: `api` includes it."""
    chatter: bool = True
    """False: Chatter is off, and its resources answer 403."""
    lock_status: int = 500
    """The status of `UNABLE_TO_LOCK_ROW`: 500 was seen on the wire, 400 is asserted by other mocks."""
    change_data_capture: str = ""
    """The objects whose changes are captured from the beginning, separated by commas; `*` is all of them."""
    streaming_clients: int = 2000
    """How many CometD clients may listen at once."""
    search_lag_s: float = 0.0
    """How long a new record is not found by a search: the index of a real org is asynchronous."""
    fiscal_month: int = 1
    """The month in which the fiscal year begins: `Organization.FiscalYearStartMonth`."""
    fiscal_by_start: bool = False
    """Whether a fiscal year is called after the calendar year in which it begins, not the one in which it ends."""

    def __post_init__(self) -> None:
        if self.edition:
            edition_named(self.edition)
        if self.token_format not in TOKEN_FORMATS:
            message = f"token_format={self.token_format}: it is {' or '.join(TOKEN_FORMATS)}"
            raise ValueError(message)
        if not 1 <= self.fiscal_month <= 12:
            message = f"fiscal_month={self.fiscal_month}: a month is a number from 1 to 12"
            raise ValueError(message)

    @property
    def company(self) -> dict[str, str | int]:
        """What they say of the row of `Organization`."""
        return {
            "OrganizationType": self.organization_type,
            "FiscalYearStartMonth": self.fiscal_month,
            "UsesStartDateAsFiscalYearName": int(self.fiscal_by_start),
        }

    @property
    def has_api(self) -> bool:
        """Whether the org has an API at all."""
        if not self.edition:
            return True
        kind = EDITIONS[self.edition]
        return kind.api or (self.api_add_on and kind.base_calls > 0)

    @property
    def calls_per_day(self) -> int:
        """How many calls the org answers in any 24 hours."""
        if self.edition and self.daily_requests == _SANDBOX_CALLS:
            return EDITIONS[self.edition].daily_calls(self.licences)
        return self.daily_requests

    @property
    def long_calls(self) -> int:
        """How many long-running calls the org takes at once."""
        return EDITIONS[self.edition].long_calls if self.edition else 25

    @property
    def organization_type(self) -> str:
        """What `Organization.OrganizationType` says."""
        return EDITIONS[self.edition or DEVELOPER].organization_type
