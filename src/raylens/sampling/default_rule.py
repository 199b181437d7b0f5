"""The rule that always exists: one request a second, then five percent."""

from __future__ import annotations

import msgspec


class SamplingRule(msgspec.Struct, frozen=True, kw_only=True):
    """One sampling rule. `reservoir_size` is requests a second, `fixed_rate` a share from 0 to 1.

    Matchers take `*` and `?`. Source: X-Ray API reference, SamplingRule.
    """

    name: str
    priority: int
    fixed_rate: float
    reservoir_size: int
    service_name: str = "*"
    service_type: str = "*"
    host: str = "*"
    http_method: str = "*"
    url_path: str = "*"
    resource_arn: str = "*"


DEFAULT_RULE = SamplingRule(name="Default", priority=10000, fixed_rate=0.05, reservoir_size=1)
