"""What can be asked of one trace: its observations, calls, annotations and root causes, projected once.

The filter language is defined over these values; the trace index stores the same ones as columns.
Sources: X-Ray developer guide, filter expressions; concepts, service graph.
"""

from __future__ import annotations

import msgspec

from raylens.model.segment import AnnotationValue
from raylens.model.service import ServiceId
from raylens.model.trace import RootCause

# Annotations beyond the first 50 keys of a trace are kept but not searchable (X-Ray developer guide, concepts). Which
# 50 is not documented: the first by start, then by key (inferred).
MAX_ANNOTATION_KEYS = 50


class Observation(msgspec.Struct, frozen=True, kw_only=True):
    """One request as the node that served it saw it: a segment, or a call that nobody answered (`inferred`).

    Times are epoch nanoseconds; lengths are 0 while in progress. Absent strings are empty, an absent status is 0.
    `account_id` is empty where the document names none: it is the server's own account then.
    """

    node: ServiceId
    account_id: str
    # made by the server from a caller's subsegment
    inferred: bool
    # the request entered the application here: a segment without a parent, or with one that never arrived
    root: bool
    in_progress: bool
    # class of a completed request, see model.outcome; 0 while in progress
    outcome: int
    start_ns: int
    response_ns: int
    # response time and asynchronous tail
    duration_ns: int
    http_status: int
    http_method: str
    http_url: str
    http_user_agent: str
    http_client_ip: str
    user: str
    resource_arn: str
    instance_id: str
    availability_zone: str


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One request as its caller saw it; `source` and `target` are positions in `TraceFacts.observations`."""

    source: int
    target: int
    in_progress: bool
    outcome: int
    start_ns: int
    response_ns: int
    http_status: int


class AnnotationFact(msgspec.Struct, frozen=True):
    """One annotation of one segment or subsegment.

    `key` is normalised (see `annotation_key`); `observation` is the position of the segment that carries it, -1 where
    that segment is not known.
    """

    key: str
    value: AnnotationValue
    observation: int


class TraceFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One trace as the filter language sees it.

    `observations` are sorted by start, then by the id of the span they come from. `root` is the position of the
    observation whose answer is the trace's answer; None when no segment arrived. Lengths are None while the root is
    unfinished or missing. `calls` hold at most one call for each target; the arrival of a client is none of them.
    """

    trace_id: bytes
    start_ns: int
    response_ns: int | None
    duration_ns: int | None
    root: int | None
    partial: bool
    observations: tuple[Observation, ...]
    calls: tuple[Call, ...]
    annotations: tuple[AnnotationFact, ...]
    fault_root_causes: tuple[RootCause, ...]
    error_root_causes: tuple[RootCause, ...]
    response_time_root_causes: tuple[RootCause, ...]

    @property
    def inferred(self) -> bool:
        """Whether the server had to make up a segment."""
        return any(observation.inferred for observation in self.observations)


def annotation_key(key: str) -> str:
    """The form of an annotation key that searches compare: `aws.local.service` and `aws_local_service` are one key.

    X-Ray accepts both spellings since 2024; its own validator queries the second for documents that carry the first.
    """
    return key.replace(".", "_")
