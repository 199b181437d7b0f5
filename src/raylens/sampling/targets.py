"""Shares a rule's reservoir among the clients that report for it."""

from __future__ import annotations

import msgspec

from raylens.model.time import NS_PER_S
from raylens.sampling.default_rule import SamplingRule

REPORT_INTERVAL_S = 10
_QUOTA_LIFE_S = 300
# A client counts while it reported within three intervals.
_LIVE_NS = 3 * REPORT_INTERVAL_S * NS_PER_S
# Clients come and go; their records must not add up for ever.
_MAX_CLIENTS = 10_000


class Target(msgspec.Struct, frozen=True):
    """What one client may do until its next report: `quota` requests a second, then `fixed_rate` of the rest.

    The quota holds until `expires_ns`; the next report is due after `interval_s` seconds.
    """

    rule_name: str
    fixed_rate: float
    quota: int
    expires_ns: int
    interval_s: int


class ReservoirShares:
    """Who reported for which rule, and when.

    The service's own algorithm is secret (inferred): the reservoir is split evenly, the remainder to those who
    reported first; with more clients than requests the first clients get one each and the others none. A quota and
    its expiry are always sent together, from the first report on, because some SDKs stop borrowing at the first
    target whatever it holds.
    """

    def __init__(self) -> None:
        self._clients: dict[str, dict[str, int]] = {}

    def target_for(self, rule: SamplingRule, client_id: str, now_ns: int) -> Target:
        """Record the report of `client_id` and return its target."""
        clients = self._clients.setdefault(rule.name, {})
        for other in [c for c, at_ns in clients.items() if now_ns - at_ns > _LIVE_NS]:
            del clients[other]
        if client_id in clients or len(clients) < _MAX_CLIENTS:
            clients[client_id] = now_ns
        order = list(clients)
        share, rest = divmod(rule.reservoir_size, max(len(order), 1))
        place = order.index(client_id) if client_id in clients else len(order)
        quota = share + (1 if place < rest else 0)
        return Target(rule.name, rule.fixed_rate, quota, now_ns + _QUOTA_LIFE_S * NS_PER_S, REPORT_INTERVAL_S)
