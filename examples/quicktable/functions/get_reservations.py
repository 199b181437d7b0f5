"""GET /reservations: a user's reservations, newest first."""

import json
import os
import time
from decimal import Decimal

import boto3
from aws_xray_sdk.core import patch_all, xray_recorder
from boto3.dynamodb.conditions import Key
from botocore.exceptions import ClientError

patch_all()  # every boto3 call gets a subsegment of its own

table = boto3.resource("dynamodb").Table(os.environ.get("TABLE_NAME", "Reservations"))

# A table grows without bound and an answer must not: at most so many reservations are read and returned.
MAX_RESERVATIONS = int(os.environ.get("MAX_RESERVATIONS", "100"))
THROTTLES = {"ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"}


# --- Lab only. `raylens lab` sets LAB_FAULT to show failures on purpose; your own functions need no such block. ---
def lab_fault(context):
    fault = os.environ.get("LAB_FAULT")
    if fault == "crash":
        raise RuntimeError("lab fault: crash")
    if fault == "timeout":
        time.sleep(context.get_remaining_time_in_millis() / 1000 + 60)
    if fault == "out-of-memory":
        hoard = []
        while True:
            hoard.append(b"x" * 1_000_000)


# --- End of the lab's block. ---


@xray_recorder.capture("dynamodb_query")
def query_reservations(user_id):
    items, start = [], {}
    while len(items) < MAX_RESERVATIONS:  # DynamoDB answers in pages of at most 1 MB
        page = table.query(
            KeyConditionExpression=Key("userId").eq(user_id), Limit=MAX_RESERVATIONS - len(items), **start
        )
        items += page["Items"]
        if "LastEvaluatedKey" not in page:
            break
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
    return items


@xray_recorder.capture("get_reservations")
def get_reservations(event, context):
    subsegment = xray_recorder.current_subsegment()
    # On a subsegment, since Lambda closes the segment to the function (see create_reservation.py).
    subsegment.put_annotation("operation", "get")
    subsegment.put_metadata("request", event)
    user_id = (event.get("queryStringParameters") or {}).get("userId") or "anonymous"
    subsegment.put_metadata("user_id", user_id)
    lab_fault(context)
    reservations = query_reservations(user_id)
    subsegment.put_metadata("count", len(reservations))
    return sorted(reservations, key=lambda each: each.get("createdAt", ""), reverse=True)


def plain_number(value):
    # DynamoDB's numbers come back as Decimal, which json does not know: 4 stays 4.
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"{type(value).__name__} cannot be sent as JSON")


def response(status, body):
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps(body, ensure_ascii=False, default=plain_number),
    }


def handler(event, context):
    try:
        return response(200, get_reservations(event, context))
    except ClientError as error:
        if error.response["Error"]["Code"] in THROTTLES:
            return response(429, {"message": "too many requests at once, try again"})
        raise
