"""python -m loadtests run --profile short: callers in, evidence out, a verdict per claim; exit 1 if one falls short."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from loadtests.evidence import Evidence
from loadtests.gather import LATENCIES, TOLD, gather
from loadtests.processes import NotReady
from loadtests.profiles import PROFILES, Profile, profile
from loadtests.recorder import Recorder
from loadtests.report import page
from loadtests.stack import Stack, stack
from loadtests.verdict import Verdict, judge

LOCUSTFILE = Path(__file__).with_name("locustfile.py")
RUN = "run"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a profile, or list them. Exit codes: 0 every claim holds, 1 one fell short, 2 wrong usage."""
    parser = argparse.ArgumentParser(prog="loadtests", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="name the profiles")
    run = commands.add_parser("run", help="put load on a fresh org and connector, and judge")
    run.add_argument("--profile", default="short", help="a row of loadtests/profiles.py (default short)")
    run.add_argument("--into", type=Path, default=Path("build/load"), help="folder for logs and evidence")
    run.add_argument("--json", type=Path, help="where to write verdicts and figures")
    run.add_argument("--html", type=Path, help="where to write the page with pictures")
    options = parser.parse_args(arguments)
    if options.command == "list":
        print("\n".join(f"{row.name:<8}{row.tells}" for row in PROFILES))
        return
    try:
        chosen = profile(options.profile)
    except ValueError as problem:
        parser.error(str(problem))
    try:
        verdicts = carried_out(chosen, options.into, options.json, options.html)
    except NotReady as problem:
        sys.exit(f"{problem}\nsee the logs in {options.into}")
    fallen = [verdict.name for verdict in verdicts if not verdict.holds]
    sys.exit(f"fell short: {', '.join(fallen)}" if fallen else 0)


def carried_out(chosen: Profile, into: Path, to_json: Path | None, to_html: Path | None) -> list[Verdict]:
    """One run from the first server to the last page."""
    into.mkdir(parents=True, exist_ok=True)
    for left_over in (*into.glob(TOLD), *into.glob(LATENCIES)):
        left_over.unlink()
    with stack(chosen, into) as running:
        callers(chosen, running, into)
        evidence, recorder = gather(running, chosen, into)
    verdicts = judge(evidence, chosen)
    show(chosen, verdicts, recorder)
    if to_json:
        _write(to_json, json.dumps(figures(chosen, verdicts, recorder, evidence), indent=2) + "\n")
    if to_html:
        _write(to_html, page(chosen, verdicts, recorder, evidence))
    return verdicts


def callers(chosen: Profile, running: Stack, into: Path) -> None:
    """Locust as a process of its own, for as long as the profile says and a little for the last calls."""
    command = [sys.executable, "-m", "locust", "-f", str(LOCUSTFILE), "--headless", "--only-summary"]
    command += ["--host", running.connector.url, "--users", str(chosen.users), "--spawn-rate", str(chosen.ramp_per_s)]
    command += ["--run-time", f"{chosen.duration_s:g}s", "--stop-timeout", "20", "--exit-code-on-error", "0"]
    surroundings = {
        **os.environ,
        "LOADTESTS_PROFILE": chosen.name,
        "LOADTESTS_RUN": RUN,
        "LOADTESTS_TOKEN": running.token,
        "LOADTESTS_INTO": str(into),
    }
    with (into / "locust.log").open("w", encoding="utf-8") as log:
        subprocess.run(command, env=surroundings, stdout=log, stderr=log, timeout=chosen.duration_s + 90, check=True)


def figures(chosen: Profile, verdicts: Sequence[Verdict], recorder: Recorder, evidence: Evidence) -> dict[str, Any]:
    """The run as JSON."""
    return {
        "profile": chosen.name,
        "clock": chosen.clock,
        "claims": [asdict(verdict) for verdict in verdicts],
        "latencies": recorder.summary(),
        "within_budget": round(evidence.within_budget, 5),
    }


def show(chosen: Profile, verdicts: Sequence[Verdict], recorder: Recorder) -> None:
    """The run as a person reads it."""
    print(f"{chosen.name}: {chosen.tells}")
    for name, row in recorder.summary().items():
        response, service = row["response_ms"], row["service_ms"]
        tail = "  ".join(f"{key} {response[key]:.1f}" for key in ("p50", "p95", "p99"))
        print(f"  {name:<9}{row['requests']:>6} requests   {tail} ms   (service p99 {service['p99']:.1f} ms)")
    for verdict in verdicts:
        print(f"  {'holds ' if verdict.holds else 'FAILS '} {verdict.name:<18}{verdict.evidence}")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
