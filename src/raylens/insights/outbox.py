"""Notifications that wait to be sent: records of the store, so that they outlive every process.

An entry is written by the watch before it moves on, and removed once it was delivered or given up. Its key is the id of
the event, so that telling of one event twice leaves one entry.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

import msgspec

from raylens.insights.notification import NotificationFacts, notification_event
from raylens.model.group import Group
from raylens.model.insight import Insight, InsightEvent
from raylens.storage.interface import RecordStore

_log = logging.getLogger(__name__)
KIND = "insight-notification"
# Of an unreachable webhook: some weeks of incidents, and a few megabytes at most.
MAX_WAITING = 1_000


@dataclass
class NotificationCounts:
    """Since the start of the process. `dropped` made room for newer ones."""

    delivered: int = 0
    failed_tries: int = 0
    given_up: int = 0
    dropped: int = 0


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A notification to send. `body` is the JSON as it will be sent, `attempts` the number of tries so far.

    `queued_ns` orders entries; `first_try_ns` is when the first try began, 0 before it, `due_ns` when the next may
    begin.
    """

    insight_id: str
    queued_ns: int
    body: str
    attempts: int = 0
    first_try_ns: int = 0
    due_ns: int = 0


class Entry(msgspec.Struct, frozen=True):
    """A waiting notification, and what the store calls it."""

    id: str
    version: int
    waiting: Waiting


def queue_notification(
    store: RecordStore,
    group: Group,
    insight: Insight,
    event: InsightEvent,
    facts: NotificationFacts,
    counts: NotificationCounts,
    max_waiting: int = MAX_WAITING,
) -> None:
    """Have the newest event of an insight told to the webhook; nothing happens when the group's notifications are off.

    Call it only where a webhook is set, nobody takes them away otherwise. Calling it again for the same event changes
    nothing while that waits. The oldest are dropped to keep within `max_waiting`.
    """
    if not (group.insights_enabled and group.notifications_enabled):
        return
    content = notification_event(insight, event, facts)
    waiting = Waiting(insight_id=insight.id, queued_ns=event.at_ns, body=msgspec.json.encode(content).decode())
    store.put_record(KIND, content["id"], msgspec.json.encode(waiting).decode(), 0)
    counts.dropped += _drop_oldest(store, max_waiting)


def waiting_notifications(store: RecordStore) -> list[Entry]:
    """Every notification that waits, oldest first."""
    entries = [
        Entry(record.key, record.version, msgspec.json.decode(record.body, type=Waiting))
        for record in store.records(KIND)
    ]
    return sorted(entries, key=lambda entry: (entry.waiting.queued_ns, entry.id))


def claim(store: RecordStore, entry: Entry, now_ns: int, retry_ns: int) -> Entry | None:
    """The entry as it is written down before a try, to be tried again from `retry_ns` on should nothing be heard of it.

    None when another process claimed it: of several exactly one sends.
    """
    tried = msgspec.structs.replace(
        entry.waiting,
        attempts=entry.waiting.attempts + 1,
        first_try_ns=entry.waiting.first_try_ns or now_ns,
        due_ns=retry_ns,
    )
    return _rewritten(store, entry, tried)


def postpone(store: RecordStore, entry: Entry, due_ns: int) -> None:
    """Have a claimed entry wait until `due_ns`."""
    _rewritten(store, entry, msgspec.structs.replace(entry.waiting, due_ns=due_ns))


def remove(store: RecordStore, entry: Entry) -> bool:
    """Take an entry away; False when somebody else changed it."""
    return store.delete_record(KIND, entry.id, entry.version)


def _rewritten(store: RecordStore, entry: Entry, waiting: Waiting) -> Entry | None:
    record = store.put_record(KIND, entry.id, msgspec.json.encode(waiting).decode(), entry.version)
    return None if record is None else Entry(entry.id, record.version, waiting)


def _drop_oldest(store: RecordStore, max_waiting: int) -> int:
    entries = waiting_notifications(store)
    excess = entries[: max(len(entries) - max_waiting, 0)]
    dropped = sum(remove(store, entry) for entry in excess)
    if dropped:
        _log.warning("%d notifications of insights were dropped: more than %d wait", dropped, max_waiting)
    return dropped
