"""Configurations: read, tried, put in force, and put in force again, each with who did it and why."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query
from pydantic import Field, JsonValue, model_validator

from connector.chain import canonical, instant_text
from connector.config import ConfigError, json_schema
from connector.live.book import Book
from connector.live.trial import Remark
from connector.live.written import Written
from connector.messages import Json
from connector.readings import Activation
from connector.service.access import Access
from connector.service.actors import actor_of
from connector.service.shapes import ReviewIn, Strict
from connector.validate import file_findings, is_good

TEXT_MAX = 900_000


class ConfigIn(Strict):
    """A configuration: its `text` (YAML or JSON, comments are kept), or a JSON object."""

    text: str | None = Field(None, max_length=TEXT_MAX)
    config: dict[str, JsonValue] | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> "ConfigIn":
        if (self.text is None) == (self.config is None):
            sentence = "say exactly one of text and config"
            raise ValueError(sentence)
        return self

    def written(self) -> Written:
        """As it will be kept."""
        if self.text is not None:
            return Written(self.text)
        return Written(canonical(self.config).decode(), "configuration.json")


class ActivateIn(ReviewIn):
    """What is to be in force: a configuration, or an earlier `version` once more."""

    text: str | None = Field(None, max_length=TEXT_MAX)
    config: dict[str, JsonValue] | None = None
    version: int | None = Field(None, ge=1)
    base: int | None = Field(None, ge=0, description="The version that it was made from, so that none is overtaken.")

    @model_validator(mode="after")
    def _one_of_them(self) -> "ActivateIn":
        if sum(each is not None for each in (self.text, self.config, self.version)) != 1:
            sentence = "say exactly one of text, config and version"
            raise ValueError(sentence)
        return self

    def written(self, book: Book) -> Written:
        """What it says. Raises 404 for a version that there is none of."""
        if self.version is not None:
            return known(book, self.version)
        return ConfigIn(text=self.text, config=self.config).written()


def routes(book: Book, needs: Any) -> APIRouter:
    """The paths under /config."""
    router = APIRouter(prefix="/config")
    _reading(router, book, needs("config"))
    _changing(router, book, needs)
    return router


def _reading(router: APIRouter, book: Book, reader: Any) -> None:
    @router.get("", dependencies=[reader])
    async def config() -> Json:
        """The configuration in force, as it was written; secrets are only ever named in it."""
        return {**_latest(book), "text": book.current.text, "config": book.current.data()}

    @router.get("/schema", dependencies=[reader])
    async def schema() -> Json:
        """The JSON Schema of a configuration, for editors."""
        return json_schema()

    @router.get("/history", dependencies=[reader])
    async def history() -> Json:
        """Every configuration that was put in force, the latest first; empty where only the file ever was."""
        return {"version": book.version, "activations": [activation_view(each) for each in reversed(book.history)]}

    @router.get("/history/{version}", dependencies=[reader])
    async def version(version: int) -> Json:
        """One of them, as it was written."""
        written = known(book, version)
        activation = next((activation_view(each) for each in book.history if each.version == version), {})
        return {**activation, "text": written.text, "config": written.data()}

    @router.post("/validate", dependencies=[reader])
    async def validate(asked: ConfigIn, anew: Annotated[bool, Query(description="Describe the org anew.")] = False):  # type: ignore[no-untyped-def]
        """Hold a configuration against the org as the present login sees it; nothing is put in force.

        What the org has is asked once and kept; with `anew` it is asked again.
        """
        try:
            findings = await book.judged(asked.written().config(), anew)
        except ConfigError as problem:
            findings = file_findings(problem)
        return {"good": is_good(findings), "findings": remarks_view(findings)}


def _changing(router: APIRouter, book: Book, needs: Any) -> None:
    admin = needs("activate")

    @router.post("/try", dependencies=[admin])
    async def attempt(asked: ConfigIn, slack: bool = False) -> Json:
        """Validate with the configuration's own login and secrets; with `slack` its webhook is sent a message."""
        told = await book.tried(asked.written(), slack)
        return {"good": told.good, "findings": remarks_view(told.remarks)}

    @router.post("/activate")
    async def activate(order: ActivateIn, access: Annotated[Access, admin]) -> Json:
        """Put a configuration in force for all turns from now on, once it was tried with its own login.

        422 with the findings where it is not good, 409 where another was put in force meanwhile.
        """
        written = order.written(book)
        activation = await book.activate(written, actor_of(order, access), order.reason, order.base)
        return activation_view(activation)


def known(book: Book, version: int) -> Written:
    """A version's text. Raises 404."""
    written = book.written(version)
    if written is None:
        raise HTTPException(404, f"there is no version {version}; GET /config/history lists them")
    return written


def activation_view(activation: Activation) -> dict[str, Json]:
    """Who put what in force, when, and why."""
    return {
        "version": activation.version,
        "at": instant_text(activation.at),
        "actor": activation.actor,
        "reason": activation.reason,
        "sha256": activation.sha256,
    }


def remarks_view(remarks: tuple[Remark, ...]) -> list[Json]:
    """Findings and obstacles alike."""
    return [each.as_json() for each in remarks]


def _latest(book: Book) -> dict[str, Json]:
    if book.history:
        return activation_view(book.history[-1])
    return {"version": 0, "at": None, "actor": None, "reason": None, "sha256": book.current.sha256}
