"""One request as the gateway holds it while it is answered."""

from __future__ import annotations

import base64
import os
import uuid

import msgspec

from raylens.lab.http1 import Request
from raylens.lab.spec import StageSpec
from raylens.lab.trace_header import TraceHeader


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """A request to a stage. `path` begins after the stage and is undecoded, `query` is what followed the `?`."""

    stage: StageSpec
    request: Request
    path: str
    query: str
    header: TraceHeader
    started_ns: int
    request_id: str
    extended_request_id: str

    @property
    def domain(self) -> str:
        """The API's host name on AWS; functions, rules and segments see this one."""
        return f"{self.stage.api_id}.execute-api.{self.stage.region}.amazonaws.com"

    @property
    def stage_arn(self) -> str:
        """The stage's ARN, as sampling rules and segments name it."""
        return f"arn:aws:apigateway:{self.stage.region}::/restapis/{self.stage.api_id}/stages/{self.stage.stage_name}"

    @property
    def full_path(self) -> str:
        """The path with the stage in front: what the client asked for."""
        return f"/{self.stage.stage_name}{self.path}"

    @property
    def user_agent(self) -> str | None:
        return self.request.header("User-Agent")

    def method_arn(self, resource_path: str) -> str:
        """What a function's permission is checked against: this method of the API as the source of a call."""
        stage = self.stage
        return (
            f"arn:aws:execute-api:{stage.region}:{stage.account_id}:"
            f"{stage.api_id}/{stage.stage_name}/{self.request.method}{resource_path}"
        )


def new_request_ids() -> tuple[str, str]:
    """A request id and an extended one, as API Gateway spells them."""
    return str(uuid.uuid4()), base64.b64encode(os.urandom(11)).decode("ascii")
