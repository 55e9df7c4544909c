"""ConnectorConfig: the whole configuration as one immutable value."""

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from connector.config.delivery import DeliveryConfig
from connector.config.fields import ApiName, FieldConfig, IntentName, RecordConfig
from connector.config.org import OrgConfig


class ConnectorConfig(BaseModel):
    """Three sections (org, delivery, fields) and, where standard defaults do not do, records."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="mocksf connector configuration")

    org: OrgConfig = OrgConfig()
    delivery: DeliveryConfig = DeliveryConfig()
    fields: dict[IntentName, FieldConfig] = Field(min_length=1, description="What each intent writes.")
    records: dict[ApiName, RecordConfig] = Field(
        default_factory=dict,
        description="Key, links and defaults of an object's records, where the built-in ones do not do.",
    )

    _seed_form: bool = PrivateAttr(False)

    def path_of(self, intent: str, *steps: str) -> str:
        """The JSON path of an intent (or of a key in its full form) in the file as it was written."""
        start = "$" if self._seed_form else "$.fields"
        return ".".join((start, intent, *steps))

    def mark_seed_form(self) -> "ConnectorConfig":
        """Say that the file was the bare object of the seed form, so that paths name its places."""
        self._seed_form = True
        return self
