"""What was lost in an incident, compared with before: seconds and requests, in all and by one's own doing."""

from __future__ import annotations

import msgspec
import numpy as np

from raylens.insights.call_shares import Shares
from raylens.insights.figure_matrix import Bins, Matrix, without_nan
from raylens.model.figures import Column

# A median absolute deviation as a standard deviation of normal values.
_MAD_TO_SD = 1.4826
# How much of the time before the incident is "just before" it, at most, and at least in bins.
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
    """Response times before the incident: medians over bins, weighted alike."""
    return Usual(_median(reference.seconds), _weighted_mean(_recent(reference, bin_s)))


def time_lost(reference: Bins, incident: Bins, usual: Usual, shares: Shares, weights: Column) -> Loss:
    """Seconds that requests took longer than usual, summed over the bins of the incident by `weights`."""
    before = without_nan(reference.requests * (reference.seconds - usual.level))
    during = without_nan(incident.requests * (incident.seconds - usual.nearest(incident.seconds)))
    return _loss(before, during, _more_traffic(reference, incident, weights), shares, weights)


def requests_lost(
    before: Matrix, during: Matrix, reference: Bins, incident: Bins, shares: Shares, weights: Column
) -> Loss:
    """Requests that failed beyond the share that usually does; `before` and `during` count the failed."""
    share = _share(before.sum(0), reference.requests.sum(0))
    expected = incident.requests * share
    lost = during - expected
    loss = _loss(
        before - reference.requests * share, lost, _more_traffic(reference, incident, weights), shares, weights
    )
    # One failed request is no pattern, whatever was seen before: at least the spread of a Poisson count around it.
    floor = np.sqrt(weights**2 @ expected + 1.0)
    return msgspec.structs.replace(
        loss, total_noise=np.hypot(loss.total_noise, floor), own_noise=np.hypot(loss.own_noise, floor)
    )


def _loss(before: Matrix, during: Matrix, more_traffic: Column, shares: Shares, weights: Column) -> Loss:
    own_before, own_during = (each - (shares @ each.T).T for each in (before, during))
    scale = np.sqrt((weights**2).sum()) * more_traffic
    return Loss(weights @ during, weights @ own_during, _spread(before) * scale, _spread(own_before) * scale)


def _spread(lost: Matrix) -> Column:
    """Standard deviation of bins around nothing lost; where most bins lose nothing at all that of all of them."""
    if not len(lost):
        return np.zeros(lost.shape[1])
    robust = _MAD_TO_SD * np.median(np.abs(lost), axis=0)
    return np.where(robust > 0, robust, np.sqrt((lost**2).mean(0)))


def _more_traffic(reference: Bins, incident: Bins, weights: Column) -> Column:
    """How much wider sums vary with the incident's traffic."""
    now = (weights @ incident.requests) / weights.sum()
    then = reference.requests.mean(0) if reference.count else np.zeros_like(now)
    return np.sqrt(np.divide(now, then, out=np.ones_like(now), where=(then > 0) & (now > 0)))


def _recent(bins: Bins, bin_s: int) -> Bins:
    last = slice(-max(1, _RECENT_S // bin_s), None)
    return Bins(*(getattr(bins, name)[last] for name in Bins.__struct_fields__))


def _median(rows: Matrix) -> Column:
    if not len(rows):
        return np.full(rows.shape[1], np.nan)
    known = np.isfinite(rows).any(0)
    result = np.full(rows.shape[1], np.nan)
    result[known] = np.nanmedian(rows[:, known], axis=0)
    return result


def _weighted_mean(bins: Bins) -> Column:
    requests = np.where(np.isnan(bins.seconds), 0.0, bins.requests).sum(0)
    seconds = without_nan(bins.requests * bins.seconds).sum(0)
    return np.divide(seconds, requests, out=np.full(len(requests), np.nan), where=requests > 0)


def _share(part: Column, whole: Column) -> Column:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
