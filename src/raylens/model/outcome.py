"""The class of one completed request: ok, error, throttle or fault.

Every observation lands in exactly one class. The rule lives here alone, because X-Ray leaves the case of several
flags open (inferred) and a later change must reach nodes, edges and summaries at once.
"""

from __future__ import annotations

from enum import IntEnum

# Exceptions by which AWS services say "too many requests" while answering HTTP 400. The Python SDK never sets
# `throttle` for them (tried with aws_xray_sdk 2.15), so the server derives it.
THROTTLING_EXCEPTIONS = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "ThrottlingException",
        "RequestLimitExceeded",
        "TooManyRequestsException",
        "Throttling",
        "ThrottledException",
        "SlowDown",
    }
)


class Outcome(IntEnum):
    """Class of a completed request; the numbers are stored."""

    OK = 0
    ERROR = 1
    THROTTLE = 2
    FAULT = 3


def flags_from_status(status: int | None) -> tuple[bool, bool, bool]:
    """(error, throttle, fault) that an HTTP status stands for; all False when there is none. 3xx is ok (inferred)."""
    if status is None or status < 400:
        return False, False, False
    return status < 500, status == 429, 500 <= status < 600


def outcome_of(error: bool, throttle: bool, fault: bool) -> Outcome:
    """The one class of a request with these flags: fault before throttle before error (inferred)."""
    if fault:
        return Outcome.FAULT
    if throttle:
        return Outcome.THROTTLE
    return Outcome.ERROR if error else Outcome.OK
