from __future__ import annotations

from typing import Any

import pytest

from raylens.model.inferred import InferredNode, canonical_service_name, infer_node, table_names_of
from raylens.model.segment import Aws, Segment, Sql


def call(name: str, namespace: str = "aws", sql: bool = False, **aws: Any) -> Segment:
    return Segment(
        id="1" * 16,
        name=name,
        start_time=0,
        namespace=namespace,
        sql=Sql() if sql else None,
        aws=Aws(**aws) if aws else None,
    )


TABLE, BUCKET, QUEUE = "AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SQS::Queue"
URL = "https://sqs.test/1/jobs"


@pytest.mark.parametrize(
    ("subsegment", "expected"),
    [
        (
            call("DynamoDB", operation="GetItem", table_name="orders"),
            InferredNode("DynamoDB", TABLE, "orders", TABLE, ("orders",)),
        ),
        (call("DynamoDB", table_name="orders"), InferredNode("DynamoDB", "AWS::DynamoDB", "DynamoDB", "AWS::DynamoDB")),
        (
            call("DynamoDB", operation="ListTables"),
            InferredNode("DynamoDB", "AWS::DynamoDB", "DynamoDB", "AWS::DynamoDB"),
        ),
        (
            call("S3", operation="GetObject", bucket_name="photos"),
            InferredNode("S3", BUCKET, "photos", BUCKET, ("photos",)),
        ),
        (call("S3", operation="ListBuckets"), InferredNode("S3", "AWS::S3", "S3", "AWS::S3")),
        (call("SQS", operation="SendMessage", queue_url=URL), InferredNode("SQS", QUEUE, URL, QUEUE, (URL,))),
        (call("SQS", queue_url=URL), InferredNode("SQS", "AWS::SQS", "SQS", "AWS::SQS")),
        (
            call("SNS", operation="Publish", topic_arn="arn:aws:sns:us-west-2:1:t"),
            InferredNode("SNS", "AWS::SNS", "SNS", "AWS::SNS"),
        ),
        (
            call("Lambda", operation="Invoke", function_name="fn"),
            InferredNode("Lambda", "AWS::Lambda", "fn", "AWS::Lambda", ("fn",)),
        ),
        (call("Lambda"), InferredNode("Lambda", "AWS::Lambda", "Lambda", "AWS::Lambda")),
        (
            call("SimpleSystemsManagement", operation="GetParameter"),
            InferredNode(
                "SimpleSystemsManagement",
                "AWS::SimpleSystemsManagement",
                "SimpleSystemsManagement",
                "AWS::SimpleSystemsManagement",
            ),
        ),
        (
            call("DynamoDB", operation="GetItem", resource_names=["orders"]),
            InferredNode("DynamoDB", TABLE, "orders", TABLE, ("orders",)),
        ),
        (
            call("db@host", "remote", sql=True),
            InferredNode("db@host", "Database::SQL", "db@host", "Database::SQL"),
        ),
        (call("names.test", "remote"), InferredNode("names.test", None, "names.test", "remote")),
        (call("names.test", "local"), None),
        (call("names.test", ""), None),
        (call("db@host", "", sql=True), None),
    ],
)
def test_a_call_reaches_the_node_its_namespace_and_resource_name(
    subsegment: Segment, expected: InferredNode | None
) -> None:
    """A queue is named by its URL, a topic by the service, a function by its name (inferred)."""
    assert infer_node(subsegment) == expected


@pytest.mark.parametrize("sent", ["dynamodb", "DynamoDB", "DYNAMODB"])
def test_the_case_of_a_service_name_does_not_split_nodes(sent: str) -> None:
    assert infer_node(call(sent, operation="GetItem", table_name="orders")) == InferredNode(
        "DynamoDB", TABLE, "orders", TABLE, ("orders",)
    )


def test_an_unknown_service_keeps_its_own_spelling() -> None:
    assert canonical_service_name("weirdService") == "weirdService"


def test_the_case_of_a_resource_makes_two_nodes() -> None:
    nodes = {infer_node(call("s3", operation="Get", bucket_name=name)) for name in ("Photos", "photos")}
    assert len(nodes) == 2


@pytest.mark.parametrize(
    ("aws", "names"),
    [
        (Aws(table_name="orders", table_names=["other"]), ("orders",)),
        (Aws(table_names=["a", "b"]), ("a", "b")),
        (Aws(table_names="dict_keys(['Reservations'])"), ("Reservations",)),
        (Aws(table_names="dict_keys(['a', 'b-2'])"), ("a", "b-2")),
        (Aws(table_names="dict_keys([])"), ()),
        (Aws(table_names="orders"), ()),
        (Aws(table_names=[]), ()),
        (Aws(table_name=""), ()),
        (Aws(), ()),
    ],
)
def test_tables_are_read_from_each_form_that_sdks_send(aws: Aws, names: tuple[str, ...]) -> None:
    """The Python SDK prints the keys of a dictionary into a string for BatchGetItem."""
    assert table_names_of(aws) == names


def test_a_call_on_several_tables_is_named_after_the_first() -> None:
    node = infer_node(call("DynamoDB", operation="BatchGetItem", table_names=["b", "a"]))
    assert node == InferredNode("DynamoDB", TABLE, "b", TABLE, ("b", "a"))
