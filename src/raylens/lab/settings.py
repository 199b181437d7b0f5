"""What a lab is told once, when it is built."""

from __future__ import annotations

from pathlib import Path

import msgspec

DEFAULT_CONTROL_PORT = 2081
DEFAULT_GATEWAY_PORT = 2082


class LabSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where a lab keeps its data, where it listens (port 0: any free one) and where its telemetry goes.

    `daemon_address` takes segments (UDP) and sampling calls (TCP). `dynamodb_url` is another DynamoDB to use instead of
    the lab's own.
    """

    data_dir: Path
    control_port: int = DEFAULT_CONTROL_PORT
    gateway_port: int = DEFAULT_GATEWAY_PORT
    daemon_address: str = "127.0.0.1:2000"
    dynamodb_url: str | None = None
    sample_all: bool = False
    region: str = "ap-northeast-2"
    account_id: str = "000000000000"
