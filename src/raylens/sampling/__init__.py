"""Sampling rules and the targets that clients get from them."""

from raylens.sampling.default_rule import DEFAULT_RULE, SamplingRule
from raylens.sampling.targets import ReservoirShares, Target

__all__ = ["DEFAULT_RULE", "ReservoirShares", "SamplingRule", "Target"]
