"""The composition root: builds everything, starts it in a written order and stops it in the reverse one."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import logging
import os
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import uvicorn

from raylens.api.asgi import build_application
from raylens.api.context import ServerFacts, Services
from raylens.api.lab_door import LabDoor
from raylens.clock import SystemClock
from raylens.config import LOOPBACK_HOSTS, Settings
from raylens.console import HOME, console_routes, load_bundle
from raylens.errors import ConfigError
from raylens.filterexpr import parse_filter
from raylens.groups import Groups
from raylens.ingest.buffer import WriteBuffer
from raylens.ingest.pipeline import AgeLimits, Ingestor
from raylens.ingest.udp import (
    RECEIVE_BUFFER_BYTES,
    datagrams_dropped,
    finish_datagrams,
    open_daemon_socket,
    widen_receive_buffer,
)
from raylens.ingest.writer import Writer
from raylens.insights.notification import NotificationFacts
from raylens.insights.notify import InsightNotifier, WebhookSender, webhook_client
from raylens.insights.outbox import NotificationCounts, queue_notification
from raylens.insights.records import Insights
from raylens.insights.watch import InsightWatch, Notify
from raylens.jobs import jobs_of, run_jobs, watch_jobs_of
from raylens.sampling import ReservoirShares
from raylens.selfmetrics import SelfMetrics
from raylens.storage.clickhouse.store import ClickHouseStore, open_store

_log = logging.getLogger(__name__)
_READERS = 4
# Handles for the readers, two for the writer, one for the watch over insights.
_HANDLES = _READERS + 3
_MB = 1 << 20
_BACKLOG = 2048


class Doors:
    """The bound sockets, all or none of them."""

    def __init__(self, settings: Settings) -> None:
        """Raises: ConfigError that names the port which is in use."""
        with contextlib.ExitStack() as opened:
            self.http = opened.enter_context(_bind(settings, "port", socket.SOCK_STREAM))
            self.udp = opened.enter_context(_bind(settings, "udp_port", socket.SOCK_DGRAM))
            self.tcp = opened.enter_context(_bind(settings, "tcp_port", socket.SOCK_STREAM))
            size = widen_receive_buffer(self.udp)
            opened.pop_all()
        if size < RECEIVE_BUFFER_BYTES:
            _log.info(
                "the datagram socket holds %d bytes; bursts of many SDKs may need more: sysctl -w net.core.rmem_max=%d",
                size,
                RECEIVE_BUFFER_BYTES,
            )

    def facts(self, settings: Settings, started_ns: int) -> ServerFacts:
        """What people are told of the server behind these doors."""
        store = "clickhouse" if settings.store_dsn.startswith("clickhouse:") else "embedded"
        has_webhook = bool(settings.webhook_url)
        return ServerFacts(started_ns, settings.retention_days, store, **self.addresses(), has_webhook=has_webhook)

    def addresses(self) -> dict[str, str]:
        """Where each door is open."""
        return {"http": f"http://{_address(self.http)}", "udp": _address(self.udp), "tcp": _address(self.tcp)}


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, then finish what was taken in and return.

    Raises: ConfigError for a port in use, StorageError when the store cannot be opened.
    """
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    doors = Doors(settings)
    store = await asyncio.to_thread(
        open_store,
        settings.store_dsn,
        handles=_HANDLES,
        retention_days=settings.retention_days,
        query_deadline_s=settings.query_deadline_s,
        query_memory_bytes=settings.query_memory_mb * _MB,
        query_rows=settings.query_million_rows * 1_000_000,
    )
    try:
        with (
            ThreadPoolExecutor(_READERS, thread_name_prefix="reader") as readers,
            ThreadPoolExecutor(1, thread_name_prefix="watch") as watching,
        ):
            await _serve_until(stop, settings, doors, store, readers, watching)
    finally:
        await asyncio.to_thread(store.close)
        _log.info("stopped")


async def _serve_until(
    stop: asyncio.Event,
    settings: Settings,
    doors: Doors,
    store: ClickHouseStore,
    readers: ThreadPoolExecutor,
    watching: ThreadPoolExecutor,
) -> None:
    clock, metrics = SystemClock(), SelfMetrics()
    buffer = WriteBuffer(settings.write_buffer_mb * _MB, metrics)
    writer = Writer(
        buffer, store, metrics, max_age_s=settings.batch_age_ms / 1000, max_batch_bytes=settings.batch_mb * _MB
    )
    limits = AgeLimits(settings.accept_past_days * 86400 or None, settings.accept_future_hours * 3600 or None)
    ingestor = Ingestor(buffer, clock, metrics, limits)
    groups = Groups(store, clock, settings.region, settings.account_id, parse_filter, settings.retention_days)
    lab = LabDoor(settings.lab_url)
    notified = NotificationCounts()
    notifier = _notifier(settings, store, clock, notified)
    insights = Insights(store, clock)
    services = Services(
        store, ingestor, ReservoirShares(), metrics, clock, readers,
        settings.region, settings.account_id, settings.max_trace_mb * _MB, groups,
        doors.facts(settings, clock.now_ns()), lab, insights,
    )  # fmt: skip

    def read_counts() -> None:
        metrics.datagrams_dropped = datagrams_dropped(doors.udp)
        metrics.notifications_delivered, metrics.notifications_failed = notified.delivered, notified.failed_tries
        metrics.notifications_given_up, metrics.notifications_dropped = notified.given_up, notified.dropped

    application = build_application(
        services,
        is_ready=lambda: not stop.is_set(),
        read_gauges=read_counts,
        pages=console_routes(await asyncio.to_thread(load_bundle)),
        home=HOME,
        loopback_name=settings.host if settings.host in LOOPBACK_HOSTS else None,
    )
    server = _Server(
        uvicorn.Config(
            application,
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=max(1, round(settings.grace_period_s)),
        )
    )
    _tune_collector()
    writer.start()
    transport, daemon = await open_daemon_socket(doors.udp, ingestor, metrics)
    http = asyncio.create_task(server.serve(sockets=[doors.http, doors.tcp]))
    while not server.started and not http.done():
        await asyncio.sleep(0.005)
    _announce(settings, doors)

    watch = InsightWatch(
        store, groups, insights, clock,
        region=settings.region, account_id=settings.account_id, retention_days=settings.retention_days,
        notify=_notify(settings, doors, store, notified), is_stopping=stop.is_set,
    )  # fmt: skip
    jobs = asyncio.create_task(run_jobs(jobs_of(store, notifier), readers, metrics))
    watches = asyncio.create_task(run_jobs(watch_jobs_of(watch), watching, metrics))
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait({stopped, http}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    jobs.cancel()
    watches.cancel()
    _log.info("stopping: finishing what was taken in")
    # Datagrams first: what the kernel still holds is read before the socket closes. Then HTTP, whose running requests
    # wait for the writer; the writer last.
    finish_datagrams(doors.udp, transport, daemon)
    server.should_exit = True
    await http
    await lab.close()
    if notifier is not None:
        notifier.close()
    # behind what it may still be doing
    await asyncio.get_running_loop().run_in_executor(watching, watch.release)
    await writer.drain()


def _notifier(
    settings: Settings, store: ClickHouseStore, clock: SystemClock, counts: NotificationCounts
) -> InsightNotifier | None:
    if not settings.webhook_url:
        return None
    sender = WebhookSender(webhook_client(), settings.webhook_url, settings.webhook_secret, clock)
    return InsightNotifier(store, sender, clock, counts)


def _notify(settings: Settings, doors: Doors, store: ClickHouseStore, counts: NotificationCounts) -> Notify:
    """Queues what the webhook is to be told; nothing without a webhook, for nobody would take it away."""
    if not settings.webhook_url:
        return lambda *_: None
    facts = NotificationFacts(settings.region, settings.account_id, doors.addresses()["http"] + HOME.rstrip("/"))
    return lambda group, insight, event: queue_notification(store, group, insight, event, facts, counts)


class _Server(uvicorn.Server):
    """uvicorn without signal handlers of its own: the composition root decides when to stop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _announce(settings: Settings, doors: Doors) -> None:
    addresses = doors.addresses()
    _log.info("raylens is ready: %s, datagrams on %s, sampling on %s", *addresses.values())
    if settings.ready_file:
        ready = Path(settings.ready_file)
        content = {"pid": os.getpid(), **addresses, "data": (settings.dsn and "") or settings.data}
        # renamed into place, so that whoever waits for the file never reads half of it
        draft = ready.with_name(ready.name + ".tmp")
        draft.write_text(json.dumps(content))
        draft.replace(ready)


def _tune_collector() -> None:
    """Ask the cyclic collector to look less often.

    A batch makes some hundred thousand short-lived values, none of them in a cycle; with the default thresholds
    looking for cycles among them took longer than making columns of them.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def _bind(settings: Settings, setting: str, kind: socket.SocketKind) -> socket.socket:
    port: int = getattr(settings, setting)
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    bound = socket.socket(family, kind)
    if kind == socket.SOCK_STREAM:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((settings.host, port))
        if kind == socket.SOCK_STREAM:
            # Now and not when the server starts: two sockets may be bound to one port as long as none listens, and
            # the loser would find out after it opened its store. Early callers wait in the queue.
            bound.listen(_BACKLOG)
    except OSError as error:
        bound.close()
        flag = "--" + setting.replace("_", "-")
        name = "UDP" if kind == socket.SOCK_DGRAM else "TCP"
        raise ConfigError(
            f"{name} port {port} on {settings.host} cannot be opened: {error.strerror}; "
            f"{flag} chooses another, 0 any free one"
        ) from error
    return bound


def _address(bound: socket.socket) -> str:
    host, port = bound.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
