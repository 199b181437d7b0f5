from __future__ import annotations

import pytest

from raylens.insights.suspect_sentences import Symptom, sentence_of
from raylens.insights.wording import duration_text, percent_text
from raylens.model.figures import Entity
from raylens.model.insight import Signal
from raylens.model.service import ServiceId

ORDERS = Entity(ServiceId("orders", "AWS::DynamoDB::Table"))
CHECKOUT = Entity(ServiceId("checkout"))
CALLS = Entity(ServiceId("checkout"), ServiceId("shop"))


def symptom(entity: Entity = CHECKOUT, signal: Signal = Signal.LATENCY, **members: object) -> Symptom:
    return Symptom(entity=entity, signal=signal, **members)  # type: ignore[arg-type]


def test_a_slow_table_is_told_with_what_its_caller_lost() -> None:
    found = sentence_of(symptom(ORDERS, seconds=0.812, usual_seconds=0.0141, noticed=CHECKOUT, share=0.96))
    assert found == (
        "orders (AWS::DynamoDB::Table) answered in 812 ms instead of 14.1 ms; "
        "96 % of the time checkout lost was lost here."
    )


def test_that_no_callee_is_slower_is_told_of_who_calls_others() -> None:
    found = sentence_of(symptom(seconds=2.0, usual_seconds=0.5, has_callees=True))
    assert found == "checkout answered in 2 s instead of 500 ms, and nothing it calls is slower."


def test_of_a_service_whose_callees_lost_too_nothing_is_said_of_them() -> None:
    found = sentence_of(symptom(seconds=2.0, usual_seconds=0.5, has_callees=True, is_passed_on=True))
    assert found == "checkout answered in 2 s instead of 500 ms."


def test_calls_that_fail_on_the_way_are_told_as_calls() -> None:
    found = sentence_of(symptom(CALLS, Signal.FAULT, requests=1200, failed=300))
    assert found == (
        "Calls from shop to checkout ended 25 % of 1,200 requests with a fault instead of 0 %, "
        "and checkout itself does not show it."
    )


def test_requests_that_ended_early_name_the_call_that_was_not_made() -> None:
    found = sentence_of(symptom(signal=Signal.FAULT, cut_short=45.2, not_called=ORDERS))
    assert found == "checkout ended about 45 requests before the usual call to orders (AWS::DynamoDB::Table)."


def test_who_began_to_call_somebody_new_is_told_so() -> None:
    found = sentence_of(symptom(signal=Signal.FAULT, failed=3, requests=9, began=ORDERS))
    assert found == "checkout began to call orders (AWS::DynamoDB::Table), which it had not called before."


def test_traces_are_told_of_where_they_show_it() -> None:
    found = sentence_of(symptom(seconds=0.4, usual_seconds=0.2, traces=120, traced_s=24.0))
    assert (
        found == "checkout answered in 400 ms instead of 200 ms; over 120 traces its own time grew by 200 ms a trace."
    )


def test_without_anything_measured_nothing_is_claimed() -> None:
    assert sentence_of(symptom(CALLS)) == "shop -> checkout differs from before."


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.000_25, "250 µs"),
        (0.0141, "14.1 ms"),
        (0.8124, "812 ms"),
        (1.2, "1.2 s"),
        (61.25, "61.2 s"),
        (200, "3 min 20 s"),
    ],
)
def test_durations_have_three_digits(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


@pytest.mark.parametrize(("share", "text"), [(0, "0 %"), (0.000_21, "0.021 %"), (0.0141, "1.4 %"), (0.961, "96 %")])
def test_shares_have_two_digits(share: float, text: str) -> None:
    assert percent_text(share) == text
