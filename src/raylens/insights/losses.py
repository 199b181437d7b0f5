"""What was lost in an incident, compared with before: seconds and requests, in all and by one's own doing."""

from __future__ import annotations

import msgspec
import numpy as np

from raylens.insights.call_shares import Shares
from raylens.insights.figure_matrix import Bins, Matrix, without_nan
from raylens.model.figures import Column

# Normal values lie within so many standard deviations: most of them, and nearly all. Not further out, since the time
# before has had incidents, too; not only most of them, since response times have long tails.
_SPREADS = ((0.6827, 1.0), (0.90, 1.645))
# Stretches of the time before that are looked at; more say nothing else.
_MOST_STRETCHES = 400
# How much of the time before the incident is "just before" it.
_RECENT_S = 900


class Loss(msgspec.Struct, frozen=True):
    """By entity: what was lost (`total`), what of it none of its callees explains (`own`), and how much both vary when
    nothing is wrong (standard deviations)."""

    total: Column
    own: Column
    total_noise: Column
    own_noise: Column


class Usual(msgspec.Struct, frozen=True):
    """By entity: what is normal. `level` for the longest time, `recent` just before the incident; NaN when unseen."""

    level: Column
    recent: Column

    def nearest(self, observed: Matrix) -> Matrix:
        """What of both each observation is nearer to, and itself between them: drift is no incident."""
        low, high = np.fmin(self.level, self.recent), np.fmax(self.level, self.recent)
        return np.clip(observed, low, high)


def usual_seconds(reference: Bins, bin_s: int) -> Usual:
    """Response times before the incident: the median bin, and the mean of the last requests."""
    seconds = reference.seconds
    level = np.full(seconds.shape[1], np.nan)
    known = np.isfinite(seconds).any(0)
    level[known] = np.nanmedian(seconds[:, known], axis=0)
    last = slice(-recent_bins(bin_s), None)
    requests = np.where(np.isnan(seconds[last]), 0.0, reference.requests[last])
    total = (requests * without_nan(seconds[last])).sum(0)
    return Usual(level, ratio(total, requests.sum(0), np.nan))


def recent_bins(bin_s: int) -> int:
    """How many bins are "just before" the incident."""
    return max(1, _RECENT_S // bin_s)


def time_lost(reference: Bins, incident: Bins, usual: Usual, shares: Shares) -> Loss:
    """Seconds that the requests of the incident took longer than usual."""
    before = without_nan(reference.requests * (reference.seconds - usual.level))
    during = without_nan(incident.requests * (incident.seconds - usual.nearest(incident.seconds)))
    # Times vary with their level: a step that became slower for good long before varies by more seconds.
    grown = np.fmax(ratio(usual.recent, usual.level, 1.0), 1.0)
    loss = _loss(before, during, more_traffic(reference, incident) * grown, shares)
    # Single requests vary by about as much as they take (exponential times), however steady so few of them looked.
    return _with_floor(loss, without_nan(usual.level) * np.sqrt(incident.requests.sum(0)))


def requests_lost(before: Matrix, during: Matrix, reference: Bins, incident: Bins, shares: Shares) -> Loss:
    """Requests that failed beyond the share that usually does; `before` and `during` count the failed."""
    if not before.any() and not during.any():
        zeros = np.zeros(before.shape[1])
        return Loss(zeros, zeros, np.ones_like(zeros), np.ones_like(zeros))
    share = ratio(before.sum(0), reference.requests.sum(0), 0.0)
    expected = incident.requests * share
    more = more_traffic(reference, incident)
    loss = _loss(before - reference.requests * share, during - expected, more, shares)
    # One failed request is no pattern, whatever was seen before: at least the spread of a Poisson count around it.
    return _with_floor(loss, np.sqrt(expected.sum(0) + 1.0))


def spread(lost: Matrix, length: int) -> Column:
    """What normal stretches of so many bins lose or gain, as the standard deviation a normal law would have."""
    if not len(lost):
        return np.zeros(lost.shape[1])
    length = min(length, max(1, len(lost) // 4))
    until = np.cumsum(np.vstack([np.zeros(lost.shape[1]), lost]), axis=0)
    stretches = until[length:] - until[:-length]
    stretches = np.abs(stretches[:: max(1, len(stretches) // _MOST_STRETCHES)])
    quantiles = np.quantile(stretches, [share for share, _ in _SPREADS], axis=0)
    widest: Column = (quantiles / np.array([[width] for _, width in _SPREADS])).max(0)
    return widest


def more_traffic(reference: Bins, incident: Bins) -> Column:
    """How much wider sums vary with the incident's traffic."""
    then = reference.requests.mean(0) if reference.count else np.zeros(reference.requests.shape[1])
    now = incident.requests.mean(0)
    return np.sqrt(np.where(now > 0, ratio(now, then, 1.0), 1.0))


def ratio(part: Column, whole: Column, otherwise: float) -> Column:
    """`part / whole`, and `otherwise` where there is nothing to divide by."""
    result: Column = np.divide(part, whole, out=np.full(whole.shape, otherwise), where=whole > 0)
    return result


def _loss(before: Matrix, during: Matrix, more: Column, shares: Shares) -> Loss:
    own_before, own_during = (_own(each, shares) for each in (before, during))
    length = len(during)
    return Loss(during.sum(0), own_during.sum(0), spread(before, length) * more, spread(own_before, length) * more)


def _with_floor(loss: Loss, noise: Column) -> Loss:
    return Loss(loss.total, loss.own, np.hypot(loss.total_noise, noise), np.hypot(loss.own_noise, noise))


def _own(lost: Matrix, shares: Shares) -> Matrix:
    """What no callee explains. Where callees lost more than the caller, nobody waited for the rest."""
    explained: Matrix = (shares @ np.maximum(lost, 0.0).T).T
    return np.where(lost > 0, np.maximum(lost - explained, 0.0), lost)
