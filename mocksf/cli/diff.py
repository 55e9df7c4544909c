"""`mocksf diff`: what was asked of a mock, asked again of a real org, and where the answers part."""

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mocksf.cli.options import AdminToken, AsJson, Ca, OrgName, Server
from mocksf.cli.saying import FINDINGS, reach, read_text, stop, trust
from mocksf.divergence import Heard, Outcome, Replay, Unreadable, recorded
from mocksf.divergence.exchanges import heard

if TYPE_CHECKING:
    import httpx

SHOWN_MAX = 20
"""Of one exchange so many divergences are listed; the count tells of the rest."""


def diff(  # noqa: PLR0913  # a parameter per option
    against: Annotated[str, typer.Option(help="the org that is asked again")],
    token: Annotated[str, typer.Option(envvar="MOCKSF_TOKEN", help="its access token")],
    archive: Annotated[Path | None, typer.Option(help="a HAR file; else the journal of --url")] = None,
    url: Annotated[str | None, typer.Option(envvar="MOCKSF_URL", help="the running mock")] = None,
    org: OrgName = None,
    writes: Annotated[bool, typer.Option(help="ask writes again too: THEY CHANGE THAT ORG")] = False,
    as_json: AsJson = False,
    ca: Ca = None,
    admin_token: AdminToken = None,
) -> None:
    """Replay a journal on another org. Ids, instants and hosts may differ; all else is a divergence. Exit code 1 then.

    Only reads are asked again, unless --writes is given; ids that the org gives are put in place of those recorded.
    """
    try:
        exchanges = recorded(_text(archive, url, org, admin_token), str(archive or url))
    except Unreadable as problem:
        stop(str(problem))
    with _client(against, token, ca) as client:
        outcomes = []
        for outcome in Replay(lambda *asked: _asked(client, *asked), writes).run(exchanges):
            outcomes.append(outcome)
            if not as_json:
                _say(outcome)
    if as_json:
        print(json.dumps([_told(each) for each in outcomes], indent=2, default=str))
    else:
        print(_summary(outcomes))
    if any(each.divergences for each in outcomes):
        raise typer.Exit(FINDINGS)


def _text(archive: Path | None, url: str | None, org: str | None, admin_token: str | None) -> str:
    if (archive is None) == (url is None):
        stop("say what to ask again: either --archive FILE, or --url of a running mock")
    if archive is not None:
        return read_text(archive)
    return json.dumps(Server(str(url), org, admin_token).ask("GET", "/journal.har"))


def _client(against: str, token: str, ca: Path | None) -> "httpx.Client":
    import httpx  # other commands start without it

    return httpx.Client(base_url=against, headers={"Authorization": f"Bearer {token}"}, verify=trust(ca), timeout=120)


def _asked(client: "httpx.Client", method: str, target: str, headers: Any, body: str) -> Heard:
    answer = reach(lambda: client.request(method, target, headers=headers, content=body or None), str(client.base_url))
    return heard(answer.status_code, answer.headers.get("content-type", ""), answer.text)


def _say(outcome: Outcome) -> None:
    exchange = outcome.exchange
    if outcome.divergences:
        print(f"#{exchange.number} {exchange.method} {exchange.target}")
        for each in outcome.divergences[:SHOWN_MAX]:
            print(f"    {each}")
        if len(outcome.divergences) > SHOWN_MAX:
            print(f"    … and {len(outcome.divergences) - SHOWN_MAX} more")


def _summary(outcomes: list[Outcome]) -> str:
    asked = [each for each in outcomes if not each.skipped]
    apart = sum(bool(each.divergences) for each in asked)
    skipped = Counter(each.skipped for each in outcomes if each.skipped)
    cut = sum(each.exchange.answer.cut for each in asked)
    told = [f"{len(asked)} asked again, {apart} diverge"]
    told += [f"{cut} compared by status alone (the archive has the beginning of the body)"] if cut else []
    return "; ".join(told + [f"{count} not asked ({reason})" for reason, count in skipped.items()])


def _told(outcome: Outcome) -> dict[str, Any]:
    exchange = outcome.exchange
    return {
        "number": exchange.number,
        "method": exchange.method,
        "target": exchange.target,
        "skipped": outcome.skipped or None,
        "divergences": [
            {"path": each.path, "what": each.what, "ours": each.ours, "theirs": each.theirs}
            for each in outcome.divergences
        ],
    }
