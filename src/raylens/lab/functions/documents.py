"""The two segments Lambda records of an invocation: the service's and the function's."""

from __future__ import annotations

from typing import Any

import msgspec

from raylens.lab.segments import Document, microseconds, milliseconds_down, milliseconds_up
from raylens.lab.spec import FunctionSpec
from raylens.lab.trace_header import new_segment_id


class Phase(msgspec.Struct, frozen=True):
    """One part of a function's time, in epoch ns."""

    start_ns: int
    end_ns: int
    failed: bool = False


class Ids(msgspec.Struct, frozen=True, kw_only=True):
    """Who hangs under whom: trace, caller, then one id a document. `invocation` is what the function's SDK extends."""

    trace: str
    parent: str | None
    request: str
    service: str
    function: str
    invocation: str


def service_document(spec: FunctionSpec, ids: Ids, whole: Phase, status: int) -> Document:
    """The AWS::Lambda segment: the Invoke call as Lambda's front end saw it, in milliseconds.

    `status` is the Invoke API's, 200 even for a function that failed; the failure shows as `error`.
    """
    document: Document = {
        "id": ids.service,
        "name": spec.name,
        "start_time": milliseconds_down(whole.start_ns),
        "trace_id": ids.trace,
        "end_time": milliseconds_up(whole.end_ns),
        **({"parent_id": ids.parent} if ids.parent else {}),
        "http": {"response": {"status": status}},
        "aws": {"request_id": ids.request},
        "origin": "AWS::Lambda",
        "resource_arn": spec.arn,
    }
    if whole.failed or status >= 400:
        document["error"] = True
    if status == 429:
        document["throttle"] = True
    return document


def function_document(
    spec: FunctionSpec,
    ids: Ids,
    account_id: str,
    whole: Phase,
    *,
    initialization: Phase | None,
    invocation: Phase | None,
    overhead: Phase | None,
    cause: dict[str, Any] | None,
) -> Document:
    """The AWS::Lambda::Function segment: the sandbox's view, in microseconds.

    Initialization of a cold start ends before the segment starts, as Lambda records it; its duration is not in the
    function's. An exception that leaves the handler is an `error` here: `fault` would mean that Lambda itself failed.
    """
    aws = {"function_arn": spec.arn}

    def subsegment(segment_id: str, name: str, phase: Phase) -> Document:
        part: Document = {
            "id": segment_id,
            "name": name,
            "start_time": microseconds(phase.start_ns),
            "end_time": microseconds(phase.end_ns),
            "aws": aws,
        }
        return {**part, "error": True} if phase.failed else part

    subsegments = [
        subsegment(segment_id, name, phase)
        for segment_id, name, phase in (
            (new_segment_id(), "Initialization", initialization),
            (ids.invocation, "Invocation", invocation),
            (new_segment_id(), "Overhead", overhead),
        )
        if phase is not None
    ]
    document: Document = {
        "id": ids.function,
        "name": spec.name,
        "start_time": microseconds(whole.start_ns),
        "trace_id": ids.trace,
        "end_time": microseconds(whole.end_ns),
        "parent_id": ids.service,
        **({"error": True} if whole.failed else {}),
        "aws": {"account_id": account_id, "function_arn": spec.arn, "resource_names": [spec.name]},
        "origin": "AWS::Lambda::Function",
        "subsegments": subsegments,
    }
    if cause is not None:
        document["cause"] = cause
    return document
