"""Metrics in Prometheus' form: what the ledger tells, read when somebody asks, and how fast agents were answered.

Nothing here is told of a person: labels are categories, statuses and kinds.
"""

from collections import Counter as Tally
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from connector.chain import Entry
from connector.engine import Connector

ANSWER_S = (0.01, 0.025, 0.05, 0.1, 0.15, 0.18, 0.2, 0.25, 0.5, 1.0, 2.5)
"""Bounds around the budget: how many turns were answered within it is read off the bucket of 0.2."""
COMMIT_S = (0.1, 0.2, 0.5, 1.0, 5.0, 10.0, 30.0, 60.0, 340.0, 3600.0)
"""Bounds around the schedule: the last retry comes 336.2 s after the first failure."""


class Metrics:
    """What one connector tells those who watch it."""

    def __init__(self, connector: Connector) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        self._turns = Counter(
            "connector_turns", "Turns by what the agent was told.", ["status"], registry=self._registry
        )
        self._answers = Histogram(
            "connector_answer_seconds",
            "From a turn's arrival to its answer.",
            buckets=ANSWER_S,
            registry=self._registry,
        )
        self._lookups = Histogram(
            "connector_lookup_seconds",
            "From a lookup's arrival to its answer.",
            ["answered"],
            buckets=ANSWER_S,
            registry=self._registry,
        )
        self._turned_away = Counter(
            "connector_turned_away",
            "Told to come again: requests beyond those answered at a time, turns beyond those under way.",
            ["reason"],
            registry=self._registry,
        )
        self._registry.register(LedgerReading(connector))

    def turn(self, status: str, seconds: float) -> None:
        """One turn was answered."""
        self._turns.labels(status).inc()
        self._answers.observe(seconds)

    def lookup(self, answered: bool, seconds: float) -> None:
        """One lookup was answered, with data or without."""
        self._lookups.labels(str(answered).lower()).observe(seconds)

    def turned_away(self, reason: str) -> None:
        """Somebody was told to come again."""
        self._turned_away.labels(reason).inc()

    def collect(self) -> Iterator[Metric]:
        """The families, for whoever tells of several orgs at once."""
        return iter(self._registry.collect())

    def text(self) -> bytes:
        """Everything, as Prometheus scrapes it."""
        return generate_latest(self._registry)


class LedgerReading(Collector):
    """Attempts, commits and deaths, read off the entries that were appended since the last scrape.

    Deliveries pay nothing for being watched. Counters begin with the process, as Prometheus expects them to.
    """

    def __init__(self, connector: Connector) -> None:
        self._connector = connector
        self._seq = connector.ledger.head().seq
        self._kinds: Tally[str] = Tally()
        self._failures: Tally[str] = Tally()
        self._commits: Tally[float] = Tally()
        self._commit_sum = 0.0

    def collect(self) -> Iterator[Metric]:
        """The families, freshly read."""
        for entry in self._connector.ledger.entries(self._seq):
            self._take(entry)
        readings = self._connector.ledger.readings
        yield _gauge("connector_deliveries_pending", "Promised and not yet written.", len(readings.under_way))
        yield _gauge("connector_alerts_untold", "Dead letters of which Slack has not heard.", len(readings.untold()))
        yield _gauge("connector_ledger_entries", "Entries of the audit ledger.", self._seq)
        yield self._dead()
        yield _counters("connector_entries", "Entries appended, by kind.", "kind", self._kinds)
        yield _counters("connector_attempts_failed", "Failed attempts, by category.", "category", self._failures)
        yield self._latency()

    def _take(self, entry: Entry) -> None:
        self._seq = entry.seq
        self._kinds[entry.kind] += 1
        if entry.kind == "failed":
            self._failures[str(entry.detail.get("category") or "other")] += 1
        standing = self._connector.ledger.readings.standings.get(entry.delivery)
        if entry.kind == "committed" and standing is not None:
            seconds = (entry.at - standing.accepted_at).total_seconds()
            self._commit_sum += seconds
            self._commits[next((bound for bound in COMMIT_S if seconds <= bound), float("inf"))] += 1

    def _dead(self) -> Metric:
        family = GaugeMetricFamily("connector_dead_letters", "Dead letters, by category.", labels=["category"])
        counted = Tally(letter.category or "other" for letter in self._connector.ledger.readings.dead_letters())
        for category, count in sorted(counted.items()):
            family.add_metric([category], count)
        return family

    def _latency(self) -> Metric:
        """From the promise to the commit."""
        family = HistogramMetricFamily("connector_commit_seconds", "From acceptance to the commit in the org.")
        buckets, sum_so_far = [], 0
        for bound in (*COMMIT_S, float("inf")):
            sum_so_far += self._commits[bound]
            buckets.append(("+Inf" if bound == float("inf") else str(bound), sum_so_far))
        family.add_metric([], buckets, self._commit_sum)
        return family


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=value)


def _counters(name: str, text: str, label: str, counted: Tally[str]) -> Metric:
    family = CounterMetricFamily(name, text, labels=[label])
    for value, count in sorted(counted.items()):
        family.add_metric([value], count)
    return family
