"""The shortest way for a test to talk to an org."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import orjson

from mocksf.messages import Request, Response
from mocksf.org import Org
from mocksf.parked import CALM, Parked, Terms
from mocksf.rest.render import render

VERSION = "66.0"


@dataclass(frozen=True)
class Answer:
    """An answer as a client sees it: `body` is parsed JSON, or text, or None."""

    status: int
    headers: Mapping[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        if not self.raw:
            return None
        return orjson.loads(self.raw) if "json" in self.headers["Content-Type"] else self.raw.decode()

    @property
    def code(self) -> str:
        """The errorCode of the first entry."""
        return self.body[0]["errorCode"]

    @property
    def id(self) -> str:
        """The id of the record that was saved."""
        assert self.status in {200, 201}, self.raw
        return self.body["id"]

    @property
    def parts(self) -> dict[str, dict[str, Any]]:
        """The parts of a composite by referenceId."""
        assert self.status == 200, self.raw
        return {part["referenceId"]: part for part in self.body["compositeResponse"]}


class Client:
    """Talks to an org as an administrator, in JSON, to the newest version that the project speaks."""

    def __init__(self, org: Org, token: str | None = None, version: str = VERSION) -> None:
        self.org = org
        self.token = org.login() if token is None else token
        self.version = version

    def request(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Request:
        """A request; a path that is not absolute lies under the version, and bytes are sent as they are."""
        root = "" if path.startswith(("/services", "/id", "/cometd")) else f"/services/data/v{self.version}"
        content = body if isinstance(body, bytes) else b"" if body is None else orjson.dumps(body)
        known = {"authorization": f"Bearer {self.token}"} if self.token else {}
        return Request(method, root + path, {**known, **(headers or {})}, content, host="mock.example")

    def send(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        request = self.request(method, path, body, headers)
        response = self.org.handle(request)
        assert isinstance(response, Response), "this request was parked"
        return Answer(*render(request, response))

    def park(self, method: str, path: str, body: Any = None, terms: Terms = CALM) -> Parked:
        """A request that must park."""
        parked = self.org.handle(self.request(method, path, body), terms)
        assert isinstance(parked, Parked), parked
        return parked

    def resume(self, parked: Parked) -> Answer:
        """The answer of a parked request that is due."""
        response = self.org.resume(parked)
        assert isinstance(response, Response), response
        return Answer(*render(parked.errand.request, response))

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, headers=headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self.send("POST", path, body, headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self.send("PATCH", path, body, headers)

    def delete(self, path: str) -> Answer:
        return self.send("DELETE", path)

    def create(self, sobject: str, **fields: Any) -> str:
        """The id of a new record."""
        return self.post(f"/sobjects/{sobject}", fields).id

    def soql(self, text: str, **headers: str) -> Answer:
        return self.get(f"/query?q={quote(text)}", **headers)

    def composite(self, *parts: dict[str, Any], all_or_none: bool | None = None) -> Answer:
        body: dict[str, Any] = {"compositeRequest": list(parts)}
        return self.post("/composite", body if all_or_none is None else {"allOrNone": all_or_none, **body})

    def token_for(self, headers: Mapping[str, str] | None = None, **form: str) -> Answer:
        """What the token endpoint answers to a form."""
        request = Request(
            "POST", "/services/oauth2/token", headers or {}, urlencode(form).encode(), host="mock.example"
        )
        response = self.org.handle(request)
        assert isinstance(response, Response)
        return Answer(*render(request, response))


def part(
    method: str, path: str, reference: str, headers: Mapping[str, str] | None = None, **body: Any
) -> dict[str, Any]:
    """One subrequest of a composite; keyword arguments are its body."""
    root = "" if path.startswith("/services") else f"/services/data/v{VERSION}"
    wanted: dict[str, Any] = {"method": method, "url": root + path, "referenceId": reference}
    if headers:
        wanted["httpHeaders"] = dict(headers)
    return wanted | ({"body": body} if body else {})


def statuses(answer: Answer) -> list[int]:
    """The statuses of a composite's parts, in order."""
    return [each["httpStatusCode"] for each in answer.body["compositeResponse"]]


def contents(org: Org) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of an org, by object: what two stores are compared by."""
    return {kind.name: org.store.rows(f'SELECT * FROM "{kind.name}" ORDER BY "Id"') for kind in org.schema}
