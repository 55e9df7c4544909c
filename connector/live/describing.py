"""Asking the org what the mapped objects' fields take, through the runner, once at the start."""

from connector.commands import Flow
from connector.config import written_objects
from connector.describe import DescribeError, KnownDescribe, ObjectDescribe
from connector.engine import Connector
from connector.live.runner import Runner
from connector.login import authorised
from connector.messages import Answer, Request
from connector.verdicts import Verdict

TIMEOUT_S = 10.0


async def described(connector: Connector, runner: Runner) -> KnownDescribe:
    """The describes of all objects that the configuration writes. Raises DescribeError."""
    objects: list[ObjectDescribe] = []
    for sobject in written_objects(connector.config):
        found: ObjectDescribe | str = await runner.run(_describe(connector, sobject))
        if isinstance(found, str):
            raise DescribeError(found)
        objects.append(found)
    return KnownDescribe(objects)


def _describe(connector: Connector, sobject: str) -> Flow[ObjectDescribe | str]:
    path = f"{connector.composer.root}/sobjects/{sobject}/describe"
    reply = yield from authorised(connector.desk.session, Request("GET", path), TIMEOUT_S, "lookup")
    if isinstance(reply, Verdict):
        return f"no login: {reply.reason}"
    if not isinstance(reply, Answer) or reply.status != 200:
        status = f"status {reply.status}" if isinstance(reply, Answer) else reply.reason
        return f"{path} was answered with {status}"
    try:
        return ObjectDescribe.read(reply.body, path)
    except DescribeError as problem:
        return str(problem)
