"""Requests of the X-Ray API, as the service model spells them. Only what is read is declared."""

from __future__ import annotations

import msgspec

from raylens.api.protocol.rest_json import Timestamp


class PutTraceSegments(msgspec.Struct, rename="pascal"):
    trace_segment_documents: list[str] | None = None


class TelemetryRecord(msgspec.Struct, rename="pascal"):
    timestamp: Timestamp | None = None
    segments_received_count: int | None = None
    segments_sent_count: int | None = None
    segments_spillover_count: int | None = None
    segments_rejected_count: int | None = None


class PutTelemetryRecords(msgspec.Struct, rename="pascal"):
    telemetry_records: list[TelemetryRecord] | None = None
    ec2_instance_id: str | None = msgspec.field(default=None, name="EC2InstanceId")
    hostname: str | None = None
    resource_arn: str | None = msgspec.field(default=None, name="ResourceARN")


class BatchGetTraces(msgspec.Struct, rename="pascal"):
    trace_ids: list[str] | None = None
    next_token: str | None = None


class GetTraceGraph(msgspec.Struct, rename="pascal"):
    trace_ids: list[str] | None = None
    next_token: str | None = None


class SamplingStrategy(msgspec.Struct, rename="pascal"):
    name: str | None = None
    value: float | None = None


class GetTraceSummaries(msgspec.Struct, rename="pascal"):
    start_time: Timestamp | None = None
    end_time: Timestamp | None = None
    time_range_type: str | None = None
    sampling: bool | None = None
    sampling_strategy: SamplingStrategy | None = None
    filter_expression: str | None = None
    next_token: str | None = None
    # An extension: the service model knows neither.
    group_name: str | None = None
    group_arn: str | None = msgspec.field(default=None, name="GroupARN")


class GetServiceGraph(msgspec.Struct, rename="pascal"):
    start_time: Timestamp | None = None
    end_time: Timestamp | None = None
    group_name: str | None = None
    group_arn: str | None = msgspec.field(default=None, name="GroupARN")
    next_token: str | None = None


class GetTimeSeriesServiceStatistics(msgspec.Struct, rename="pascal"):
    start_time: Timestamp | None = None
    end_time: Timestamp | None = None
    group_name: str | None = None
    group_arn: str | None = msgspec.field(default=None, name="GroupARN")
    entity_selector_expression: str | None = None
    period: int | None = None
    forecast_statistics: bool | None = None
    next_token: str | None = None


class GetSamplingRules(msgspec.Struct, rename="pascal"):
    next_token: str | None = None


class SamplingStatistics(msgspec.Struct, rename="pascal"):
    rule_name: str | None = None
    client_id: str | None = msgspec.field(default=None, name="ClientID")
    timestamp: Timestamp | None = None
    request_count: int | None = None
    sampled_count: int | None = None
    borrow_count: int | None = None


class GetSamplingTargets(msgspec.Struct, rename="pascal"):
    sampling_statistics_documents: list[SamplingStatistics] | None = None


class InsightsConfiguration(msgspec.Struct, rename="pascal"):
    insights_enabled: bool | None = None
    notifications_enabled: bool | None = None


class TagMember(msgspec.Struct, rename="pascal"):
    key: str | None = None
    value: str | None = None


class CreateGroup(msgspec.Struct, rename="pascal"):
    group_name: str | None = None
    filter_expression: str | None = None
    insights_configuration: InsightsConfiguration | None = None
    tags: list[TagMember] | None = None


class GetGroup(msgspec.Struct, rename="pascal"):
    group_name: str | None = None
    group_arn: str | None = msgspec.field(default=None, name="GroupARN")


class GetGroups(msgspec.Struct, rename="pascal"):
    next_token: str | None = None


class UpdateGroup(msgspec.Struct, rename="pascal"):
    group_name: str | None = None
    group_arn: str | None = msgspec.field(default=None, name="GroupARN")
    filter_expression: str | None = None
    insights_configuration: InsightsConfiguration | None = None


class DeleteGroup(msgspec.Struct, rename="pascal"):
    group_name: str | None = None
    group_arn: str | None = msgspec.field(default=None, name="GroupARN")


class GetInsightSummaries(msgspec.Struct, rename="pascal"):
    states: list[str] | None = None
    group_arn: str | None = msgspec.field(default=None, name="GroupARN")
    group_name: str | None = None
    start_time: Timestamp | None = None
    end_time: Timestamp | None = None
    max_results: int | None = None
    next_token: str | None = None


class GetInsight(msgspec.Struct, rename="pascal"):
    insight_id: str | None = None


class GetInsightEvents(msgspec.Struct, rename="pascal"):
    insight_id: str | None = None
    max_results: int | None = None
    next_token: str | None = None


class GetInsightImpactGraph(msgspec.Struct, rename="pascal"):
    insight_id: str | None = None
    start_time: Timestamp | None = None
    end_time: Timestamp | None = None
    next_token: str | None = None
