"""What was expected of a node or an edge over time: the detector over its figures once more.

Nothing of what the watch has learnt is read. Whoever asks about any past range, whether the group was watched then or
not, gets the judgement of a detector that began some time before the range.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import numpy as np

from raylens.insights.baseline_rates import rate_bands
from raylens.insights.detector import RATES, Detector, Judgement
from raylens.model.figures import RESPONSE_MEASURES, Entity, Figures
from raylens.model.insight import Signal
from raylens.model.service import ServiceId, Statistics
from raylens.model.time import NS_PER_S

# Bins to learn from: a detector's spreads are averages over 300 bins. A bin costs 1.2 ms.
HISTORY_BINS = 720
_PERCENTS = np.array([50, 90, 95, 99])
# A detector that knows one entity need not know its name.
_ANY = Entity(ServiceId(""))


class Band(msgspec.Struct, frozen=True):
    """One bin, which begins at `at_s`: what was observed of a signal, and the range that was expected.

    Seconds for LATENCY (the mean), numbers of requests for the others; `low` and `high` are None while too little had
    been seen. What is anomalous may be so by another measure than the mean.
    """

    at_s: int
    observed: float
    low: float | None
    high: float | None
    is_anomalous: bool


def expected_bands(statistics: Mapping[int, Statistics], bin_s: int, from_s: int, signal: Signal) -> tuple[Band, ...]:
    """The bands of the bins from `from_s` on, oldest first, of one node or edge.

    `statistics` are by the start of their bin, which is epoch seconds; those before `from_s` are learnt from. Bins
    without requests are left out. Of longer bins the bands are those of their sums, not sums of bands of minutes: the
    detector learns how far whole bins stray, and bins of one service stray together.
    """
    detector = Detector(bin_s)
    judged = []
    for at_s, own in sorted(statistics.items()):
        if own.total:
            judgement = detector.observe(_figures(at_s, own))
            if at_s >= from_s:
                judged.append((at_s, own, judgement))
    ranges = _times([each for *_, each in judged]) if signal is Signal.LATENCY else _counts(signal, judged)
    return tuple(
        Band(at_s, _observed(own, signal), *expected, any(each.signal is signal for each in judgement.anomalies))
        for (at_s, own, judgement), expected in zip(judged, ranges, strict=True)
    )


_Range = tuple[float | None, float | None]
_UNKNOWN: _Range = (None, None)


def _times(judgements: list[Judgement]) -> list[_Range]:
    return [judgement.expected(_ANY, Signal.LATENCY) or _UNKNOWN for judgement in judgements]


def _counts(signal: Signal, judged: list[tuple[int, Statistics, Judgement]]) -> list[_Range]:
    """As `Judgement.expected` has them, of all bins at once: one by one they cost 5 ms each."""
    ranges: list[_Range] = [_UNKNOWN] * len(judged)
    kind = RATES.index(signal)
    known = [
        (place, judgement.views.rates, judgement.tuning.anomalous_surprise)
        for place, (*_, judgement) in enumerate(judged)
        if judgement.views is not None and judgement.views.ready[0]
    ]
    if not known:
        return ranges
    n, a, b = (
        np.array(column)
        for column in zip(
            *((view.requests[0], view.alpha[0, kind], view.beta[0, kind]) for _, view, _ in known), strict=True
        )
    )
    low, high = rate_bands(n, a, b, known[0][2])
    for (place, *_), lowest, highest in zip(known, low, high, strict=True):
        ranges[place] = float(lowest), float(highest)
    return ranges


def _observed(statistics: Statistics, signal: Signal) -> float:
    match signal:
        case Signal.LATENCY:
            return statistics.response_ns / statistics.total / NS_PER_S
        case Signal.FAULT:
            return float(statistics.fault)
        case Signal.ERROR:
            return float(statistics.error)
        case Signal.THROTTLE:
            return float(statistics.throttle)


def _figures(at_s: int, statistics: Statistics) -> Figures:
    """The statistics as figures; percentiles as `GraphReader.figures_by_minute` has them."""
    values, counts = np.array(statistics.histogram, np.int64).reshape(-1, 2).T
    response_s = np.full((1, len(RESPONSE_MEASURES)), np.nan)
    if len(values):
        ranks = -(-statistics.total * _PERCENTS // 100)
        response_s[0] = [
            _observed(statistics, Signal.LATENCY),
            *values[np.searchsorted(np.cumsum(counts), ranks)] / 1_000,
        ]
    requests, faults, errors, throttles = (
        np.array([count], np.float64)
        for count in (statistics.total, statistics.fault, statistics.error, statistics.throttle)
    )
    return Figures(at_s, (_ANY,), requests, faults, errors, throttles, response_s)
