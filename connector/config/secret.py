"""Secret: where a secret is to be found, never the secret itself."""

from collections.abc import Callable, Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, model_validator


class SecretMissing(Exception):
    """A secret is not where the configuration says it is; the sentence names the place, never the value."""


def _read(path: str) -> str:
    return Path(path).read_text(encoding="utf-8")


class Secret(BaseModel):
    """A reference to a secret: `{env: NAME}` or `{file: PATH}`, exactly one of them."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="Secret")

    env: str | None = Field(
        default=None, min_length=1, description="Name of the environment variable that holds the secret."
    )
    file: str | None = Field(
        default=None, min_length=1, description="Path of the file that holds the secret and nothing else."
    )

    @model_validator(mode="after")
    def _exactly_one(self) -> "Secret":
        if (self.env is None) == (self.file is None):
            sentence = "a secret names exactly one place: {env: NAME} or {file: PATH}"
            raise ValueError(sentence)
        return self

    def reveal(self, environ: Mapping[str, str], read: Callable[[str], str] = _read) -> str:
        """The secret, without the line break that editors leave at a file's end. Raises SecretMissing."""
        if self.env is not None:
            if not environ.get(self.env):
                sentence = f"the environment variable {self.env} is not set"
                raise SecretMissing(sentence)
            return environ[self.env]
        assert self.file is not None, "a secret without a place passed validation"
        try:
            return read(self.file).strip("\r\n")
        except (OSError, UnicodeDecodeError) as problem:
            sentence = f"the secret's file {self.file} cannot be read: {getattr(problem, 'strerror', None) or problem}"
            raise SecretMissing(sentence) from problem
