"""GetSamplingRules and GetSamplingTargets: the default rule for everybody."""

from __future__ import annotations

from typing import Any

from raylens.api.context import Services
from raylens.api.xray.requests import GetSamplingRules, GetSamplingTargets, SamplingStatistics
from raylens.api.xray.shapes import sampling_rule_record_shape, sampling_target_shape
from raylens.errors import InvalidRequest
from raylens.sampling import DEFAULT_RULE

# 25 custom rules and the default one, although the model says 25
MAX_STATISTICS = 26
_CLIENT_ID_LENGTH = 24


async def get_sampling_rules(services: Services, request: GetSamplingRules) -> dict[str, Any]:
    """All rules on one page: SDKs never ask for a second one."""
    if request.next_token:
        raise InvalidRequest(f"Invalid token {request.next_token[:60]}")
    return {"SamplingRuleRecords": [sampling_rule_record_shape(DEFAULT_RULE, services.region, services.account_id)]}


async def get_sampling_targets(services: Services, request: GetSamplingTargets) -> dict[str, Any]:
    """A target for every report of a known rule, one a rule; the others are named in `UnprocessedStatistics`.

    Raises: InvalidRequest for no list or more than 26 reports.
    """
    reports = request.sampling_statistics_documents
    if reports is None:
        raise InvalidRequest("SamplingStatisticsDocuments is required")
    if len(reports) > MAX_STATISTICS:
        raise InvalidRequest(f"{len(reports)} statistics documents were sent, at most {MAX_STATISTICS} are accepted")
    targets: dict[str, dict[str, Any]] = {}
    unprocessed = []
    now_ns = services.clock.now_ns()
    for report in reports:
        reason = _why_unprocessed(report)
        if reason is None and report.client_id is not None:
            target = services.reservoirs.target_for(DEFAULT_RULE, report.client_id, now_ns)
            targets[target.rule_name] = sampling_target_shape(target)
        else:
            unprocessed.append({"RuleName": report.rule_name or "", "ErrorCode": "400", "Message": reason})
    return {
        "SamplingTargetDocuments": list(targets.values()),
        # the default rule was never modified; a number that stays the same keeps SDKs from reloading
        "LastRuleModification": 0,
        "UnprocessedStatistics": unprocessed,
        "UnprocessedBoostStatistics": [],
    }


def _why_unprocessed(report: SamplingStatistics) -> str | None:
    if report.rule_name != DEFAULT_RULE.name:
        return f"Unknown rule: {(report.rule_name or '')[:32]}"
    if report.client_id is None or len(report.client_id) != _CLIENT_ID_LENGTH:
        return f"ClientID has {len(report.client_id or '')} characters, {_CLIENT_ID_LENGTH} were expected"
    return None
