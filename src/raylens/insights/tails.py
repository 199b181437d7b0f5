"""How unlikely an observation is: tails of the beta-binomial distribution and of Student's t, many at a time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# scipy.special is imported where it is used: it costs 0.3 s, and the server must start without it.

Floats = NDArray[np.float64]
# No surprise is larger: probabilities end at about 1e-308.
MOST_SURPRISE = 300.0
# Where a tail is evaluated. Between two neighbours the logarithm of the probability is close to a straight line.
_NODES = 24


def count_surprise(counts: Floats, of: Floats, alpha: Floats, beta: Floats) -> Floats:
    """-log10 of the probability of at least `counts` among `of`, where the share is Beta(`alpha`, `beta`).

    Counts need not be whole. 0 where `counts` are not above what is expected: only rises matter.
    """
    surprise = np.zeros(len(counts))
    above = (counts > 0) & (counts > of * alpha / (alpha + beta))
    if above.any():
        tail = _log_upper_tail(counts[above], of[above], alpha[above], beta[above])
        surprise[above] = np.clip(-tail / np.log(10.0), 0.0, MOST_SURPRISE)
    return surprise


def count_beyond(surprise: float, of: Floats, alpha: Floats, beta: Floats) -> Floats:
    """The least count that is as surprising as that, at most one more than there are."""
    low, high = np.floor(of * alpha / (alpha + beta)), np.floor(of) + 1.0
    while True:
        open_ = high - low > 1.0
        if not open_.any():
            return np.asarray(high)
        middle = np.floor((low + high) / 2)
        beyond = count_surprise(middle, of, alpha, beta) >= surprise
        high, low = np.where(open_ & beyond, middle, high), np.where(open_ & ~beyond, middle, low)


def binomial_surprise(counts: Floats, of: Floats, share: float) -> Floats:
    """-log10 of the probability of at least `counts` among `of`, each with the probability `share`."""
    from scipy import special

    tail = special.betainc(counts, np.maximum(of - counts, 0.0) + 1.0, share)
    return np.asarray(-np.log10(np.maximum(tail, 10.0**-MOST_SURPRISE)))


def student_surprise(deviations: Floats, freedom: Floats) -> Floats:
    """-log10 of the probability of a larger deviation; NaN where the deviation is."""
    from scipy import special

    with np.errstate(divide="ignore"):
        return np.asarray(np.minimum(-np.log10(special.stdtr(freedom, -deviations)), MOST_SURPRISE))


def student_deviation(surprise: float, freedom: Floats) -> Floats:
    """The deviation that is as surprising as that."""
    from scipy import special

    return np.asarray(-special.stdtrit(freedom, 10.0**-surprise))


def _log_upper_tail(counts: Floats, of: Floats, alpha: Floats, beta: Floats) -> Floats:
    """The sum over each count from `counts` to `of`, in logarithms, exact up to `_NODES` terms.

    Beyond these the terms between two nodes are taken as a geometric series.
    """
    from scipy import special

    terms = np.floor(of - counts + 1e-9)
    steps = np.arange(_NODES)
    # whole steps at first, then growing by a constant factor until the last term
    spread = np.expm1(np.log1p(terms)[:, None] * steps / (_NODES - 1))
    nodes = np.minimum(np.maximum(np.floor(spread), steps), terms[:, None])
    at = counts[:, None] + nodes
    n, a, b = of[:, None], alpha[:, None], beta[:, None]
    rest = np.maximum(n - at, 0.0)
    logs = (
        special.gammaln(n + 1) - special.gammaln(at + 1) - special.gammaln(rest + 1)
        + special.betaln(at + a, rest + b) - special.betaln(a, b)
    )  # fmt: skip
    first, width = logs[:, :-1], np.diff(nodes, axis=1)
    slope = np.where(width > 0, (logs[:, 1:] - first) / np.maximum(width, 1.0), 0.0)
    # sum of exp(first + slope * k) for k from 0 to width - 1
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        series = np.where(np.abs(slope) < 1e-9, width, np.expm1(slope * width) / np.expm1(slope))
        parts = np.where(width > 0, first + np.log(series), -np.inf)
    total = special.logsumexp(np.concatenate([parts, logs[:, -1:]], axis=1), axis=1)
    return np.asarray(np.minimum(total, 0.0))
