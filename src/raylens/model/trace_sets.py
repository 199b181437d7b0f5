"""What the comparison of two trace sets is computed from: how many traces of each set have which value.

A is the set of interest, B the one it is compared with. All counts are numbers of traces, not of spans.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from raylens.model.segment import AnnotationValue


class AttributeKind(StrEnum):
    """What can be asked of a trace. The values are the names of the API."""

    URL = "url"
    METHOD = "method"
    STATUS = "status"
    USER = "user"
    USER_AGENT = "user_agent"
    CLIENT_IP = "client_ip"
    SERVICE = "service"
    ENTRY_POINT = "entry_point"
    OUTCOME = "outcome"
    RESPONSE_TIME_ROOT_CAUSE = "response_time_root_cause"
    FAULT_ROOT_CAUSE = "fault_root_cause"
    ERROR_ROOT_CAUSE = "error_root_cause"
    AVAILABILITY_ZONE = "availability_zone"
    INSTANCE = "instance"
    RESOURCE_ARN = "resource_arn"
    ANNOTATION = "annotation"
    RESPONSE_TIME = "response_time"
    DURATION = "duration"


class Attribute(msgspec.Struct, frozen=True):
    """One thing that is compared. `key` is that of an annotation, and empty for all other kinds.

    `defining` marks what the sets were made by, such as everything their filters mention: it differs by definition,
    explains nothing, and is listed apart.
    """

    kind: AttributeKind
    key: str = ""
    defining: bool = False


class TraceSets(msgspec.Struct, frozen=True):
    """How many traces each set has, and how many are in both."""

    n_a: int
    n_b: int
    overlap: int = 0


class ValueCount(msgspec.Struct, frozen=True):
    """How many traces of each set have one value; services and root causes as their text."""

    value: AnnotationValue
    count_a: int
    count_b: int


class CategoricalCounts(msgspec.Struct, frozen=True):
    """The values of one attribute, in any order, perhaps only the most frequent.

    A trace may have several values (of its services, say): it then counts once for each. `other` are the traces with
    at least one value that is left out here, `absent` those with none at all. Where every trace of both sets is
    counted exactly once, the attribute is taken to have one value for each trace.
    """

    attribute: Attribute
    values: tuple[ValueCount, ...]
    absent_a: int = 0
    absent_b: int = 0
    other_a: int = 0
    other_b: int = 0
    # of all values, those left out included; None when nothing was left out
    distinct: int | None = None


class BucketCount(msgspec.Struct, frozen=True):
    """How many traces of each set fall into one bucket of `model.service.histogram_bucket_ms`."""

    bucket_ms: int
    count_a: int
    count_b: int


class NumericCounts(msgspec.Struct, frozen=True):
    """The distribution of a duration, in any order. `absent` are traces without one: their root is unfinished."""

    attribute: Attribute
    buckets: tuple[BucketCount, ...]
    absent_a: int = 0
    absent_b: int = 0


class PathCount(msgspec.Struct, frozen=True):
    """One call path, from the entry to a node, such as `stage > fn (AWS::Lambda) > orders (AWS::DynamoDB::Table)`.

    The names of segments and nodes cannot hold `>`, so ` > ` separates. `traces` contain the path at least once,
    `occurrences` is how often all of them together do.
    """

    path: str
    traces_a: int
    traces_b: int
    occurrences_a: int
    occurrences_b: int
    # For a sample of those traces, how long the last node of the path held the response, in any order; 0 for a trace
    # whose response did not wait for it. Empty when nothing was sampled.
    held_a_ns: tuple[int, ...] = ()
    held_b_ns: tuple[int, ...] = ()
