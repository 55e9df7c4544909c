"""How commands say what is wrong, and with which exit code they end."""

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from mocksf.weather import Rule, RuleError, endless, load_rules, profile_named

if TYPE_CHECKING:
    import httpx

    from mocksf.schema import Schema

FINDINGS = 1
"""What was asked for was done, and the answer is no."""
USAGE = 2
"""It could not be done as asked."""


def stop(lines: str | Iterable[str], code: int = USAGE) -> NoReturn:
    """Say what is wrong on standard error, a line each, and end with `code`."""
    for line in [lines] if isinstance(lines, str) else lines:
        print(f"mocksf: {line}", file=sys.stderr)
    raise typer.Exit(code)


def unevaluated(schema: "Schema") -> Iterator[str]:
    """What a schema says that the org takes without working it out: a line for each formula and rule."""
    from mocksf.automation import outside  # other commands start without it

    for each in outside(schema):
        yield f"accepted, not evaluated: {each.what}: {each.why}"


def read_text(path: Path) -> str:
    """A file's text; ends with a sentence where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        stop(f"{path}: not a text in UTF-8: {error.reason} at byte {error.start}")
    except OSError as error:
        stop(f"{path}: {error.strerror}")


def read_rules(path: Path, code: int = USAGE) -> list[Rule]:
    """The rules of a file, or of a profile by its name; ends with every problem, each with its line."""
    if not path.exists() and path.name == str(path) and not path.suffix:
        return _profile(str(path), code)
    try:
        return load_rules(read_text(path), str(path))
    except RuleError as error:
        stop((f"{place}: {sentence}" for place, sentence in error.problems), code)


def _profile(name: str, code: int) -> list[Rule]:
    try:
        return list(profile_named(name).rules)
    except RuleError as error:
        stop((f"{name}: there is no such file, and {sentence}" for _, sentence in error.problems), code)


def warn_of_endless(rules: Iterable[Rule]) -> None:
    """Say which rules let nothing through for ever: they are taken, for somebody may want just that."""
    for name in endless(list(rules)):
        print(f"mocksf: the rule {name} fails every exchange and never ends; give it times, a chance or a window",
              file=sys.stderr)  # fmt: skip


def ask(
    method: str, url: str, path: str, *, admin_token: str | None = None, ca: Path | None = None, **more: Any
) -> Any:
    """What a running server's control plane answers; ends with its problems, or where nobody answers."""
    answer = _asked(method, url, path, admin_token, ca, **more)
    return None if answer.status_code == 204 else _json(answer)


def ask_text(url: str, path: str, *, admin_token: str | None = None, ca: Path | None = None) -> str:
    """What a running server's control plane answers that is no JSON; ends as `ask` does."""
    return _asked("GET", url, path, admin_token, ca).text


def _asked(method: str, url: str, path: str, admin_token: str | None, ca: Path | None, **more: Any) -> "httpx.Response":
    import httpx  # `mocksf serve` starts without it

    headers = {"Authorization": f"Bearer {admin_token}"} if admin_token else {}
    address = f"{url.rstrip('/')}/_mocksf{path}"
    answer = reach(lambda: httpx.request(method, address, headers=headers, verify=trust(ca), timeout=30, **more), url)
    if answer.is_success:
        return answer
    body = _json(answer)
    errors = body.get("errors") if isinstance(body, dict) else None
    if errors is None:
        stop(f"{address} answered {answer.status_code}; is the control plane of that server off?", FINDINGS)
    stop((f"{one['path']}: {one['message']}" for one in errors), FINDINGS)


def reach(send: "Callable[[], httpx.Response]", url: str) -> "httpx.Response":
    """The answer, or an end with a sentence where there is none."""
    import httpx

    try:
        return send()
    except httpx.ConnectError as error:
        cure = "; give its authority with --ca" if "CERTIFICATE" in str(error) else ""
        stop(f"{url}: nobody can be reached there: {error}{cure}", FINDINGS)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        stop(f"{url}: {str(error) or type(error).__name__}", FINDINGS)


def trust(ca: Path | None) -> Any:
    """What a client verifies a server with."""
    import ssl  # slow to load, and most calls need none

    if ca is None:
        return True
    try:
        return ssl.create_default_context(cafile=str(ca))
    except OSError as error:
        stop(f"{ca}: no certificates there: {error.strerror or error}")


def _json(answer: "httpx.Response") -> Any:
    try:
        return answer.json()
    except ValueError:
        return None
