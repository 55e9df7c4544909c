"""A configuration as somebody wrote it: its text, comments and all, and the name that tells YAML from JSON."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from connector.config import ConnectorConfig, parse_config
from connector.config.reading import load_text, parse_text


@dataclass(frozen=True, slots=True)
class Written:
    """The text of a configuration. `name` ends in `.json`, `.yaml` or `.yml`, or says nothing."""

    text: str
    name: str = "configuration"

    @property
    def sha256(self) -> str:
        """What tells one text from another."""
        return sha256(self.text.encode()).hexdigest()

    def data(self) -> Any:
        """What the text holds, whatever it is. Raises ConfigError."""
        return parse_text(self.text, self.name)

    def config(self) -> ConnectorConfig:
        """The configuration. Raises ConfigError."""
        return parse_config(self.data(), self.name)


def written_in(file: Path) -> Written:
    """The text of a file. Raises ConfigError."""
    return Written(load_text(file), file.name)
