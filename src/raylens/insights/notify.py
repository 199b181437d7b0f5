"""Sending notifications to the operator's webhook: signed, tried again while that may help, given up after a day.

    POST <webhook_url>
    Content-Type: application/json
    X-Raylens-Event-Id: <id of the event, the same in every try>
    X-Raylens-Timestamp: <epoch seconds of this try>
    X-Raylens-Signature: v1=<hex of HMAC-SHA256(secret, timestamp + "." + body)>

Any 2xx takes the notification. Connection errors, timeouts, 408, 429 and 5xx are tried again; every other answer,
redirects among them, ends it. Delivery is at least once: whoever must not act twice remembers the ids.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import random
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from enum import Enum, auto
from typing import NamedTuple

import httpx

from raylens import __version__
from raylens.clock import Clock
from raylens.insights.outbox import Entry, NotificationCounts, claim, postpone, remove, waiting_notifications
from raylens.model.time import NS_PER_S
from raylens.storage.interface import RecordStore

_log = logging.getLogger(__name__)
TIMEOUT_S = 10.0
# 5 s, 10 s, 20 s ... 10 minutes: an incident is told soon after a restart of the receiver, and a receiver that is down
# for hours is not hammered.
FIRST_RETRY_S, LONGEST_RETRY_S = 5.0, 600.0
# As long as EventBridge tries. Source: EventBridge user guide, "How EventBridge retries delivering events".
GIVE_UP_AFTER_S = 86_400.0
_RETRIED = frozenset({408, 429})


class Outcome(Enum):
    """What came of one try."""

    DELIVERED = auto()
    REFUSED = auto()
    BUSY = auto()
    UNREACHABLE = auto()


class Answer(NamedTuple):
    """What came of one try, in words for the log, and how long the receiver asked to be left alone."""

    outcome: Outcome
    words: str
    retry_after_s: float = 0.0


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """What X-Raylens-Signature says of a body sent at `timestamp`."""
    mac = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"v1={mac.hexdigest()}"


def webhook_client(timeout_s: float = TIMEOUT_S) -> httpx.Client:
    """What posts to webhooks. Their URL is the operator's; a redirect would be somebody else's choice."""
    return httpx.Client(timeout=timeout_s, follow_redirects=False)


class WebhookSender:
    """Posts notifications to one URL; blocks for at most some `TIMEOUT_S`."""

    def __init__(self, http: httpx.Client, url: str, secret: str, clock: Clock) -> None:
        """Without a secret nothing is signed. `http` is closed with the sender."""
        self._http = http
        self._url = url
        self._secret = secret
        self._clock = clock

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def send(self, event_id: str, text: str) -> Answer:
        """Try once."""
        body, timestamp = text.encode(), str(self._clock.now_ns() // NS_PER_S)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": f"raylens/{__version__}",
            "X-Raylens-Event-Id": event_id,
            "X-Raylens-Timestamp": timestamp,
        }
        if self._secret:
            headers["X-Raylens-Signature"] = signature(self._secret, timestamp, body)
        try:
            # streamed, so that nobody makes this server read a body without end
            with self._http.stream("POST", self._url, content=body, headers=headers) as response:
                return self._answer(response)
        except httpx.HTTPError as error:
            return Answer(Outcome.UNREACHABLE, str(error) or type(error).__name__)

    def _answer(self, response: httpx.Response) -> Answer:
        words = f"HTTP {response.status_code}"
        if response.is_success:
            return Answer(Outcome.DELIVERED, words)
        if response.status_code in _RETRIED or response.is_server_error:
            return Answer(Outcome.BUSY, words, self._asked_to_wait_s(response.headers.get("Retry-After", "")))
        return Answer(Outcome.REFUSED, words)

    def _asked_to_wait_s(self, retry_after: str) -> float:
        """Seconds of a Retry-After, which is a number or a date; 0 without one. Source: RFC 9110, 10.2.3."""
        if retry_after.isdecimal():
            return min(float(retry_after), GIVE_UP_AFTER_S)
        try:
            return max(0.0, parsedate_to_datetime(retry_after).timestamp() - self._clock.now_ns() / NS_PER_S)
        except ValueError:
            return 0.0


class InsightNotifier:
    """Sends what waits in the outbox. Several processes may: an entry is claimed before it is sent."""

    def __init__(
        self,
        store: RecordStore,
        sender: WebhookSender,
        clock: Clock,
        counts: NotificationCounts,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """`jitter` gives numbers from 0 until before 1."""
        self._store = store
        self._sender = sender
        self._clock = clock
        self._jitter = jitter
        self._counts = counts

    def deliver(self) -> int:
        """Try every notification that is due, oldest first; returns how many were delivered.

        Those of one insight are sent in their order: a later one waits while an earlier one does. The first sign that
        nobody listens ends the run.
        """
        delivered = 0
        held_back: set[str] = set()
        for entry in waiting_notifications(self._store):
            if entry.waiting.insight_id in held_back:
                continue
            outcome = self._try(entry) if entry.waiting.due_ns <= self._clock.now_ns() else None
            delivered += outcome is Outcome.DELIVERED
            if outcome not in (Outcome.DELIVERED, Outcome.REFUSED):
                held_back.add(entry.waiting.insight_id)
            if outcome is Outcome.UNREACHABLE:
                break
        return delivered

    def close(self) -> None:
        """Close the connections."""
        self._sender.close()

    def _try(self, entry: Entry) -> Outcome | None:
        """What came of it; None when another process took the entry."""
        now_ns = self._clock.now_ns()
        claimed = claim(self._store, entry, now_ns, now_ns + self._pause_ns(entry.waiting.attempts))
        if claimed is None:
            return None
        answer = self._sender.send(claimed.id, claimed.waiting.body)
        if answer.outcome is Outcome.DELIVERED:
            self._counts.delivered += 1
            remove(self._store, claimed)
            return answer.outcome
        self._counts.failed_tries += 1
        return self._after_failure(claimed, answer)

    def _after_failure(self, entry: Entry, answer: Answer) -> Outcome:
        now_ns = self._clock.now_ns()
        due_ns = max(entry.waiting.due_ns, now_ns + round(answer.retry_after_s * NS_PER_S))
        ends_ns = entry.waiting.first_try_ns + round(GIVE_UP_AFTER_S * NS_PER_S)
        if answer.outcome is Outcome.REFUSED or due_ns > ends_ns:
            self._counts.given_up += 1
            _log.warning(
                "a notification of the insight %s was given up after %d tries: %s",
                entry.waiting.insight_id, entry.waiting.attempts, answer.words,
            )  # fmt: skip
            remove(self._store, entry)
            return Outcome.REFUSED
        if due_ns > entry.waiting.due_ns:
            postpone(self._store, entry, due_ns)
        _log.info(
            "a notification of the insight %s was not taken (%s), it is tried again in %.0f s",
            entry.waiting.insight_id, answer.words, (due_ns - now_ns) / NS_PER_S,
        )  # fmt: skip
        return answer.outcome

    def _pause_ns(self, attempts: int) -> int:
        """Half of the pause is chance, so that what failed together does not come again together."""
        pause_s = min(FIRST_RETRY_S * 2.0 ** min(attempts, 30), LONGEST_RETRY_S)
        return round(pause_s * (0.5 + self._jitter() / 2) * NS_PER_S)
