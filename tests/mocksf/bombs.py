"""Small requests that would grow beyond all measure, thrown at an org with little memory; prints what it answered.

Run in a process of its own: `python -m tests.mocksf.bombs`.
"""

import gzip
import json
import resource
import sys
import zlib
from base64 import b64encode
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from mocksf.messages import Request, Response
from mocksf.org import Org
from mocksf.rest.render import render
from tests.mocksf.hostile import XML_BOMB

SPARE_BYTES = 400 * 1024 * 1024
"""How much more than it has the process may take: some multiples of the largest body."""
ZEROS = 54 * 1024 * 1024
ACCOUNT = "/services/data/v66.0/sobjects/Account"
ENVELOPE = (
    '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header><SessionHeader><sessionId>{token}'
    "</sessionId></SessionHeader></e:Header><e:Body>{body}</e:Body></e:Envelope>"
)


def packed(kind: str) -> bytes:
    """Many zeros, compressed bit by bit."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 31 if kind == "gzip" else 15)
    chunk = b"0" * (1024 * 1024)
    return b"".join(packer.compress(chunk) for _ in range(ZEROS // len(chunk))) + packer.flush()


def archive() -> bytes:
    """An archive of some kilobytes that unpacks to as many megabytes."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=1) as made:
        made.writestr("package.xml", "<Package><version>59.0</version></Package>")
        for number in range(4):
            with made.open(f"objects/Bomb{number}__c.object", "w") as part:
                for _ in range(ZEROS // 4 // (1024 * 1024)):
                    part.write(b" " * (1024 * 1024))
    return file.getvalue()


def bombs(token: str) -> Iterator[tuple[str, str, dict[str, str], bytes]]:
    """Name, target, headers and body of each."""
    megabytes = 1024 * 1024
    gzipped = packed("gzip")
    yield "gzip", ACCOUNT, {"content-encoding": "gzip"}, gzipped
    yield "deflate", ACCOUNT, {"content-encoding": "deflate"}, packed("deflate")
    yield "gzip in gzip", ACCOUNT, {"content-encoding": "gzip"}, gzip.compress(gzipped)
    yield "brackets", ACCOUNT, {}, b"[" + b"[]," * (4 * megabytes) + b"[]]"
    yield "depth", ACCOUNT, {}, b"[" * (8 * megabytes)
    yield "numbers", ACCOUNT, {}, b"[" + b"1," * (6 * megabytes) + b"1]"
    yield "entities", ACCOUNT, {"content-type": "application/xml"}, XML_BOMB
    yield "elements", ACCOUNT, {"content-type": "application/xml"}, b"<a>" * (2 * megabytes)
    yield "entities of SOAP", "/services/Soap/u/59.0", {"content-type": "text/xml"}, XML_BOMB
    deploy = f"<deploy><ZipFile>{b64encode(archive()).decode()}</ZipFile></deploy>"
    body = ENVELOPE.format(token=token, body=deploy).encode()
    yield "an archive", "/services/Soap/m/59.0", {"content-type": "text/xml"}, body
    many = "SELECT Id FROM Account WHERE Id IN (" + ",".join(["'001Rt0000000001IAA'"] * 700) + ")"
    yield "a long query", "/services/data/v66.0/query?q=" + many.replace(" ", "+"), {}, b""


def main() -> None:
    """Throw all of them, and see what time brings."""
    org = Org()
    token = org.login()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + SPARE_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    answers = {}
    for name, target, headers, body in bombs(token):
        method = "POST" if body else "GET"
        known = {"authorization": f"Bearer {token}", "content-type": "application/json", **headers}
        request = Request(method, target, known, body, host="mock.example")
        response = org.handle(request)
        assert isinstance(response, Response)
        answers[name] = render(request, response)[0]
    while (due := org.next_due()) is not None and answers.setdefault("slices", 0) < 50:
        org.clock.move_to(max(due, org.clock.now()))  # type: ignore[attr-defined]
        org.run_due(org.clock.now())
        answers["slices"] += 1
    peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sys.stdout.write(json.dumps({**answers, "peak_mb": peak_kb // 1024}))


if __name__ == "__main__":
    main()
