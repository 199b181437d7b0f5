"""What sets two trace sets apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from raylens.analytics import Comparison, compare_sets
from raylens.analytics.comparison import (
    AttributeDifference,
    Finding,
    OrderDifference,
    PathDifference,
    ShareDifference,
    Significance,
    ValueDifference,
)
from raylens.analytics.defining import defining_attributes, mark_defining
from raylens.api.analytics.overview import attribute_shape, set_shape
from raylens.api.analytics.requests import CompareRequest
from raylens.api.analytics.sets import ChosenSet, check_limit, choose_sets
from raylens.api.analytics.shapes import (
    AttributeDifferenceShape,
    CompareAnswer,
    ComparedSet,
    FindingShape,
    OrderShape,
    PathFindingShape,
    PathShape,
    SharesShape,
    SignificanceShape,
    ValueShape,
)
from raylens.api.context import Services
from raylens.filterexpr import Expression
from raylens.model.trace_sets import PathCount
from raylens.storage.interface import AnalyticsReader, TraceReader
from raylens.traces import assemble_traces, critical_path, held_by_path

_TRACES_AT_ONCE = 50
# Of traces of the usual size every one that was asked for; of monstrous ones fewer, and the answer says how many.
_MOST_SAMPLED_SPANS = 200_000


async def compare(services: Services, request: CompareRequest) -> CompareAnswer:
    """The differences of two sets, in their attributes and along their call paths, ranked and in words.

    All traces of both sets are counted; how long call paths held the response is measured on a sample of them.
    Raises: InvalidRequest for sets that cannot be chosen, or a limit out of range.
    """
    check_limit(request.limit)
    check_limit(request.sample, "sample", least=0)
    a, b = await choose_sets(services, request.a, request.b)
    return await services.read(lambda: _compare(services, a, b, request))


class _Sample(msgspec.Struct, frozen=True):
    """For each call path, how long it held the response in each sampled trace that contains it."""

    traces: int
    held_ns: dict[str, list[int]]


def _compare(services: Services, a: ChosenSet, b: ChosenSet, request: CompareRequest) -> CompareAnswer:
    store = services.store
    sizes, counts = store.compare(a.traces, b.traces, request.limit)
    paths = store.compare_paths(a.traces, b.traces, request.limit)
    samples = [_sample(store, store, chosen, request.sample) for chosen in (a, b)]
    comparison = compare_sets(
        sizes,
        mark_defining(counts, defining_attributes(_asked(a, b))),
        [_with_times(path, *samples) for path in paths],
    )
    return _answer(
        comparison,
        ComparedSet(set_shape(a), comparison.n_a, samples[0].traces),
        ComparedSet(set_shape(b), comparison.n_b, samples[1].traces),
    )


def _asked(a: ChosenSet, b: ChosenSet) -> Iterator[Expression]:
    """What decides about being in one set and not the other: a group that both are in does not."""
    for chosen in (a, b):
        yield chosen.traces.where.expression
        if a.traces.where.versions != b.traces.where.versions:
            yield from (version.expression for version in chosen.traces.where.versions)


def _sample(analytics: AnalyticsReader, traces: TraceReader, chosen: ChosenSet, limit: int) -> _Sample:
    ids = analytics.sample(chosen.traces, limit) if limit else []
    held_ns: dict[str, list[int]] = {}
    sampled = spans = 0
    for first in range(0, len(ids), _TRACES_AT_ONCE):
        found = traces.spans(ids[first : first + _TRACES_AT_ONCE])
        spans += len(found)
        for trace in assemble_traces(found).values():
            sampled += 1
            path = critical_path(trace)
            for text, held in held_by_path(trace, path).items() if path is not None else ():
                held_ns.setdefault(text, []).append(held)
        if spans > _MOST_SAMPLED_SPANS:
            break
    return _Sample(sampled, held_ns)


def _with_times(path: PathCount, a: _Sample, b: _Sample) -> PathCount:
    held_a, held_b = (sample.held_ns.get(path.path, ()) for sample in (a, b))
    return msgspec.structs.replace(path, held_a_ns=tuple(held_a), held_b_ns=tuple(held_b))


def _answer(comparison: Comparison, a: ComparedSet, b: ComparedSet) -> CompareAnswer:
    return CompareAnswer(
        state=comparison.state,
        summary=comparison.summary,
        notes=comparison.notes,
        a=a,
        b=b,
        overlap=comparison.overlap,
        tests=comparison.tests,
        findings=tuple(map(_finding, comparison.findings)),
        attributes=_attributes(comparison.attributes),
        defining=_attributes(comparison.defining),
        path_findings=tuple(
            PathFindingShape(each.path, each.change, each.effect, each.sentence) for each in comparison.path_findings
        ),
        paths=tuple(map(_path, comparison.paths)),
    )


def _attributes(differences: Iterable[AttributeDifference]) -> tuple[AttributeDifferenceShape, ...]:
    return tuple(
        AttributeDifferenceShape(
            attribute=attribute_shape(each.attribute),
            effect=each.effect,
            significant=each.significant,
            significance=_significance(each.significance),
            distinct=each.distinct,
            other_a=each.other_a,
            other_b=each.other_b,
            values=tuple(map(_value, each.values)),
            order=None if each.order is None else _order(each.order),
        )
        for each in differences
    )


def _finding(finding: Finding) -> FindingShape:
    return FindingShape(
        attribute=attribute_shape(finding.attribute),
        sentence=finding.sentence,
        effect=finding.effect,
        value=None if finding.value is None else _value(finding.value),
        order=None if finding.order is None else _order(finding.order),
    )


def _path(path: PathDifference) -> PathShape:
    return PathShape(
        path=path.path,
        presence=_shares(path.presence),
        per_trace_a=path.per_trace_a,
        per_trace_b=path.per_trace_b,
        time=None if path.time is None else _order(path.time),
        changes=path.changes,
        implied_by=path.implied_by,
    )


def _value(value: ValueDifference) -> ValueShape:
    return ValueShape(value.value, _shares(value.shares))


def _shares(shares: ShareDifference) -> SharesShape:
    return SharesShape(
        count_a=shares.count_a,
        count_b=shares.count_b,
        share_a=shares.share_a,
        share_b=shares.share_b,
        difference=shares.difference,
        ratio=shares.ratio,
        cohens_h=shares.cohens_h,
        supported=shares.supported,
        significance=_significance(shares.significance),
    )


def _order(order: OrderDifference) -> OrderShape:
    return OrderShape(
        n_a=order.n_a,
        n_b=order.n_b,
        median_a_ms=order.median_a_ns / 1e6,
        median_b_ms=order.median_b_ns / 1e6,
        mean_a_ms=order.mean_a_ns / 1e6,
        mean_b_ms=order.mean_b_ns / 1e6,
        cliffs_delta=order.cliffs_delta,
        superiority=order.superiority,
        significance=_significance(order.significance),
    )


def _significance(significance: Significance | None) -> SignificanceShape | None:
    return None if significance is None else SignificanceShape(significance.test, significance.p, significance.q)
