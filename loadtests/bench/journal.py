"""Intents a second through the connector's durable journal: accepted, and safe on the store before the next is told."""

import argparse
import asyncio
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from random import Random
from time import perf_counter

from cryptography.fernet import Fernet

from connector.config import parse_config
from connector.engine import Connector
from connector.intents import Call, Caller, Intent
from connector.live.ledgers import opened
from connector.live.runner import DurableLedger
from connector.login import Credentials

AT_ONCE = 16
"""Turns that are told at a time, as by so many agents."""
INTENTS = (Intent("seats", 42), Intent("budget_confirmed", True))
CONFIG = {
    "fields": {
        "seats": {"target": "Opportunity.Seats__c", "type": "integer"},
        "budget_confirmed": {"target": "Opportunity.Budget_Confirmed__c", "type": "checkbox"},
    }
}


def journal(seconds: float = 1.0, postgres: str | None = None) -> dict[str, int]:
    """What is measured → how many a second; of PostgreSQL where its address is given."""
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        stores: list[tuple[str, Path | str]] = [("SQLite", Path(folder) / "ledger.sqlite")]
        stores += [("PostgreSQL", postgres)] if postgres else []
        for name, place in stores:
            org = f"bench {datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}"
            environ = {"CONNECTOR_LEDGER_KEY": Fernet.generate_key().decode()}
            rate = _rate(place, environ, org, seconds)
            figures[f"intents a second through the journal, {name}"] = round(rate)
    return figures


def _rate(place: Path | str, environ: Mapping[str, str], org: str, seconds: float) -> float:
    ledger = opened(place, environ, org, lambda _: None)
    connector = Connector(parse_config(CONFIG), ledger, Random(0), Credentials(token="measured"))
    try:
        return asyncio.run(_told(connector, ledger, count(), seconds))
    finally:
        ledger.close()


async def _told(connector: Connector, ledger: DurableLedger, calls: Iterator[int], seconds: float) -> float:
    began = perf_counter()

    async def agent() -> int:
        told = 0
        while perf_counter() - began < seconds:
            call = Call(f"call-{next(calls)}", Caller(phone="+14155550100", looked_up=True))
            connector.accept(call, 1, INTENTS, datetime.now(UTC))
            await ledger.safe()
            told += len(INTENTS)
        return told

    told = await asyncio.gather(*(agent() for _ in range(AT_ONCE)))
    return sum(told) / (perf_counter() - began)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="loadtests.bench.journal", description=__doc__)
    parser.add_argument("--seconds", type=float, default=1.0, help="how long each store is measured (default 1)")
    parser.add_argument("--postgres", help="address of a PostgreSQL to measure as well")
    options = parser.parse_args()
    for name, value in journal(options.seconds, options.postgres).items():
        print(f"{name:<48}{value:>10,}")


if __name__ == "__main__":
    main()
