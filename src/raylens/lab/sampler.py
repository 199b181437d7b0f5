"""The gateway's sampling: central rules asked of the daemon's TCP port, followed as an X-Ray SDK follows them."""

from __future__ import annotations

import asyncio
import logging
import os
import random
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import msgspec

from raylens.clock import Clock, SystemClock
from raylens.lab.sampling_reservoir import LocalReservoir

_log = logging.getLogger(__name__)
_SECOND_NS = 1_000_000_000
_CACHE_LIFE_NS = 3600 * _SECOND_NS
_DEFAULT_RULE = "Default"


class SamplingRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What rules are matched against. `attributes` are the request's headers, names in lower case."""

    service_name: str
    service_type: str
    host: str
    method: str
    path: str
    resource_arn: str
    attributes: Mapping[str, str] = {}


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """Whether to trace; None leaves it to the next hop. `rule_name` is the central rule that decided, if one did."""

    sampled: bool | None
    rule_name: str | None = None


class SamplingRule(msgspec.Struct, frozen=True, kw_only=True):
    """One rule as GetSamplingRules gives it."""

    name: str = msgspec.field(name="RuleName")
    priority: int = msgspec.field(name="Priority", default=10_000)
    fixed_rate: float = msgspec.field(name="FixedRate", default=0.05)
    reservoir_size: int = msgspec.field(name="ReservoirSize", default=1)
    service_name: str = msgspec.field(name="ServiceName", default="*")
    service_type: str = msgspec.field(name="ServiceType", default="*")
    host: str = msgspec.field(name="Host", default="*")
    http_method: str = msgspec.field(name="HTTPMethod", default="*")
    url_path: str = msgspec.field(name="URLPath", default="*")
    resource_arn: str = msgspec.field(name="ResourceARN", default="*")
    version: int = msgspec.field(name="Version", default=1)
    attributes: dict[str, str] | None = msgspec.field(name="Attributes", default=None)

    def matches(self, request: SamplingRequest) -> bool:
        """Whether every matcher fits; `*` and `?` are wildcards, case does not count. Default fits everything."""
        if self.name == _DEFAULT_RULE:
            return True
        return all(
            wildcard_match(pattern, value)
            for pattern, value in (
                (self.service_name, request.service_name),
                (self.service_type, request.service_type),
                (self.host, request.host),
                (self.http_method, request.method),
                (self.url_path, request.path),
                (self.resource_arn, request.resource_arn),
            )
        ) and all(
            name.lower() in request.attributes and wildcard_match(pattern, request.attributes[name.lower()])
            for name, pattern in (self.attributes or {}).items()
        )


class CentralSampler:
    """Decides by central rules; by one request a second and 5 % of the rest while there are none to go by.

    `run` keeps rules and quotas fresh; `decide` never waits. With `sample_all` set, everything is traced and nothing
    is asked or reported: for demonstrations that must not miss a request.

    Args:
        daemon_address: `host:port` of the daemon, whose TCP port forwards the sampling calls.
        rules_poll_s: SDKs ask every 300 s; the lab's default makes a changed rule count within seconds.
    """

    def __init__(
        self,
        daemon_address: str,
        *,
        sample_all: bool = False,
        rules_poll_s: float = 10.0,
        clock: Clock | None = None,
        random: Callable[[], float] = random.random,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.sample_all = sample_all
        self._rules_poll_s = rules_poll_s
        self._clock = clock or SystemClock()
        self._random = random
        self._client = httpx.AsyncClient(
            base_url=f"http://{daemon_address}", transport=transport, timeout=5.0, trust_env=False
        )
        self._client_id = os.urandom(12).hex()
        self._fallback = LocalReservoir(size_per_s=1, fixed_rate=0.05, random=random)
        self._states: tuple[_RuleState, ...] = ()
        self._loaded_ns = 0
        self._is_reachable = True

    def decide(self, request: SamplingRequest) -> Decision:
        """The decision for one request; it is counted for the next report."""
        if self.sample_all:
            return Decision(sampled=True)
        now_ns = self._clock.now_ns()
        if self._states and now_ns - self._loaded_ns <= _CACHE_LIFE_NS:
            for state in self._states:
                if state.rule.matches(request):
                    return Decision(sampled=state.sample(now_ns, self._random), rule_name=state.rule.name)
        return Decision(sampled=self._fallback.sample(now_ns))

    async def refresh_rules(self) -> bool:
        """Ask for the rules; False, and the old ones stay, when that fails. Counts of unchanged rules are kept."""
        answer = await self._post("/GetSamplingRules", {})
        records = answer.get("SamplingRuleRecords") if answer is not None else None
        if not isinstance(records, list):
            return False
        rules = [rule for record in records if (rule := _rule_from(record)) is not None and rule.version == 1]
        rules.sort(key=lambda rule: (rule.name == _DEFAULT_RULE, rule.priority, rule.name))
        known = {state.rule.name: state for state in self._states}
        states = []
        for rule in rules:
            state = known.get(rule.name) or _RuleState(rule)
            state.rule = rule
            states.append(state)
        self._states = tuple(states)
        self._loaded_ns = self._clock.now_ns()
        return True

    async def report(self) -> None:
        """Report the counts of rules that are due and follow the targets in the answer.

        Rules are asked for again when the answer says they changed. Counts of a report that failed are sent again.
        """
        now_ns = self._clock.now_ns()
        due = [state for state in self._states if state.request_count and now_ns >= state.next_report_ns]
        for start in range(0, len(due), 25):
            states = {state.rule.name: state for state in due[start : start + 25]}
            documents = [state.take_counts(self._client_id, now_ns) for state in states.values()]
            answer = await self._post("/SamplingTargets", {"SamplingStatisticsDocuments": documents})
            if answer is None:
                for state, document in zip(states.values(), documents, strict=True):
                    state.put_back(document)
                return
            for target in answer.get("SamplingTargetDocuments") or ():
                if isinstance(target, dict) and (found := states.get(str(target.get("RuleName")))) is not None:
                    found.follow(target, now_ns)
            changed = answer.get("LastRuleModification")
            if isinstance(changed, int | float) and changed * _SECOND_NS > self._loaded_ns:
                await self.refresh_rules()

    async def run(self) -> None:
        """Keep rules and quotas fresh until cancelled."""
        refresh_due_s = 0.0
        loop = asyncio.get_running_loop()
        while True:
            if not self.sample_all:
                if loop.time() >= refresh_due_s:
                    await self.refresh_rules()
                    refresh_due_s = loop.time() + self._rules_poll_s
                await self.report()
            await asyncio.sleep(min(self._rules_poll_s, 10.0))

    async def close(self) -> None:
        """Give the connection back."""
        await self._client.aclose()

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any] | None:
        try:
            response = await self._client.post(path, content=msgspec.json.encode(body))
            response.raise_for_status()
            answer = msgspec.json.decode(response.content)
        except (httpx.HTTPError, msgspec.DecodeError, UnicodeDecodeError) as error:
            if self._is_reachable:
                _log.warning("sampling rules: %s of %s failed: %s", path, self._client.base_url, error or repr(error))
            self._is_reachable = False
            return None
        self._is_reachable = True
        return answer if isinstance(answer, dict) else None


class _RuleState:
    """One rule's counts since its last report, and its share of the reservoir."""

    def __init__(self, rule: SamplingRule) -> None:
        self.rule = rule
        self.next_report_ns = 0
        self.request_count = 0
        self._sampled_count = 0
        self._borrow_count = 0
        self._quota_per_s: int | None = None
        self._quota_ends_ns = 0
        self._second = -1
        self._taken_count = 0

    def sample(self, now_ns: int, random: Callable[[], float]) -> bool:
        self.request_count += 1
        if now_ns // _SECOND_NS != self._second:
            self._second, self._taken_count = now_ns // _SECOND_NS, 0
        has_quota = self._quota_per_s is not None and now_ns < self._quota_ends_ns
        # Without a fresh quota one a second is borrowed, if the rule has a reservoir at all.
        per_second = (self._quota_per_s or 0) if has_quota else min(1, self.rule.reservoir_size)
        if self._taken_count < per_second:
            self._taken_count += 1
            # The SDKs of Python, Node and Go count a borrowed request as borrowed only.
            if has_quota:
                self._sampled_count += 1
            else:
                self._borrow_count += 1
            return True
        if random() < self.rule.fixed_rate:
            self._sampled_count += 1
            return True
        return False

    def take_counts(self, client_id: str, now_ns: int) -> dict[str, Any]:
        document = {
            "RuleName": self.rule.name,
            "ClientID": client_id,
            "Timestamp": now_ns // _SECOND_NS,
            "RequestCount": self.request_count,
            "SampledCount": self._sampled_count,
            "BorrowCount": self._borrow_count,
        }
        self.request_count = self._sampled_count = self._borrow_count = 0
        return document

    def put_back(self, document: dict[str, Any]) -> None:
        self.request_count += document["RequestCount"]
        self._sampled_count += document["SampledCount"]
        self._borrow_count += document["BorrowCount"]

    def follow(self, target: dict[str, Any], now_ns: int) -> None:
        rate, quota, ends_s = (target.get(name) for name in ("FixedRate", "ReservoirQuota", "ReservoirQuotaTTL"))
        if isinstance(rate, int | float):
            self.rule = msgspec.structs.replace(self.rule, fixed_rate=float(rate))
        if isinstance(quota, int):
            self._quota_per_s = quota
        if isinstance(ends_s, int | float):
            self._quota_ends_ns = round(ends_s * _SECOND_NS)
        interval_s = target.get("Interval")
        if isinstance(interval_s, int | float):
            # A second early, so that a report planned for just this time is not put off by a whole period.
            self.next_report_ns = now_ns + round((interval_s - 1) * _SECOND_NS)


def wildcard_match(pattern: str, text: str) -> bool:
    """Whether `text` fits `pattern`: `*` is any run, `?` any one character, case does not count."""
    # By hand and not by a regular expression, which some patterns of many stars would keep busy for minutes.
    pattern, text = pattern.casefold(), text.casefold()
    at = seen = 0
    star, resume = -1, 0
    while seen < len(text):
        if at < len(pattern) and pattern[at] == "*":
            star, resume = at, seen
            at += 1
        elif at < len(pattern) and pattern[at] in ("?", text[seen]):
            at += 1
            seen += 1
        elif star >= 0:
            resume += 1
            at, seen = star + 1, resume
        else:
            return False
    return not pattern[at:].strip("*")


def _rule_from(record: object) -> SamplingRule | None:
    found = record.get("SamplingRule") if isinstance(record, dict) else None
    try:
        return msgspec.convert(found, SamplingRule)
    except msgspec.ValidationError as error:
        _log.warning("a sampling rule is left out: %s", error)
        return None
