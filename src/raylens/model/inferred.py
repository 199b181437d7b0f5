"""Which node a call reaches when the callee itself sends nothing.

Two identities exist. The inferred *document* of BatchGetTraces keeps the subsegment's name and gains an `origin`;
the *node* of a graph is named after the resource. A table gives the rule per AWS service.
Source: X-Ray developer guide, getting data; the name-only and resource-only cases of SNS and Lambda are inferred.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from raylens.model.segment import Aws, Segment

DATABASE_ORIGIN = "Database::SQL"
REMOTE_TYPE = "remote"

# SDKs disagree on the case of service names (Python sends `dynamodb`, Node `DynamoDB`); nodes must not.
_CANONICAL = {
    name.lower(): name
    for name in (
        "DynamoDB", "S3", "SQS", "SNS", "Lambda", "Kinesis", "Firehose", "SecretsManager", "STS", "KMS", "ECS",
        "SSM", "StepFunctions", "EventBridge", "CloudWatch", "Athena", "Glue", "RDS", "ElastiCache", "Bedrock",
    )
}  # fmt: skip
_QUOTED = re.compile(r"'([^']*)'")


class InferredNode(msgspec.Struct, frozen=True, gc=False):
    """What a call reaches: the inferred document's name and origin, the node's name and type.

    `origin` is None for remote calls that are not databases: X-Ray gives their documents none. `resource_names` is
    what X-Ray adds to `aws` of the document; empty when no resource is known.
    """

    document_name: str
    origin: str | None
    node_name: str
    node_type: str
    resource_names: tuple[str, ...] = ()


def canonical_service_name(name: str) -> str:
    """The AWS service's own spelling of `name`, or `name` itself when it is not a known service."""
    return _CANONICAL.get(name.lower(), name)


def table_names_of(aws: Aws) -> tuple[str, ...]:
    """Tables a DynamoDB call touched, from `table_name` or `table_names` in either of its two forms."""
    if aws.table_name:
        return (aws.table_name,)
    if isinstance(aws.table_names, str):
        return tuple(_QUOTED.findall(aws.table_names))
    return tuple(aws.table_names or ())


def _bucket(aws: Aws) -> tuple[str, ...]:
    return (aws.bucket_name,) if aws.bucket_name else ()


def _queue(aws: Aws) -> tuple[str, ...]:
    return (aws.queue_url,) if aws.queue_url else ()


def _function(aws: Aws) -> tuple[str, ...]:
    return (aws.function_name,) if aws.function_name else ()


# service -> (how to find its resource, node type with a resource)
_RESOURCES: dict[str, tuple[Callable[[Aws], tuple[str, ...]], str]] = {
    "DynamoDB": (table_names_of, "AWS::DynamoDB::Table"),
    "S3": (_bucket, "AWS::S3::Bucket"),
    "SQS": (_queue, "AWS::SQS::Queue"),
    "Lambda": (_function, "AWS::Lambda"),
}


def infer_node(call: Segment) -> InferredNode | None:
    """The node that the subsegment `call` reaches; None when it is local work and reaches none.

    A call that expects a traced callee gets a node too: whether to use it is decided where the whole trace is known.
    """
    if call.namespace == "aws":
        return _infer_aws(call.name, call.aws)
    if call.namespace == "remote":
        if call.sql is not None:
            return InferredNode(call.name, DATABASE_ORIGIN, call.name, DATABASE_ORIGIN)
        return InferredNode(call.name, None, call.name, REMOTE_TYPE)
    return None


def _infer_aws(name: str, aws: Aws | None) -> InferredNode:
    service = canonical_service_name(name)
    known = _RESOURCES.get(service)
    # Resource members count only beside an operation: without it X-Ray uses the service's own identity.
    if known is not None and aws is not None and aws.operation:
        find, node_type = known
        resources = find(aws) or tuple(aws.resource_names or ())
        if resources:
            return InferredNode(service, node_type, resources[0], node_type, resources)
    origin = f"AWS::{service}"
    return InferredNode(service, origin, service, origin)
