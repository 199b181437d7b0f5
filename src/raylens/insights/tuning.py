"""Every constant of the detection, once."""

from __future__ import annotations

import msgspec


class Tuning(msgspec.Struct, frozen=True):
    """One configuration for all applications and widths of bins.

    `_s` are seconds; shares are of requests; surprises are -log10 of a probability; what is named `bins` counts bins
    in which the entity had requests.
    """

    # -- learning -----------------------------------------------------------------------------------------------
    # An entity is judged once it was seen in so many bins and with so many requests: a scale learned from fewer than
    # a dozen bins is wrong by a third or more.
    learn_bins: int = 12
    learn_requests: int = 60
    # Unseen for so long, as far as the detector itself was running: forgotten. A week keeps what runs on weekdays.
    forget_s: int = 7 * 86_400
    # More than anybody has; beyond it entities are not watched, and counted.
    max_entities: int = 20_000
    # A step of time longer than this says nothing about what happened meanwhile; one back even less.
    long_gap_s: int = 6 * 3_600

    # -- shares: faults, errors, throttles ----------------------------------------------------------------------
    # What everybody has now and then. Fewer failures than this share surprise no more than this share would.
    share_floor: float = 0.001
    # The share of an entity that was hardly seen: that of so many requests at the floor.
    share_prior_requests: float = 100.0
    # How fast the usual share is forgotten. Half a day: longer than incidents, shorter than a release lasts.
    share_memory_s: float = 12 * 3_600.0
    # Failures come in bursts: the least correlation between requests of one bin (0: as coins fall).
    share_correlation_floor: float = 0.0005
    # After a long gap the old share counts as this many requests, so the first bin decides.
    share_carry_requests: float = 20.0
    # A rise is worth a word from so many more failed requests and so much more of all on.
    share_rise: float = 0.005
    least_failures: float = 2.0

    # -- response times -----------------------------------------------------------------------------------------
    # Times are compared by ratio; below half a millisecond the clock of a histogram says nothing.
    least_response_s: float = 0.0005
    # How fast the usual level follows. An hour follows the rise of a morning.
    level_memory_s: float = 3_600.0
    # How many bins the spread is learned over.
    spread_bins: int = 300
    # Spread (of the natural logarithm) of an entity never seen, and how many bins that counts as.
    spread_prior: float = 0.3
    spread_prior_bins: float = 4.0
    # No entity is steadier than 2 %.
    spread_floor: float = 0.02
    # What is further off than so many spreads counts as this far when level and spread are learned.
    clip: float = 4.0
    # An anomalous bin teaches this much of what a normal one does.
    anomalous_weight: float = 0.1
    # Tails are those of Student's t: response times have far outliers and a spread that is itself estimated. How heavy
    # they are is learned from the fourth power of deviations (clipped to so many spreads), beginning with this one,
    # which must be above 4.
    freedom: float = 5.0
    tail_prior_bins: float = 30.0
    tail_clip: float = 8.0
    least_freedom: float = 4.2
    most_freedom: float = 20.0
    # Any request may be a slow one for no reason: a cold start, a collection, a lost packet.
    outlier_share: float = 0.0005
    # So many spreads below the level is another state, not noise.
    far_below: float = 3.0
    # What was so many spreads above the level at the same time of the two days before is usual for the time of day.
    far_above: float = 3.0
    # Nobody is concerned by a smaller rise: a part of the level, and seconds.
    relevant_ratio: float = 0.10
    relevant_s: float = 0.005

    # -- when is it anomalous, and when normal again ----------------------------------------------------------------
    # A bin is anomalous beyond this surprise: one in a thousand.
    anomalous_surprise: float = 2.3
    # After so long off its range the new level of a response time is the usual one ...
    settle_s: float = 2_700.0
    # ... and a share of failures after so long; failures are no way to live.
    settle_share_s: float = 6 * 3_600.0

    # -- incidents ----------------------------------------------------------------------------------------------
    # So many false insights a day of a whole system are borne at most; the surprise needed to open one follows from it
    # and from how many ranges are watched. Far fewer were measured (none in 0.72 quiet days), for bins that follow each
    # other are taken as independent and several rules stand before it; 3 to 10 give the same scores.
    false_a_day: float = 4.0
    # The surprises of consecutive bins add up, less this for each further one, as in Fisher's method; a bin without an
    # anomaly takes it away.
    evidence_allowance: float = 1.1
    # No single bin of an entity is more convincing than this. That failures are failures is beyond doubt; that a slow
    # bin is more than a hiccup is not.
    evidence_cap: float = 12.0
    evidence_cap_latency: float = 4.0
    # Several related entities: the best counts fully, each further one this part.
    evidence_of_others: float = 0.5
    # All others together no more than this: callers feel what their callee feels.
    evidence_of_all_others: float = 1.0
    # Fewer requests than this in a bin never open an insight by themselves.
    enough_requests: float = 10.0
    # So many bins without an anomaly close an insight.
    quiet_bins: int = 3
    # A signal that joined an insight holds it open through that pause; one that had no part in it must come within so
    # many bins of the latest anomaly to belong to it: what begins after a pause is another incident.
    join_bins: int = 2
    # The same signal within so many bins after the close opens it again.
    reopen_bins: int = 1


TUNING = Tuning()
