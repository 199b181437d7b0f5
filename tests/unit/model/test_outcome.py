from __future__ import annotations

import pytest

from raylens.model.outcome import THROTTLING_EXCEPTIONS, Outcome, flags_from_status, outcome_of


@pytest.mark.parametrize(
    ("error", "throttle", "fault", "expected"),
    [
        (False, False, False, Outcome.OK),
        (True, False, False, Outcome.ERROR),
        (False, True, False, Outcome.THROTTLE),
        (True, True, False, Outcome.THROTTLE),
        (False, False, True, Outcome.FAULT),
        (True, False, True, Outcome.FAULT),
        (False, True, True, Outcome.FAULT),
        (True, True, True, Outcome.FAULT),
    ],
)
def test_a_request_is_in_one_class_fault_before_throttle_before_error(
    error: bool, throttle: bool, fault: bool, expected: Outcome
) -> None:
    """The order is inferred: X-Ray lets flags combine and does not say which counts."""
    assert outcome_of(error, throttle, fault) is expected


@pytest.mark.parametrize(
    ("status", "flags"),
    [
        (None, (False, False, False)),
        (0, (False, False, False)),
        (200, (False, False, False)),
        (302, (False, False, False)),
        (399, (False, False, False)),
        (400, (True, False, False)),
        (428, (True, False, False)),
        (429, (True, True, False)),
        (499, (True, False, False)),
        (500, (False, False, True)),
        (599, (False, False, True)),
        (600, (False, False, False)),
    ],
)
def test_a_status_stands_for_flags(status: int | None, flags: tuple[bool, bool, bool]) -> None:
    assert flags_from_status(status) == flags


def test_the_exceptions_by_which_aws_says_too_many_requests() -> None:
    assert sorted(THROTTLING_EXCEPTIONS) == [
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    ]


def test_the_stored_numbers_of_the_classes_never_change() -> None:
    assert [(outcome.name, outcome.value) for outcome in Outcome] == [
        ("OK", 0),
        ("ERROR", 1),
        ("THROTTLE", 2),
        ("FAULT", 3),
    ]
