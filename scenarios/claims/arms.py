"""The other ways to write a turn, for comparison: part after part, or with the log and the post in the same breath."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson

from connector.commands import Flow, Send
from connector.engine import Connector
from connector.intents import Delivery, Outcome
from connector.messages import Answer, Reply, Request

ROOT = "/services/data/v66.0"


class Sequential(Connector):
    """Writes the parts of a turn one by one, each request waiting for the answer to the one before."""

    def deliver(self, delivery: Delivery) -> Flow[Outcome]:
        """The delivery's flow, its composite taken apart."""
        return _through(super().deliver(delivery), one_by_one)


class Synchronous(Connector):
    """Writes Task and Chatter post in the turn itself, before it says that the turn is committed."""

    def deliver(self, delivery: Delivery) -> Flow[Outcome]:
        """The delivery's flow, each composite followed by a Task and a post."""
        return _through(super().deliver(delivery), lambda command: _with_log(command, delivery))


def _through(flow: Flow[Outcome], instead: Any) -> Flow[Outcome]:
    """The same flow, its composite writes carried out in another way."""
    reply: Any = None
    while True:
        try:
            command = flow.send(reply)
        except StopIteration as end:
            outcome: Outcome = end.value
            return outcome
        if isinstance(command, Send) and _writes(command.request):
            reply = yield from instead(command)
        else:
            reply = yield command


def _writes(request: Request) -> bool:
    return request.path.endswith("/composite") and bool(request.body["allOrNone"])


def one_by_one(command: Send) -> Flow[Reply]:
    """The parts as single requests; the answers put together as a composite's. Stops at the first that fails."""
    parts: list[Mapping[str, Any]] = []
    known: dict[str, str | None] = {}
    for part in command.request.body["compositeRequest"]:
        body = _filled(part["body"], known)
        headers = {**command.request.headers, **part.get("httpHeaders", {})}
        single = Request(part["method"], part["url"], body, headers)
        reply: Reply = yield replace(command, request=single)
        if not isinstance(reply, Answer):
            return reply
        known[part["referenceId"]] = (reply.body or {}).get("id") if reply.ok else None
        entry = {"body": reply.body, "httpStatusCode": reply.status, "referenceId": part["referenceId"]}
        parts.append({**entry, "httpHeaders": {}})
        if not reply.ok:
            break
    return Answer(200, {"compositeResponse": parts})


def _filled(body: Mapping[str, Any], known: Mapping[str, str | None]) -> Any:
    text = orjson.dumps(body).decode()
    for reference, record_id in known.items():
        text = text.replace(f"@{{{reference}.id}}", record_id or "")
    return orjson.loads(text)


def _with_log(command: Send, delivery: Delivery) -> Flow[Reply]:
    reply: Reply = yield command
    if not isinstance(reply, Answer) or not reply.ok:
        return reply
    last = reply.body["compositeResponse"][-1]
    if last["httpStatusCode"] >= 300:
        return reply
    parent = last["body"]["id"]
    log = {"Subject": "Call", "Status": "In Progress", "Priority": "Normal", "WhatId": parent}
    key = f"{delivery.call.id}-{delivery.turn}"
    yield _beside(command, "PATCH", f"{ROOT}/sobjects/Task/Call_Key__c/{key}", log)
    text = {"messageSegments": [{"type": "Text", "text": f"Turn {delivery.turn} of {delivery.call.id}"}]}
    post = {"body": text, "feedElementType": "FeedItem", "subjectId": parent}
    yield _beside(command, "POST", f"{ROOT}/chatter/feed-elements", post)
    return reply


def _beside(command: Send, method: str, path: str, body: Any) -> Send:
    return replace(command, request=Request(method, path, body, command.request.headers))
