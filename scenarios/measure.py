"""Measures what a host spends on one acceptance and on one durable append, for `data/own_time.yaml`."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from time import perf_counter

from cryptography.fernet import Fernet

from connector.commands import Flow, Send
from connector.engine import Connector
from connector.intents import Call, Caller, Intent, Outcome
from connector.live.disk import DiskLedger
from connector.live.sealing import Seal
from connector.login import Credentials
from mocksf.clock import EPOCH
from scenarios.day import company, live
from scenarios.shop import shop_config

SHARES = (0.0, 0.5, 0.9, 0.99, 0.999, 1.0)


def measured(folder: Path, turns: int) -> dict[str, dict[str, float]]:
    """`work_ms` and `journal_ms` by quantile, over so many turns on a fresh ledger in `folder`."""
    work, journal = zip(*_turns(folder, turns), strict=True)
    return {"work_ms": _quantiles(work), "journal_ms": _quantiles(journal)}


def pace(calls: int) -> dict[str, int]:
    """How fast a company's day goes by: events and simulated seconds per second of the processor, laws included."""
    lived = live(company(seed=0, calls=calls, orgs=4))
    return {
        f"events_per_s_of_a_day_of_{calls}_calls": round(lived.events / lived.processor_s),
        f"simulated_s_per_s_of_a_day_of_{calls}_calls": round(lived.simulated_s / lived.processor_s),
    }


def _turns(folder: Path, turns: int) -> Iterator[tuple[float, float]]:
    """(seconds of work, seconds until durable) of each turn."""
    ledger = DiskLedger(folder / "ledger.sqlite", Seal(Fernet.generate_key().decode()))
    credentials = Credentials(token="measured")
    connector = Connector(shop_config(), ledger, Random(0), credentials)  # noqa: S311 - a connector wants dice
    try:
        for number in range(turns):
            call = Call(f"call-{number}", Caller(phone=f"+1415555{number % 10000:04d}", name="Ada Quist"))
            begun = perf_counter()
            accepted = connector.accept(call, "1", [Intent("seats", 42), Intent("budget_confirmed")], EPOCH)
            appended = perf_counter()
            ledger.flush()
            durable = perf_counter()
            _to_the_request(connector.deliver(accepted.deliveries[0]))
            yield (appended - begun) + (perf_counter() - durable), durable - appended
    finally:
        ledger.close()


def _to_the_request(flow: Flow[Outcome]) -> None:
    """Let a flow compose its first request, which is not sent."""
    while not isinstance(next(flow), Send):
        pass


def _quantiles(seconds: Sequence[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    last = len(ordered) - 1
    return {f"{share:g}": round(ordered[round(share * last)] * 1000, 3) for share in SHARES}
