"""The usual share of faults, errors and throttles of each entity, and how far it strays."""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from raylens.insights.columns import Columns, Floats
from raylens.insights.roll import Rows
from raylens.insights.tails import count_beyond, count_surprise
from raylens.insights.tuning import Tuning

KINDS = 3
Bools = NDArray[np.bool_]


class RateView(msgspec.Struct, frozen=True):
    """One bin against its baselines, a row for each entity and a column for each kind of failure.

    The share of a kind is expected to be Beta(`alpha`, `beta`); `surprise` is 0 where nothing is judged.
    """

    requests: Floats
    alpha: Floats
    beta: Floats
    surprise: Floats

    def bands(self, rows: Rows, kinds: Rows, surprise: float) -> tuple[Floats, Floats]:
        """The fewest and the most failures that are expected in this bin, for pairs of row and kind."""
        return rate_bands(self.requests[rows], self.alpha[rows, kinds], self.beta[rows, kinds], surprise)


def rate_bands(requests: Floats, alpha: Floats, beta: Floats, surprise: float) -> tuple[Floats, Floats]:
    """The fewest and the most failures that are expected among so many requests, pair by pair."""
    most = np.minimum(count_beyond(surprise, requests, alpha, beta) - 1.0, requests)
    # few failures are many successes
    least = requests - (count_beyond(surprise, requests, beta, alpha) - 1.0)
    return np.clip(least, 0.0, most), most


class RateBaselines:
    """Shares are remembered as sums that fade; correlation as the excess of squared deviations over chance's."""

    def __init__(self, rows: int, tuning: Tuning) -> None:
        self._tuning = tuning
        zeros, prior = np.zeros(KINDS), tuning.share_prior_requests
        self.columns = Columns(
            rows,
            {
                "failed": zeros + prior * tuning.share_floor,
                "total": zeros + prior,
                "excess": zeros,
                "chances": zeros,
                "off_s": zeros,
                "recent": zeros,
                "waiting": zeros,
                "late_excess": zeros,
                "late_chances": zeros,
            },
        )

    def copy(self) -> RateBaselines:
        other = RateBaselines.__new__(RateBaselines)
        other._tuning, other.columns = self._tuning, self.columns.copy()
        return other

    def judge(self, rows: Rows, requests: Floats, failed: Floats, judged: Bools, same_time: Floats) -> RateView:
        """The bin against what was usual before it, and at the same time of other days where that is known; `judged`
        says of which rows enough is known."""
        t = self._tuning
        share, concentration = self._expected(rows)
        ceiling = self._ceiling(np.fmax(share, same_time))
        n = np.broadcast_to(requests[:, None], failed.shape)
        a, b = ceiling * concentration, (1 - ceiling) * concentration
        surprise = count_surprise(failed.ravel(), n.ravel(), a.ravel(), b.ravel()).reshape(failed.shape)
        few = (failed < t.least_failures) | ~judged[:, None]
        return RateView(requests, a, b, np.where(few, 0.0, surprise))

    def learn(
        self, rows: Rows, requests: Floats, failed: Floats, elapsed_s: Floats, anomalous: Bools, bin_s: int
    ) -> None:
        """Take the bin into the baselines; little of what is anomalous, until it has settled."""
        t, c = self._tuning, self.columns
        n = requests[:, None]
        share, _ = self._expected(rows)
        weight = np.where(anomalous, t.anomalous_weight, 1.0)
        # bins under way: failures that stay become the usual ones
        off = np.maximum(c["off_s"][rows] + np.where(anomalous, bin_s, -3 * bin_s), 0.0)
        recent = np.where(off > 0, c["recent"][rows], 0.0)
        recent = np.where(anomalous, np.where(recent > 0, 0.9 * recent + 0.1 * failed / n, failed / n), recent)
        settled = off >= t.settle_share_s
        # bursts are measured against the share they are judged by: of a share near nothing every failure is a burst
        ceiling = self._ceiling(share)
        chance = n * ceiling * (1 - ceiling)
        excess = np.where(failed > n * ceiling, np.square(failed - n * ceiling) - chance, 0.0)
        chances = (n - 1) * chance
        bursts = np.minimum(np.exp(-bin_s / t.share_memory_s), 1.0)
        # what was anomalous teaches a bin late: alone it is a burst as they come, a run of it is an incident
        waiting = c["waiting"][rows] > 0
        lone, held = waiting & ~anomalous, anomalous & ~waiting
        taught = np.where(anomalous, 0.0, excess) + np.where(lone, c["late_excess"][rows], 0.0)
        possible = np.where(anomalous, 0.0, chances) + np.where(lone, c["late_chances"][rows], 0.0)
        c["excess"][rows] = bursts * c["excess"][rows] + taught
        c["chances"][rows] = bursts * c["chances"][rows] + possible
        c["late_excess"][rows], c["late_chances"][rows] = np.where(held, excess, 0.0), np.where(held, chances, 0.0)
        c["waiting"][rows] = anomalous
        fade = self._fade(rows, elapsed_s)
        total = fade * c["total"][rows] + weight * n
        # an outage of minutes is no more than its duration makes it, however many failed
        usual = n * np.maximum(share, t.share_floor)
        taken = np.where(anomalous, np.minimum(failed, usual + t.clip * np.sqrt(usual) + 1.0), failed)
        bad = fade * c["failed"][rows] + weight * taken
        carry = t.share_carry_requests
        c["failed"][rows] = np.where(settled, recent * carry, bad)
        c["total"][rows] = np.where(settled, carry, total)
        c["off_s"][rows] = np.where(settled, 0.0, off)
        c["recent"][rows] = recent

    def _ceiling(self, share: Floats) -> Floats:
        """The share that would not surprise: the usual one, or the floor, and a rise that concerns nobody."""
        t = self._tuning
        return np.minimum(np.maximum(share, t.share_floor) + t.share_rise * (1 - share), 1 - 1e-9)

    def _fade(self, rows: Rows, elapsed_s: Floats) -> Floats:
        t = self._tuning
        plain = np.exp(-np.minimum(elapsed_s, t.long_gap_s) / t.share_memory_s)[:, None]
        total = np.maximum(self.columns["total"][rows], 1e-9)
        carried = np.minimum(t.share_carry_requests / total, 1.0)
        return np.where((elapsed_s > t.long_gap_s)[:, None], carried, plain)

    def _expected(self, rows: Rows) -> tuple[Floats, Floats]:
        """The usual share, and how firmly it is known: as if from so many requests."""
        t, c = self._tuning, self.columns
        total = c["total"][rows]
        share = c["failed"][rows] / total
        correlation = np.maximum(c["excess"][rows], 0.0) / np.maximum(c["chances"][rows], 1.0)
        correlation = np.clip(correlation, t.share_correlation_floor, 0.5)
        return share, 1.0 / (correlation / (1 - correlation) + 1.0 / total)
