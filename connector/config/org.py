"""OrgConfig: which org is written to, as whom, with which scopes, and from which region."""

from pydantic import AnyHttpUrl, BaseModel, ConfigDict, Field, field_validator, model_validator

from connector.config.secret import Secret
from connector.config.words import Agents, Grant, ScopeProfile

CREDENTIALS: dict[str, tuple[str, ...]] = {
    "client_credentials": ("client_id", "client_secret"),
    "password": ("client_id", "client_secret", "username", "password"),
    "jwt_bearer": ("client_id", "username", "private_key"),
    "refresh_token": ("client_id", "refresh_token"),
}
"""What each OAuth grant needs (facts, REST §6.1)."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _address(text: str) -> str:
    AnyHttpUrl(text)
    return text.rstrip("/")


class LoginConfig(_Section):
    """How the connector logs in."""

    instance_url: str = Field(description="The org's own address, e.g. https://acme.my.salesforce.com.")
    login_url: str | None = Field(
        default=None, description="The address of the token endpoint, where it is another host."
    )
    grant: Grant = "client_credentials"
    client_id: str | None = Field(default=None, min_length=1)
    client_secret: Secret | None = None
    username: str | None = Field(default=None, min_length=1)
    password: Secret | None = None
    private_key: Secret | None = Field(
        default=None, description="PEM key that signs the assertion of the JWT bearer grant."
    )
    refresh_token: Secret | None = None

    _addresses = field_validator("instance_url", "login_url")(_address)

    @model_validator(mode="after")
    def _credentials_of_the_grant(self) -> "LoginConfig":
        lacking = [name for name in CREDENTIALS[self.grant] if getattr(self, name) is None]
        if lacking:
            sentence = f"the grant {self.grant} needs {', '.join(lacking)}"
            raise ValueError(sentence)
        return self

    @property
    def token_host(self) -> str:
        """Where tokens are asked for, without a trailing slash."""
        return self.login_url or self.instance_url


class RegionConfig(_Section):
    """Where the voice agents run and where the org lives; both named = pinned."""

    agents: Agents | None = Field(default=None, description="Where the voice agents run.")
    instance: str | None = Field(
        default=None, min_length=1, description="The org's instance, e.g. NA130, EU2 or DEU12."
    )


class OrgConfig(_Section):
    """The org section."""

    name: str | None = Field(
        default=None, min_length=1, max_length=255, description="What the ledger calls the org; left out: its address."
    )
    login: LoginConfig | None = None
    scope_profile: ScopeProfile | None = Field(
        default=None, description="Left out: the narrowest profile that suffices."
    )
    region: RegionConfig = RegionConfig()
    api_version: str = Field(default="66.0", pattern=r"^[1-9]\d\.0$", description="REST API version, e.g. 66.0.")
    phone_region: str | None = Field(
        default=None, pattern=r"^[A-Z]{2}$", description="Country of numbers written without a country code, e.g. US."
    )

    @property
    def numbers_region(self) -> str | None:
        """The country of bare phone numbers: as configured, else US for agents in the US, else none."""
        return self.phone_region or ("US" if self.region.agents == "us" else None)
