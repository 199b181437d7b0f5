"""Root causes of many traces at once, by the rules of `traces.root_causes`; and their text form.

Every walk goes from a span to one child, the same for whoever comes by. So the next step is worked out for all spans at
once, and the walks of all traces then go on together, a step at a time.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from raylens.model.outcome import Outcome
from raylens.model.service import ServiceId
from raylens.model.trace import RootCause, RootCauseEntity, RootCauseException, RootCauseService
from raylens.traceindex.columns import Flags, Ints, Spans
from raylens.traceindex.tree import Tree

_NONE = -1
_decoder = msgspec.json.Decoder(RootCause)


class Causes(msgspec.Struct, frozen=True):
    """Root causes as texts: the i-th belongs to trace `trace[i]`, in the order of the trace's spans."""

    trace: Ints
    texts: list[str]


class TimeCauses(msgspec.Struct, frozen=True):
    """The response-time root cause of each trace, "" where there is none.

    The text holds no coverages: they differ in every trace. `coverages` are thousandths, one for each entity of the
    traces in turn, `entities` says how many each trace has.
    """

    texts: list[str]
    coverages: Ints
    entities: Ints


def cause_from_text(text: str) -> RootCause:
    """The root cause that a text of the index stands for; one of response time is still without coverages."""
    return _decoder.decode(text)


def with_coverages(cause: RootCause, thousandths: Sequence[int]) -> RootCause:
    """A response-time root cause with the coverage of its entities, in order."""
    left = iter(thousandths)
    return RootCause(
        tuple(
            msgspec.structs.replace(
                service, path=tuple(msgspec.structs.replace(e, coverage=next(left) / 1000) for e in service.path)
            )
            for service in cause.services
        ),
        cause.client_impacting,
    )


def flag_causes(spans: Spans, tree: Tree, flagged: Flags) -> Causes:
    """Root causes of the spans that `flagged` marks: faults or errors."""
    if not flagged.any():
        return Causes(np.zeros(0, np.int64), [])
    is_segment = spans.flag["is_segment"]
    owner_flagged = np.where(tree.owner == _NONE, False, flagged[tree.owner])
    starts = np.flatnonzero(
        flagged
        & np.where(
            is_segment,
            ~_flagged_segment_above(is_segment, tree, flagged),
            tree.inferred & (tree.owner != _NONE) & ~owner_flagged,
        )
    )
    thrown = _Exceptions(spans, np.flatnonzero(flagged & (tree.inferred | _has_exceptions(spans))))
    # an inferred failure before an exception of our own, then the earlier start, then the id
    children = np.flatnonzero(flagged & (tree.parent != _NONE) & (tree.parent != np.arange(len(spans))))
    order = np.lexsort((children, thrown.code[children] == 0, ~tree.inferred[children], tree.parent[children]))
    following = _first_child(len(spans), tree, children[order])
    following[tree.inferred] = _NONE
    walks = _walk(starts, following)
    alone = ~is_segment[starts]
    evident = alone | tree.inferred[walks.last()] | walks.any(thrown.code != 0)
    texts = _Describer(spans, tree, thrown).texts(walks, tree.lone[starts] * 2 + alone)
    return Causes(spans.trace[starts][evident], [text for text, told in zip(texts, evident, strict=True) if told])


def time_causes(spans: Spans, tree: Tree) -> TimeCauses:
    """Where more than half of each root's response time went, one entity after the other."""
    count = len(spans)
    length = spans.number["end_ns"] - spans.number["start_ns"]
    finished = ~spans.flag["in_progress"]
    roots = tree.root[(tree.root != _NONE)]
    roots = roots[finished[roots] & (length[roots] > 0)]
    total = np.zeros(spans.traces, np.int64)
    total[spans.trace[roots]] = length[roots]
    whole = total[spans.trace]
    children = np.flatnonzero(finished & (tree.parent != _NONE) & (2 * length > whole) & (length <= whole))
    order = np.lexsort((children, -length[children], tree.parent[children]))
    following = _first_child(count, tree, children[order])
    following[tree.inferred] = _NONE
    walks = _walk(roots, following).longer_than(1)
    nothing = _Exceptions(spans, np.zeros(0, np.int64))
    traces = spans.trace[walks.start()]
    texts = [""] * spans.traces
    for trace, text in zip(
        traces.tolist(), _Describer(spans, tree, nothing).texts(walks, walks.first * 0 + 2), strict=True
    ):
        texts[trace] = text
    # the entity of an inferred service has the coverage of the call that reached it
    repeats = np.where(tree.inferred[walks.steps], 2, 1)
    steps = np.repeat(walks.steps, repeats)
    entities = np.bincount(np.repeat(traces, walks.lengths()), weights=repeats, minlength=spans.traces).astype(np.int64)
    coverages = np.round(length[steps] * 1000 / whole[steps]).astype(np.int64)
    return TimeCauses(texts, coverages, entities)


def fault_flags(tree: Tree) -> Flags:
    """The spans that faults are traced through."""
    return tree.fault & (tree.outcome != Outcome.THROTTLE)


def error_flags(spans: Spans, tree: Tree) -> Flags:
    """The spans that errors are traced through, throttles included."""
    return spans.flag["error"] | (tree.outcome == Outcome.THROTTLE)


def _first_child(count: int, tree: Tree, children: Ints) -> Ints:
    """For each span the first of `children`, which are sorted by parent and then by preference."""
    following = np.full(count, _NONE)
    parents, first = np.unique(tree.parent[children], return_index=True)
    following[parents] = children[first]
    return following


class _Walks(msgspec.Struct, frozen=True):
    """Walks one after the other: `steps` are spans, `first` is where each walk begins in them."""

    steps: Ints
    first: Ints

    def lengths(self) -> Ints:
        return np.diff(np.append(self.first, len(self.steps)))

    def start(self) -> Ints:
        return self.steps[self.first]

    def last(self) -> Ints:
        return self.steps[self.first + self.lengths() - 1]

    def any(self, flags: Flags) -> Flags:
        """Whether a span on each walk is flagged."""
        if not len(self.first):
            return np.zeros(0, bool)
        return np.logical_or.reduceat(flags[self.steps], self.first)

    def longer_than(self, count: int) -> _Walks:
        lengths = self.lengths()
        kept = lengths > count
        ends = np.cumsum(lengths[kept])
        return _Walks(self.steps[np.repeat(kept, lengths)], ends - lengths[kept])


def _walk(starts: Ints, following: Ints) -> _Walks:
    """From each start on to whoever follows, until nobody does.

    No walk meets a span twice: each span has one parent, so a circle is not entered from outside, and one that starts
    inside a circle stops where it began.
    """
    walks, steps = [np.arange(len(starts))], [starts]
    active, at = np.arange(len(starts)), starts
    for _ in range(len(following)):
        at = following[at]
        going = (at != _NONE) & (at != starts[active])
        if not going.any():
            break
        active, at = active[going], at[going]
        walks.append(active)
        steps.append(at)
    numbers = np.concatenate(walks)
    order = np.argsort(numbers, kind="stable")
    first = np.searchsorted(numbers[order], np.arange(len(starts)))
    return _Walks(np.concatenate(steps)[order], first)


def _flagged_segment_above(is_segment: Flags, tree: Tree, flagged: Flags) -> Flags:
    """Whether a segment further up the parents of each segment is flagged."""
    count = len(is_segment)
    parent = np.append(tree.parent, _NONE)
    owner = np.append(tree.owner, _NONE)
    above = np.append(np.where(is_segment, owner[parent[:-1]], _NONE), _NONE)
    found = np.append(flagged, False)[above]
    # a segment in a circle is above itself, which does not count
    found &= above != np.arange(count + 1)
    for _ in range(count.bit_length() + 1):
        if (above == _NONE).all():
            break
        found |= found[above]
        above = above[above]
    return found[:-1]


def _has_exceptions(spans: Spans) -> Flags:
    column = spans.table.column("exception_types").chunk(0)
    offsets = column.offsets.to_numpy()
    return (offsets[1:] > offsets[:-1])[spans.rows]


class _Exceptions:
    """The exceptions of some spans as numbers: spans with equal exceptions have equal codes, 0 is none."""

    def __init__(self, spans: Spans, positions: Ints) -> None:
        self.code = np.zeros(len(spans), np.int64)
        known: dict[tuple[tuple[str, ...], tuple[str, ...]], int] = {((), ()): 0}
        types = spans.column("exception_types", positions).to_pylist()
        messages = spans.column("exception_messages", positions).to_pylist()
        for position, *pair in zip(positions.tolist(), types, messages, strict=True):
            self.code[position] = known.setdefault((tuple(pair[0]), tuple(pair[1])), len(known))
        self.values = [
            tuple(RootCauseException(name, message) for name, message in zip(*pair, strict=True)) for pair in known
        ]


class _Describer:
    """Walks to texts; equal walks are described once."""

    def __init__(self, spans: Spans, tree: Tree, thrown: _Exceptions) -> None:
        self._spans, self._tree, self._thrown = spans, tree, thrown
        self._remote = ~spans.words["remote_type"].is_empty()

    def texts(self, walks: _Walks, kinds: Ints) -> list[str]:
        """The text of each walk; `kinds` are 2 for client impacting, and 1 more when the walk is an inferred call."""
        known: dict[tuple[bytes, int], str] = {}
        signatures = self._signatures(walks.steps).tobytes()
        size = len(signatures) // max(len(walks.steps), 1)
        ends = walks.first + walks.lengths()
        texts = []
        for first, end, kind in zip(walks.first.tolist(), ends.tolist(), kinds.tolist(), strict=True):
            key = signatures[size * first : size * end], kind
            if key not in known:
                cause = self._cause(walks.steps[first:end].tolist(), bool(kind & 2), bool(kind & 1))
                known[key] = msgspec.json.encode(cause).decode()
            texts.append(known[key])
        return texts

    def _signatures(self, steps: Ints) -> Ints:
        """Numbers that are equal for steps that read the same, and only for those."""
        kind = self._spans.flag["is_segment"] * 4 + self._tree.inferred * 2 + self._remote
        signatures = np.zeros(len(steps), np.int64)
        for member in (kind, self._spans.words["name"].codes, self._tree.node, self._thrown.code):
            # numbered anew after each member, so that the next one fits beside it
            _, own = np.unique(member[steps], return_inverse=True)
            _, signatures = np.unique(signatures * (len(steps) + 1) + own.reshape(-1), return_inverse=True)
            signatures = signatures.reshape(-1)
        return signatures

    def _cause(self, path: list[int], client_impacting: bool, alone: bool) -> RootCause:
        services: list[tuple[ServiceId, bool, list[RootCauseEntity]]] = []
        names = self._spans.words["name"]
        for span in path:
            name = names.values[names.codes[span]]
            node = self._tree.node_id(span)
            exceptions = self._thrown.values[self._thrown.code[span]]
            entity = RootCauseEntity(name, bool(self._remote[span]), None, exceptions)
            if self._spans.flag["is_segment"][span]:
                services.append((node, False, [entity]))
            elif not alone:
                services[-1][2].append(entity)
            if self._tree.inferred[span]:
                services.append((node, True, [RootCauseEntity(name, False)]))
        return RootCause(
            tuple(RootCauseService(i, inferred, tuple(p)) for i, inferred, p in services), client_impacting
        )
