"""POST /reservations: check a reservation and store it."""

import json
import os
import secrets
import time
import traceback
from datetime import UTC, date, datetime
from decimal import Decimal

import boto3
from aws_xray_sdk.core import patch_all, xray_recorder
from botocore.exceptions import ClientError

patch_all()  # every boto3 call gets a subsegment of its own

table = boto3.resource("dynamodb").Table(os.environ.get("TABLE_NAME", "Reservations"))

REQUIRED = ("restaurantName", "date", "time", "partySize", "phoneNumber")
THROTTLES = {"ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"}


class ValidationError(Exception):
    """The client's mistake; its message is shown to the client."""


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


def parse_body(event):
    try:
        # Decimal is what DynamoDB takes for a number; it refuses Python's floats.
        body = json.loads(event.get("body") or "", parse_float=Decimal)
    except ValueError:
        raise ValidationError("the body is not JSON") from None
    if not isinstance(body, dict):
        raise ValidationError("the body is not a JSON object")
    return body


@xray_recorder.capture("validate_input")
def validate_input(body):
    missing = [name for name in REQUIRED if body.get(name) in (None, "")]
    if missing:
        raise ValidationError("missing: " + ",".join(missing))
    for name in ("restaurantName", "date", "time", "phoneNumber", "userId"):
        if not isinstance(body.get(name, ""), str):
            raise ValidationError(f"{name}: expected a string")
        if len(body.get(name, "")) > 200:
            raise ValidationError(f"{name}: expected at most 200 characters")
    if (
        not isinstance(body["partySize"], int)
        or isinstance(body["partySize"], bool)
        or not 1 <= body["partySize"] <= 1000
    ):
        raise ValidationError("partySize: expected a whole number from 1 to 1000")
    try:
        date.fromisoformat(body["date"])
        datetime.strptime(body["time"], "%H:%M")
    except ValueError:
        raise ValidationError("date and time: expected YYYY-MM-DD and HH:MM") from None


@xray_recorder.capture("dynamodb_put_item")
def put_reservation(reservation):
    # patch_all() puts its own `dynamodb` subsegment below this one: that one draws the table on the map.
    table.put_item(Item=reservation)


@xray_recorder.capture("create_reservation")
def create_reservation(event, context):
    subsegment = xray_recorder.current_subsegment()
    # Outside Lambda one would write xray_recorder.current_segment().put_annotation("operation", "create"). In Lambda
    # the segment belongs to the service and is closed to the function: that line raises
    # FacadeSegmentMutationException and the client gets a 502. Annotations go on a subsegment instead.
    subsegment.put_annotation("operation", "create")
    subsegment.put_metadata("request", event)
    try:
        body = parse_body(event)
        subsegment.put_metadata("request_body", body)
        # Annotated before the check, so that a restaurant's bad requests are found by its name too.
        if isinstance(body.get("restaurantName"), str):
            subsegment.put_annotation("restaurantName", body["restaurantName"])
        validate_input(body)
    except ValidationError as error:
        subsegment.put_metadata("error", {"message": str(error), "stack": traceback.format_exc()})
        raise
    lab_fault(context)
    user_id = body.get("userId") or "anonymous"
    reservation = {
        "userId": user_id,
        "reservationId": f"res-{secrets.randbelow(10**10):010d}",
        **{name: body[name] for name in REQUIRED},
        "status": "pending",
        "createdAt": datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="microseconds"),
    }
    # Annotations are searchable; their values may be strings, numbers and booleans, so they are taken from what came
    # in, not from what DynamoDB gives back: a Decimal would be dropped.
    subsegment.put_annotation("date", reservation["date"])
    subsegment.put_annotation("status", reservation["status"])
    # Metadata is not searchable, but takes anything.
    subsegment.put_metadata("reservation_data", reservation)
    subsegment.put_metadata("user_id", user_id)
    put_reservation(reservation)
    return reservation


def response(status, body):
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps(body, ensure_ascii=False),
    }


def handler(event, context):
    try:
        return response(201, create_reservation(event, context))
    except ValidationError as error:
        return response(400, {"message": str(error)})
    except ClientError as error:
        if error.response["Error"]["Code"] in THROTTLES:
            return response(429, {"message": "too many reservations at once, try again"})
        raise
