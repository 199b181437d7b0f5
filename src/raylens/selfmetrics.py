"""Our own counters, in one place; `/metrics` prints them as Prometheus text."""

from __future__ import annotations

from dataclasses import dataclass, field, fields


def _counter(help_text: str) -> int:
    count: int = field(default=0, metadata={"help": help_text})
    return count


@dataclass
class SelfMetrics:
    """Counters since the start of the process. Plain integers: only the event loop writes them."""

    documents_received: int = _counter("Segment documents received through any door")
    documents_rejected: int = _counter("Segment documents refused with an ErrorCode, through any door")
    documents_throttled: int = _counter("Segment documents refused because the write buffer was full")
    documents_spilled: int = _counter("Segment documents dropped from datagrams because the write buffer was full")
    documents_written: int = _counter("Segment documents stored")
    documents_lost: int = _counter("Segment documents of batches that could not be stored")
    spans_written: int = _counter("Spans stored")
    batches_written: int = _counter("Batches stored")
    batches_failed: int = _counter("Batches that could not be stored")
    datagrams_received: int = _counter("Datagrams received")
    datagrams_dropped: int = _counter("Datagrams that the kernel dropped because the receive buffer was full (Linux)")
    datagrams_rejected: int = _counter("Datagrams with a wrong header, no body or a refused document")
    telemetry_records: int = _counter("Telemetry records received from daemons")
    jobs_failed: int = _counter("Runs of periodic work that failed")
    notifications_delivered: int = _counter("Notifications of insights that the webhook took")
    notifications_failed: int = _counter("Tries to send a notification that the webhook did not take")
    notifications_given_up: int = _counter("Notifications refused by the webhook, or not taken for a day")
    notifications_dropped: int = _counter("Notifications dropped because too many waited")
    requests: int = _counter("API requests")
    request_faults: int = _counter("API requests answered with a status of 500 or above")

    def prometheus_text(self) -> str:
        """The counters in the Prometheus exposition format, version 0.0.4."""
        lines = []
        for counter in fields(self):
            name = f"raylens_{counter.name}_total"
            lines.append(f"# HELP {name} {counter.metadata['help']}")
            lines.append(f"# TYPE {name} counter")
            lines.append(f"{name} {getattr(self, counter.name)}")
        return "\n".join(lines) + "\n"
