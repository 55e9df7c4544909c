"""The baseline: an ASGI application that reads the request and answers as many bytes as it is asked for."""

import json
import socket
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import uvicorn

Message = MutableMapping[str, Any]

LIKE_AN_ORG = [
    (b"strict-transport-security", b"max-age=31536002; includeSubDomains"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-robots-tag", b"none"),
    (b"cache-control", b"no-cache,must-revalidate,max-age=0,no-store,private"),
    (b"vary", b"Accept-Encoding"),
    (b"content-type", b"application/json;charset=UTF-8"),
    (b"sforce-limit-info", b"api-usage=1234/1000000"),
]
"""The headers of an org's answer: whoever answers with as many bytes has to write them too."""


async def app(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    """``/STATUS/SIZE`` answers that status with a body of SIZE bytes, after reading the request's body to its end."""
    if scope["type"] != "http":
        return
    more = True
    while more:
        more = (await receive()).get("more_body", False)
    status, size = scope["path"].split("/")[1:3]
    headers = [*LIKE_AN_ORG, (b"content-length", size.encode("ascii"))]
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": b"x" * int(size)})


def main() -> None:
    """Serve on a free loopback port and say which, as the mock does."""
    listener = socket.create_server(("127.0.0.1", 0))
    sys.stdout.write(json.dumps({"url": f"http://127.0.0.1:{listener.getsockname()[1]}"}) + "\n")
    sys.stdout.flush()
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
    )
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
