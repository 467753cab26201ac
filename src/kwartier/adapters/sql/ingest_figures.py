"""What the monitoring reads about the writing of measurements; nothing in it names a partner."""

from collections import Counter as Counted
from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from kwartier.service.measurement_row import RowOutcome

# Seconds; a flush of a good disk takes a thousandth of a second, and 0.25 s is the bar for a whole post (ingest.md).
BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class IngestFigures:
    """Counters and gauges, in a registry of their own."""

    def __init__(self, queued_count: Callable[[], int], capacity_count: int) -> None:
        self.registry = CollectorRegistry()
        depth = Gauge("kwartier_ingest_queued_rows", "Rows that wait to be written.", registry=self.registry)
        depth.set_function(queued_count)
        Gauge(
            "kwartier_ingest_queue_capacity_rows", "Rows that may wait to be written.", registry=self.registry
        ).set(capacity_count)
        self.commits = Histogram(
            "kwartier_ingest_commit_duration_seconds",
            "One transaction of the writer, from its begin to its end on disk.",
            buckets=BUCKETS_S,
            registry=self.registry,
        )
        self._rows = Counter(
            "kwartier_ingest_rows_total", "Rows by what became of them.", ("outcome",), registry=self.registry
        )

    def count(self, outcomes: Iterable[Iterable[RowOutcome]]) -> None:
        """Count the rows of a group that was written."""
        for outcome, row_count in Counted(one for request in outcomes for one in request).items():
            self._rows.labels(outcome).inc(row_count)

    def count_refused(self, reason: str, row_count: int) -> None:
        """Count rows of which none was written: `queue_full`, or `fault`."""
        self._rows.labels(reason).inc(row_count)
