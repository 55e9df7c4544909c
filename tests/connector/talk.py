"""The shortest way for a test to talk to a connector: it tells replies, and notes down what is asked of the world."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from connector.chain import draft_of
from connector.commands import Flow, Note, Now, Send, WaitUntil
from connector.config import parse_config
from connector.engine import Connector
from connector.intents import Call, Caller, Intent
from connector.ledger import MemoryLedger
from connector.login import Credentials
from connector.messages import Answer, Reply, Request, Silence

NINE = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
WEBHOOK = "https://hooks.slack.example/services/T/B/X"
MAP: dict[str, Any] = {
    "demo_requested": "Opportunity.Demo_Requested_At__c",
    "seats": {"target": "Opportunity.Seats__c", "type": "integer"},
    "competitor": {"target": "Opportunity.Competitor__c", "type": "text", "update_mode": "only_if_empty"},
    "channel": {"target": "Contact.Preferred_Channel__c", "type": "text", "max_length": 10, "on_overflow": "reject"},
    "qualified": "Lead.Status",
    "interest": {"target": "Lead.Interest__c", "type": "text", "max_length": 10},
    "outcome": {"target": "Call_Outcome__c.Outcome__c", "type": "text"},
    "call_summary": "Task.Description",
    "notice": "FeedItem.Body",
}

STRANGER = Caller("+14155550100", name="Ada Berg", company="Berg AG", looked_up=True)
NEVER_ASKED = replace(STRANGER, looked_up=False)
KNOWN = Caller("+14155550100", name="Ada Berg", contact_id="003Rt0000000001IAA", account_id="001Rt0000000001IAA")

IDS = {"acc": "001Rt0000000001IAA", "con": "003Rt0000000001IAA", "opp": "006Rt0000000001IAA"}
BUSY = Answer(503, [{"errorCode": "SERVER_UNAVAILABLE", "message": "Server Unavailable"}])
EXPIRED = Answer(401, [{"errorCode": "INVALID_SESSION_ID", "message": "Session expired or invalid"}])
TOKEN = Answer(200, {"access_token": "fresh"})
ROLLED_BACK = "The transaction was rolled back since another operation in the same transaction failed."


def fine(*references: str) -> Answer:
    """A composite that went well."""
    parts = [
        {"body": {"id": IDS.get(each, "a00Rt0000000001AAA")}, "httpStatusCode": 200, "referenceId": each}
        for each in references or ("acc", "con", "opp")
    ]
    return Answer(200, {"compositeResponse": parts})


def halted(culprit: str, code: str, message: str = "no", status: int = 400) -> Answer:
    """A composite undone because of one part."""
    parts = []
    for each in ("acc", "con", "opp"):
        own = (code, message, status) if each == culprit else ("PROCESSING_HALTED", ROLLED_BACK, 400)
        body = [{"errorCode": own[0], "message": own[1]}]
        parts.append({"body": body, "httpStatusCode": own[2], "referenceId": each})
    return Answer(200, {"compositeResponse": parts})


def records(**found: dict[str, Any] | None) -> Answer:
    """What a composite of reads finds; None is a record that does not exist."""
    parts = [
        {"body": body or [], "httpStatusCode": 404 if body is None else 200, "referenceId": reference}
        for reference, body in found.items()
    ]
    return Answer(200, {"compositeResponse": parts})


def a_connector(ledger: MemoryLedger | None = None, delivery: dict[str, Any] | None = None, **held: Any) -> Connector:
    """A connector with the test map, a token, and a webhook."""
    config = parse_config({"fields": MAP, "delivery": delivery or {}})
    known = {"token": "held", "grant": "client_credentials", "client_id": "id", "slack_webhook": WEBHOOK, **held}
    return Connector(config, ledger or MemoryLedger(), Random(0), Credentials(**known))


@dataclass
class Talk:
    """A world of one: it replies as told, and never waits. `asked` is what flows wanted, in words."""

    connector: Connector
    at: datetime = NINE
    asked: list[str] = field(default_factory=list)
    sent: list[Request] = field(default_factory=list)

    def run(self, flow: Flow[Any], replies: Iterable[Reply] | Callable[[Send], Reply]) -> Any:
        """Carry a flow out to its end; what it came to."""
        steps = self.steps(flow, replies)
        while True:
            try:
                next(steps)
            except StopIteration as end:
                return end.value

    def steps(self, flow: Flow[Any], replies: Iterable[Reply] | Callable[[Send], Reply]) -> Any:
        """The same, one command at a time, so that a test may stop in between as a crash would."""
        answer = replies if callable(replies) else _one_by_one(replies)
        told: Any = None
        while True:
            try:
                command = flow.send(told)
            except StopIteration as end:
                return end.value
            yield command
            told = self._carried_out(command, answer)

    def _carried_out(self, command: Any, answer: Callable[[Send], Reply]) -> Any:
        if isinstance(command, Now):
            return self.at
        if isinstance(command, WaitUntil):
            waited_s = max(0.0, (command.instant - self.at).total_seconds())
            self.at += timedelta(seconds=waited_s)
            self.asked.append(f"wait {waited_s:g}")
        if isinstance(command, Note):
            self.asked.append(command.kind)
            return self.connector.ledger.append(draft_of(command, self.at))
        if isinstance(command, Send):
            self.asked.append(_word(command))
            self.sent.append(command.request)
            reply = answer(command)
            if reply == Silence("timeout"):
                self.at += timedelta(seconds=command.timeout_s)
            return reply
        return None

    def tell(self, *names: str, caller: Caller = STRANGER, call: str = "call-1", turn: int = 1, **values: Any) -> Any:
        """Accept a turn: intents by name, or by name and value."""
        intents = [*(Intent(name) for name in names), *(Intent(name, value) for name, value in values.items())]
        return self.connector.accept(Call(call, caller), turn, intents, self.at)

    def deliver(self, *names: str, replies: Iterable[Reply], **told: Any) -> Any:
        """Accept a turn and see its one delivery through."""
        (delivery,) = self.tell(*names, **told).deliveries
        return self.run(self.connector.deliver(delivery), replies)

    @property
    def ledger(self) -> list[str]:
        """The kinds of all entries."""
        return [entry.kind for entry in self.connector.ledger.entries()]


def _one_by_one(replies: Iterable[Reply]) -> Callable[[Send], Reply]:
    left = list(replies)

    def answer(command: Send) -> Reply:
        assert left, f"nothing was foreseen for {_word(command)}"
        return left.pop(0)

    return answer


def _word(command: Send) -> str:
    request = command.request
    if command.lane in {"login", "alerts"}:
        return {"login": "login", "alerts": "alert"}[command.lane]
    parts = request.body.get("compositeRequest") if isinstance(request.body, dict) else None
    reads = all(part["method"] == "GET" for part in parts) if parts else request.method == "GET"
    return "read" if reads else "send"
