"""Periodic work: one table of names, periods and what to do."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Executor

import msgspec

from raylens.insights.notify import InsightNotifier
from raylens.insights.watch import InsightWatch
from raylens.selfmetrics import SelfMetrics
from raylens.storage.interface import Store

_log = logging.getLogger(__name__)


class Job(msgspec.Struct, frozen=True):
    """Work that blocks, done again `period_s` seconds after it ended."""

    name: str
    period_s: float
    work: Callable[[], object]


def jobs_of(store: Store, notifier: InsightNotifier | None = None) -> tuple[Job, ...]:
    """Everything that is done periodically; without a notifier nobody is told of insights."""
    notify = () if notifier is None else (Job("tell of insights", 5, notifier.deliver),)
    return (
        # readers would do it themselves, but would wait for it
        Job("work out traces", 3, store.refresh_index),
        Job("compute graph minutes", 15, store.compute_graph_minutes),
        *notify,
    )


def watch_jobs_of(watch: InsightWatch) -> tuple[Job, ...]:
    """What may take long and is done on a thread of its own, so that readers need not wait for it."""
    return (Job("watch for insights", 10, watch.run),)


async def run_jobs(jobs: Sequence[Job], threads: Executor, metrics: SelfMetrics) -> None:
    """Run every job on its period until cancelled; what fails is logged, counted and tried again."""
    await asyncio.gather(*(_run_forever(job, threads, metrics) for job in jobs))


async def _run_forever(job: Job, threads: Executor, metrics: SelfMetrics) -> None:
    while True:
        try:
            await asyncio.get_running_loop().run_in_executor(threads, job.work)
        except Exception as error:  # one of the four doors: a job that fails is tried again
            metrics.jobs_failed += 1
            _log.error("the job '%s' failed: %s", job.name, error)
        await asyncio.sleep(job.period_s)
