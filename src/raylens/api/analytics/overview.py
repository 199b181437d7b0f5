"""A trace set at a glance, what it can be grouped by, and its groupings."""

from __future__ import annotations

from collections.abc import Sequence

from raylens.analytics import percentiles_ms
from raylens.analytics.sentences import label_of
from raylens.api.analytics.requests import AttributeMember, AttributesRequest, GroupByRequest, OverviewRequest
from raylens.api.analytics.sets import ChosenSet, check_limit, choose_set
from raylens.api.analytics.shapes import (
    Activity,
    ActivityBucket,
    AttributesAnswer,
    AttributeShape,
    Distribution,
    GroupByAnswer,
    GroupRowShape,
    HistogramBucket,
    Outcomes,
    OverviewAnswer,
    Percentiles,
    SetShape,
)
from raylens.api.context import Services
from raylens.errors import InvalidRequest
from raylens.model.facts import annotation_key
from raylens.model.time import NS_PER_S, TimeRange, seconds_from_ns
from raylens.model.trace_sets import Attribute, AttributeKind
from raylens.storage.interface import Grouping, Overview

# Each at most twice the one before, so that the smallest that gives 120 buckets or fewer gives at least 60.
_BUCKETS_S = (
    1, 2, 3, 5, 10, 15, 30, 60, 120, 180, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400,
)  # fmt: skip
_MOST_BUCKETS = 120
# as many as a chart can show
_MOST_BUCKETS_ASKED = 10_000
_LONGEST_BUCKET_S = 365 * 86_400
_SHARES = (0.5, 0.9, 0.95, 0.99)
_NUMBERS = frozenset({AttributeKind.RESPONSE_TIME, AttributeKind.DURATION})


async def overview(services: Services, request: OverviewRequest) -> OverviewAnswer:
    """Outcomes, response times, durations and activity of a set.

    Raises: InvalidRequest for a set that cannot be chosen, and for buckets of less than a second or more than 10,000.
    """
    chosen = await choose_set(services, request.of)
    bucket_s = checked_bucket_s(request.bucket_s, chosen.traces.window)
    seen = await services.read(lambda: services.store.overview(chosen.traces, bucket_s))
    return OverviewAnswer(
        of=set_shape(chosen),
        traces=seen.traces,
        outcomes=Outcomes(seen.ok, seen.error, seen.throttle, seen.fault, seen.unfinished),
        average_response_time_ms=average_ms(seen.response_ns, seen.traces - seen.unfinished),
        response_time=distribution(seen.response_times),
        duration=distribution(seen.durations),
        activity=_activity(seen, bucket_s),
    )


async def attributes(services: Services, request: AttributesRequest) -> AttributesAnswer:
    """What a set can be grouped by; of annotations only keys that some trace of it has.

    Raises: InvalidRequest for a set that cannot be chosen.
    """
    chosen = await choose_set(services, request.of)
    found = await services.read(lambda: services.store.attributes(chosen.traces))
    return AttributesAnswer(set_shape(chosen), tuple(map(attribute_shape, found)))


async def group_by(services: Services, request: GroupByRequest) -> GroupByAnswer:
    """A set divided by the values of an attribute, most traces first.

    Raises: InvalidRequest for a set that cannot be chosen, a limit out of range, and an attribute that is a number.
    """
    by, limit = _checked_attribute(request.attribute), check_limit(request.limit)
    chosen = await choose_set(services, request.of)
    grouping, traces = await services.read(lambda: _group(services, chosen, by, limit))
    listed = sum(row.value is not None for row in grouping.rows)
    return GroupByAnswer(
        of=set_shape(chosen),
        attribute=attribute_shape(by),
        traces=traces,
        rows=tuple(
            GroupRowShape(
                value=row.value,
                traces=row.traces,
                share=row.traces / traces if traces else 0.0,
                ok=row.ok,
                error=row.error,
                throttle=row.throttle,
                fault=row.fault,
                average_response_time_ms=average_ms(row.response_ns, row.answered),
            )
            for row in grouping.rows
        ),
        distinct=grouping.distinct,
        left_out=grouping.distinct - listed,
    )


def set_shape(chosen: ChosenSet) -> SetShape:
    """What a set was understood to be."""
    window = chosen.traces.window
    return SetShape(seconds_from_ns(window.start_ns), seconds_from_ns(window.end_ns), chosen.filter, chosen.group)


def attribute_shape(attribute: Attribute) -> AttributeShape:
    """An attribute and what people call it."""
    return AttributeShape(attribute.kind, attribute.key, label_of(attribute))


def _group(services: Services, chosen: ChosenSet, by: Attribute, limit: int) -> tuple[Grouping, int]:
    grouping = services.store.group(chosen.traces, by, limit)
    traces = services.store.size(chosen.traces)
    # Traces that came or went between the two questions must not make a share of more than all.
    return grouping, max([traces, *(row.traces for row in grouping.rows)])


def _checked_attribute(member: AttributeMember) -> Attribute:
    if member.kind in _NUMBERS:
        raise InvalidRequest(f"{member.kind} is a number and no set is grouped by it: overview has its distribution")
    if member.kind is AttributeKind.ANNOTATION and not member.key:
        raise InvalidRequest("attribute.key is required: the key of the annotation")
    if member.kind is not AttributeKind.ANNOTATION and member.key:
        raise InvalidRequest(f"attribute.key is '{member.key[:60]}', but only annotations have one")
    return Attribute(member.kind, annotation_key(member.key))


def checked_bucket_s(bucket_s: int | None, window: TimeRange) -> int:
    """The width of a bucket, chosen so that 60 to 120 fit where none is given.

    Raises: InvalidRequest when it is out of range.
    """
    length_s = -(-(window.end_ns - window.start_ns) // NS_PER_S)
    if bucket_s is None:
        whole_days = 86_400 * -(-length_s // (86_400 * _MOST_BUCKETS))
        return next((each for each in _BUCKETS_S if each * _MOST_BUCKETS >= length_s), whole_days)
    if not 1 <= bucket_s <= _LONGEST_BUCKET_S or length_s > bucket_s * _MOST_BUCKETS_ASKED:
        raise InvalidRequest(
            f"bucket_s is {bucket_s}, 1 to {_LONGEST_BUCKET_S:,} and no more than {_MOST_BUCKETS_ASKED:,} buckets in "
            "the range were expected"
        )
    return bucket_s


def _activity(seen: Overview, bucket_s: int) -> Activity:
    return Activity(
        bucket_s,
        tuple(ActivityBucket(seconds_from_ns(start_ns), traces, failed) for start_ns, traces, failed in seen.activity),
    )


def distribution(histogram: Sequence[tuple[int, int]]) -> Distribution:
    """A histogram and its percentiles."""
    found = percentiles_ms(histogram, _SHARES)
    return Distribution(
        tuple(HistogramBucket(bucket_ms, count) for bucket_ms, count in histogram),
        None if found is None else Percentiles(*(round(value, 3) for value in found)),
    )


def average_ms(total_ns: int, traces: int) -> float | None:
    """The average of response times, None where there are none."""
    return round(total_ns / traces / 1e6, 3) if traces else None
