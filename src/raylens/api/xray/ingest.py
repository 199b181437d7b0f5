"""PutTraceSegments and PutTelemetryRecords."""

from __future__ import annotations

from typing import Any

from raylens.api.context import Services
from raylens.api.xray.requests import PutTelemetryRecords, PutTraceSegments
from raylens.api.xray.shapes import unprocessed_segment_shape
from raylens.errors import InvalidRequest

MAX_DOCUMENTS = 50


async def put_trace_segments(services: Services, request: PutTraceSegments) -> dict[str, Any]:
    """Answers once everything acceptable is stored; what is not is named in `UnprocessedTraceSegments`.

    Raises: InvalidRequest for no list or more than 50 documents, when nothing is stored. An empty list is accepted.
    """
    documents = request.trace_segment_documents
    if documents is None:
        raise InvalidRequest("TraceSegmentDocuments is required")
    if len(documents) > MAX_DOCUMENTS:
        raise InvalidRequest(
            f"{len(documents)} documents were sent: this exceeds the maximum segment count: {MAX_DOCUMENTS}"
        )
    refusals = await services.ingestor.store(documents)
    return {"UnprocessedTraceSegments": [unprocessed_segment_shape(refusal) for refusal in refusals]}


async def put_telemetry_records(services: Services, request: PutTelemetryRecords) -> dict[str, Any]:
    """Counts the daemons' records; no API returns them.

    Raises: InvalidRequest for no list or a string beyond its limit.
    """
    if request.telemetry_records is None:
        raise InvalidRequest("TelemetryRecords is required")
    for member, value, longest in (
        ("EC2InstanceId", request.ec2_instance_id, 20),
        ("Hostname", request.hostname, 255),
        ("ResourceARN", request.resource_arn, 500),
    ):
        if value is not None and len(value) > longest:
            raise InvalidRequest(f"{member} has {len(value)} characters, at most {longest} are accepted")
    services.metrics.telemetry_records += len(request.telemetry_records)
    return {}
