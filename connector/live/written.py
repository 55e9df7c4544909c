"""A configuration as somebody wrote it: its text, comments and all, and the name that tells YAML from JSON."""

import io
import json
from collections.abc import MutableMapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString
from yaml import safe_dump

from connector.config import ConnectorConfig, parse_config
from connector.config.reading import is_seed_form, load_text, parse_text


@dataclass(frozen=True, slots=True)
class Written:
    """The text of a configuration. `name` ends in `.json`, `.yaml` or `.yml`, or says nothing."""

    text: str
    name: str = "configuration"

    @property
    def sha256(self) -> str:
        """What tells one text from another."""
        return sha256(self.text.encode()).hexdigest()

    @property
    def as_json(self) -> bool:
        """Whether it is written as JSON."""
        return self.text.lstrip().startswith("{") and not self.name.endswith((".yaml", ".yml"))

    def data(self) -> Any:
        """What the text holds, whatever it is. Raises ConfigError."""
        return parse_text(self.text, self.name)

    def sections(self) -> dict[str, Any]:
        """The same in full form: the seed's bare map of intents is its section `fields`. Raises ConfigError."""
        data = self.data()
        if not isinstance(data, dict):
            return {}
        return {"fields": data} if is_seed_form(data) else data

    def config(self) -> ConnectorConfig:
        """The configuration. Raises ConfigError."""
        return parse_config(self.data(), self.name)

    def saying(self, sections: dict[str, Any]) -> "Written":
        """The text changed so that it says this (in full form); what does not change keeps its comments."""
        if self.as_json:
            return Written(json.dumps(sections, indent=2, ensure_ascii=False) + "\n", self.name)
        mended = Written(self._changed(sections), self.name)
        return mended if mended.data() == sections else Written(dumped(sections), self.name)

    def _changed(self, sections: dict[str, Any]) -> str:
        if self.data() != self.sections():
            return dumped(sections)  # a bare map of intents becomes the section of a whole configuration
        yaml, out = YAML(typ="rt"), io.StringIO()
        yaml.preserve_quotes, yaml.width = True, 4096
        data = yaml.load(self.text)
        _change(data, sections)
        yaml.dump(data, out)
        return out.getvalue()


def written_in(file: Path) -> Written:
    """The text of a file. Raises ConfigError."""
    return Written(load_text(file), file.name)


def dumped(data: Any) -> str:
    """A value as YAML, its keys in their order."""
    return str(safe_dump(data, sort_keys=False, allow_unicode=True, width=4096))


def _change(old: MutableMapping[str, Any], new: dict[str, Any]) -> None:
    """Make `old` say what `new` says, touching nothing that is the same already."""
    for key in [key for key in old if key not in new]:
        del old[key]
    for key, value in new.items():
        if isinstance(value, dict) and isinstance(old.get(key), MutableMapping):
            _change(old[key], value)
        elif key not in old or old[key] != value:
            old[_quoted(key)] = _quoted(value)


def _quoted(value: Any) -> Any:
    """The same, with quotes around words that YAML would take for something else (`no`, `12:30`)."""
    if isinstance(value, dict):
        return {_quoted(key): _quoted(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_quoted(each) for each in value]
    return DoubleQuotedScalarString(value) if isinstance(value, str) and safe_dump(value)[:1] in "'\"" else value
