"""DeliveryConfig: how long a call may wait, how often a delivery is tried, and where the dead go."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from connector.config.secret import Secret

Seconds = Annotated[float, Field(strict=True, gt=0, le=86_400, allow_inf_nan=False)]

Pool = Literal["critical", "async", "lookup", "login", "alerts"]
Connections = Annotated[int, Field(strict=True, gt=0, le=256)]


class DeliveryConfig(BaseModel):
    """The delivery section; the defaults are those of the design."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    budget_ms: int = Field(
        default=200, strict=True, gt=0, le=60_000, description="A turn is answered within this time."
    )
    schedule: tuple[Seconds, ...] = Field(
        default=(0.2, 1.0, 5.0, 30.0, 300.0),
        max_length=20,
        description="Waits before each retry, in seconds, measured from the failure of the attempt before.",
    )
    jitter: float = Field(
        default=0.0, strict=True, ge=0, le=1, description="Share of each wait that chance may take off or add."
    )
    attempt_timeout_s: Seconds = Field(
        default=15.0, description="Longer than the 10 s that an org waits for a row lock."
    )
    lookup_timeout_s: Seconds = Field(default=2.0, description="The budget of the phone lookup that starts at ring.")
    retry_rejections: bool = Field(default=False, strict=True, description="Retry deterministic rejections too.")
    dead_letter_queue: str = Field(default="aicall-salesforce-deadletter", pattern=r"^[A-Za-z0-9._-]{1,80}$")
    slack_webhook: Secret | None = Field(
        default=None, description="Incoming webhook that hears of each new dead letter."
    )
    review_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^\s<>|?#]+$",
        max_length=500,
        description="Address of the page that dead letters are reviewed on; alerts link to it.",
    )
    dead_letter_broker: Secret | None = Field(
        default=None,
        description="amqp:// address of a RabbitMQ; each dead letter is forwarded to its queue `dead_letter_queue`.",
    )

    requests_at_once: int = Field(
        default=256, strict=True, gt=0, le=100_000, description="Requests answered at a time; more are told 429."
    )
    pending_max: int = Field(
        default=20_000,
        strict=True,
        gt=0,
        le=10_000_000,
        description="Deliveries under way; beyond, turns are told 503.",
    )
    connections: dict[Pool, Connections] = Field(
        default_factory=dict, description="Requests to the org at a time, by lane, where the built-in ones do not do."
    )

    @property
    def widths(self) -> dict[str, int]:
        """Lane → requests at a time, where the file says it."""
        return {str(lane): width for lane, width in self.connections.items()}

    @property
    def attempts(self) -> int:
        """How often a delivery is tried at most: once, and once after each wait."""
        return 1 + len(self.schedule)
