"""An error answer of any status, code and sentence, or an HTML page where JSON was expected."""

from random import Random
from typing import Any, ClassVar

from pydantic import Field
from pydantic.dataclasses import dataclass

from mocksf.errors import Form, Refusal, Refuse, Row
from mocksf.faults.fate import Fate, Lost
from mocksf.faults.kind import STRICT
from mocksf.faults.phase import Phase
from mocksf.messages import Raw, Response

JSON_TYPE = "application/json;charset=UTF-8"
HTML_TYPE = "text/html;charset=UTF-8"
MAINTENANCE_PAGE = (
    '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">'
    "<html><head><title>Server Maintenance</title></head><body><h1>We are down for maintenance.</h1>"
    "<p>Sorry for the inconvenience. We'll be back shortly.</p></body></html>"
)
"""Its two sentences and its media type are recorded (facts on REST §9), the markup around them is ours."""


@dataclass(frozen=True, config=STRICT)
class Error:
    """Answers with an error of any status, code and sentence, or with an HTML page, instead of the org's answer."""

    phases: ClassVar[tuple[Phase, ...]] = (Phase.BEFORE_ORG, Phase.BEFORE_COMMIT, Phase.AFTER_COMMIT)
    slot: ClassVar[str] = ""

    code: str = "SERVER_UNAVAILABLE"
    """The errorCode; with a code of the refusal table, status and sentence follow from it."""
    status: int | None = Field(default=None, ge=300, le=599)
    message: str | None = None
    fields: tuple[str, ...] | None = None
    """The `fields` of the entry; the key is there only where the code's dialect has it."""
    html: bool | str = False
    """An HTML page instead of JSON: true for the maintenance page, or the page itself."""
    body: Any = None
    """Any JSON body instead of the usual entry, for instance the object of the token endpoint's errors."""

    def fate(self, _: Random, /) -> Fate:
        return Fate(lost=Lost.REQUEST, refusal=self._page() if self.html else self._entry())

    def refusal(self) -> Refusal:
        """The same error as a refusal of one part of a composite."""
        row = self._row()
        refusal = Refusal(Refuse.UNAVAILABLE, self._message(row), self.fields or ())
        refusal.code, refusal.status, refusal.form = self.code, self._status(row), self._form(row)
        return refusal

    def _entry(self) -> Response:
        row = self._row()
        if self.body is not None:
            return Response(self._status(row), self.body, {"Content-Type": JSON_TYPE})
        form = self._form(row)
        pairs = [("message", self._message(row)), ("errorCode", self.code)]
        entry: dict[str, object] = dict(pairs[::-1] if form is Form.CONNECT else pairs)
        if form is Form.DML:
            entry["fields"] = list(self.fields or ())
        return Response(self._status(row), [entry], {"Content-Type": JSON_TYPE})

    def _page(self) -> Response:
        page = MAINTENANCE_PAGE if self.html is True else str(self.html)
        return Response(self.status or 503, Raw(page.encode()), {"Content-Type": HTML_TYPE})

    def _row(self) -> Row | None:
        """The row of the refusal table that has this code and a sentence without gaps, else any row with the code."""
        rows = sorted((one.value for one in Refuse if one.value.code == self.code), key=lambda row: "{" in row.sentence)
        return rows[0] if rows else None

    def _status(self, row: Row | None) -> int:
        return self.status or (row.status if row else 503)

    def _form(self, row: Row | None) -> Form:
        if self.fields is not None:
            return Form.DML
        return row.form if row else Form.PLAIN

    def _message(self, row: Row | None) -> str:
        if self.message is not None:
            return self.message
        if row is None or "{" in row.sentence:
            return f"{self.code} (asked for by a rule)"
        return row.sentence
