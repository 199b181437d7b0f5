"""Blame walks from where an incident was noticed down the calls to where the loss arises."""

from __future__ import annotations

from typing import TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from raylens.insights.call_shares import Shares
from raylens.insights.losses import Loss, ratio
from raylens.model.figures import Column

Mask: TypeAlias = NDArray[np.bool_]

# A loss of so many standard deviations of what is normal is half believed.
CERTAIN_SD = 3.0
# Beyond so many nothing is more unusual.
MOST_SD = 100.0
# Longer chains of calls end in what they have reached; circles do, too.
_MAX_STEPS = 64
# What a caller that lost nothing itself passes on of what its callees lost: it may have coped with it.
_COPED = 0.5
_LEAST_CREDIT = 0.005
# Losses that are believed by so much may agree.
_SURE = 0.5
# Part of a loss that callees must have had a share in to be told of.
_TOLD = 0.05


class Walk(msgspec.Struct, frozen=True):
    """Where blame may go. `passes` marks entities that are no place of work: what they lost, their callees did.
    `silent` are entities that nothing is ever known of, `unmeasured` those whose calls to each other may have no
    figures of their own, and `requests` is how many each had."""

    shares: Shares
    passes: Mask
    silent: Mask
    unmeasured: Mask
    requests: Column


class Blame(msgspec.Struct, frozen=True):
    """By entity: how likely it is where it began, adding up to 1 (`likely`), and how much of what was to be explained
    ends there (`explained`); zeros where nothing unusual is to be explained. `passed_on` marks those whose callees
    lost for them, too."""

    likely: Column
    explained: Column
    passed_on: Mask


def blame_of(loss: Loss, walk: Walk, at: int | None, is_time: bool) -> Blame:
    """Who is to blame for what was noticed, or without that for all that is unusual.

    From each entity blame goes on to its callees by what they lost for it, and stays by what they do not explain, both
    as far as they can be told from noise. Of those that keep some the more unusual are likelier.
    """
    certain = with_callees(credible(loss.total, loss.total_noise), walk.shares)
    own = np.where(walk.passes, 0.0, credible(loss.own, loss.own_noise))
    step, stays = _step(certain, own, walk)
    credit = _start(loss, walk, at)
    explained = np.zeros_like(credit)
    for _ in range(_MAX_STEPS):
        explained += credit * stays
        credit = step.T @ credit
        if credit.sum() < _LEAST_CREDIT:
            break
    likely = explained * np.log(2.0 + surprise(loss.own, loss.own_noise))
    if is_time:
        likely = _at_common_callees(likely, confidence(loss.own, loss.own_noise), walk)
    total = likely.sum()
    return Blame(likely / total if total > 0 else likely, explained, _passed_on(loss, walk))


def _at_common_callees(likely: Column, sure: Column, walk: Walk) -> Column:
    """Several callers that lost by themselves may have lost on the way to a callee that they share.

    Of calls without figures of their own nobody says how long they took. What such callers have in common goes to
    what they all call, by how many of its callers lost, and how often it is called.
    """
    links = walk.shares.multiply(walk.unmeasured[:, np.newaxis]).multiply(walk.unmeasured[np.newaxis, :]).tocoo()
    callers, callees = links.row, links.col
    size = len(likely)
    coverage = ratio(_sums(callees, sure[callers], size), _sums(callees, np.ones(len(callees)), size), 0.0)
    blamed = np.where(sure > _SURE, likely, 0.0)
    others = _sums(callees, blamed[callers], size)[callees] - blamed[callers]
    weight = np.where(
        (others > 0) & (blamed[callers] > 0), (coverage**2 * walk.requests * (sure <= _SURE))[callees], 0.0
    )
    part = ratio(weight, _sums(callers, weight, size)[callers], 0.0)
    # No more than another caller shows as well: who lost far more than all others did so by itself.
    moved = part * np.minimum(blamed[callers], others)
    return likely - _sums(callers, moved, size) + _sums(callees, moved, size)


def _sums(numbers: NDArray[np.int64], values: Column, size: int) -> Column:
    """The values of each number together."""
    return np.bincount(numbers, values, size).astype(np.float64)


def _passed_on(loss: Loss, walk: Walk) -> Mask:
    """Whose callees lost, for certain, a part of what they lost that is worth telling."""
    below: Column = walk.shares @ credible(loss.total, loss.total_noise)
    return below > _TOLD * np.maximum(loss.total, 0.0)


def credible(lost: Column, noise: Column) -> Column:
    """What of a loss is not noise, as far as can be told: little of one as usual, nearly all of one far beyond."""
    return np.maximum(lost, 0.0) * confidence(lost, noise)


def confidence(lost: Column, noise: Column) -> Column:
    """How far a loss can be believed, from 0 to 1."""
    square = np.maximum(lost, 0.0) ** 2
    return ratio(square, square + (CERTAIN_SD * noise) ** 2, 0.0) ** 2


def surprise(lost: Column, noise: Column) -> Column:
    """Losses in standard deviations, 0 of gains."""
    some = np.where(lost > 0, MOST_SD, 0.0)
    return np.clip(np.divide(lost, noise, out=some, where=noise > 0), 0.0, MOST_SD)


def with_callees(certain: Column, shares: Shares) -> Column:
    """Losses, at least in part those of callees: between two that lost one may stand that reports nothing."""
    found = certain
    for _ in range(_MAX_STEPS):
        more = np.maximum(found, _COPED * (shares @ found))
        if np.allclose(more, found):
            break
        found = more
    return found


def _step(certain: Column, own: Column, walk: Walk) -> tuple[Shares, Column]:
    """By row how blame goes on from an entity, and what part of it stays there."""
    passed = walk.shares.multiply(certain[np.newaxis, :]).tocsr()
    below = np.asarray(passed.sum(1)).ravel()
    # Where nothing is known to be wrong, neither there nor below, blame stays; in part with callees that never say
    # anything, or with all where an entity is no place of work.
    unknown = below + own <= 0
    possible = np.where(walk.passes[:, np.newaxis], 1.0, walk.silent[np.newaxis, :].astype(float))
    guessed = walk.shares.multiply(possible).multiply(unknown[:, np.newaxis]).tocsr()
    stays = np.where(unknown & ~walk.passes, 1.0, own)
    passed = (passed + guessed).tocsr()
    whole = np.asarray(passed.sum(1)).ravel() + stays
    return passed.multiply(ratio(np.ones_like(whole), whole, 0.0)[:, np.newaxis]).tocsr(), ratio(stays, whole, 0.0)


def _start(loss: Loss, walk: Walk, at: int | None) -> Column:
    """Where the walk begins: at what was noticed, else at all that is unusual and that no unusual caller explains."""
    if at is not None:
        start = np.zeros_like(loss.total)
        start[at] = 1.0
        return start
    sure = confidence(loss.total, loss.total_noise)
    above = walk.shares.T.tocsr().multiply(sure[np.newaxis, :]).max(axis=1).toarray().ravel()
    weight: Column = sure * (1.0 - np.minimum(above, 1.0)) * np.log1p(surprise(loss.total, loss.total_noise))
    total = weight.sum()
    return weight / total if total > 0 else weight
