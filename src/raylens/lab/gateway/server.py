"""The gateway's door: finds the stage, decides on tracing, calls the function, answers and records."""

from __future__ import annotations

import asyncio
import re
import time
from email.utils import formatdate
from typing import Protocol

import msgspec

from raylens.clock import Clock, SystemClock
from raylens.errors import InvalidRequest
from raylens.lab.functions import InvokeResult
from raylens.lab.gateway import responses
from raylens.lab.gateway.documents import FunctionCall, service_name, stage_document
from raylens.lab.gateway.events import proxy_event
from raylens.lab.gateway.exchange import Exchange, new_request_ids
from raylens.lab.gateway.routing import Match, find_route
from raylens.lab.gateway.throttle import DEFAULT_BURST, TokenBucket
from raylens.lab.http1 import HttpServer, Request, Response
from raylens.lab.sampler import Decision, SamplingRequest
from raylens.lab.segments import SegmentSender
from raylens.lab.spec import StageSpec
from raylens.lab.trace_header import TraceHeader, new_segment_id, new_trace_id, parse_trace_header

_MAX_BODY_BYTES = 10 * 1024 * 1024
_MAX_HEAD_BYTES = 64 * 1024
_API_HOST = re.compile(r"([^.]+)\.execute-api\.[^.]+\.(?:localhost|amazonaws\.com)(?::\d+)?", re.IGNORECASE)


class GatewaySettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where a `Gateway` listens (port 0: any free one), where its segments go, how long a function may take."""

    daemon_address: str
    host: str = "127.0.0.1"
    port: int = 0
    integration_limit_s: float = 29.0


class Invoker(Protocol):
    """What calls functions; `LambdaHost` is one."""

    async def invoke(
        self, function_arn_or_name: str, payload: bytes, header: TraceHeader, source_arn: str | None
    ) -> InvokeResult:
        """Call a function. MUST go on with it when the caller stops waiting."""


class Sampler(Protocol):
    """What decides for requests that come without a decision; `CentralSampler` is one."""

    def decide(self, request: SamplingRequest) -> Decision:
        """The decision for one request. MUST NOT block."""


class Gateway:
    """Serves deployed stages at `<base_url>/_api/<api id>/<stage>/...`, and by the host name
    `<api id>.execute-api.<region>.localhost` at `/<stage>/...`.

    Records a segment of each sampled request to a stage; a request that meets no resource or method leaves none.
    """

    def __init__(
        self, settings: GatewaySettings, invoker: Invoker, sampler: Sampler, clock: Clock | None = None
    ) -> None:
        self._settings = settings
        self._invoker = invoker
        self._sampler = sampler
        self._clock = clock or SystemClock()
        self._sender = SegmentSender(settings.daemon_address)
        self._server = HttpServer(self._handle, max_body_bytes=_MAX_BODY_BYTES, max_head_bytes=_MAX_HEAD_BYTES)
        self._stages: dict[tuple[str, str], tuple[StageSpec, TokenBucket | None]] = {}

    @property
    def base_url(self) -> str:
        """`http://host:port`, without a slash at the end; only after `start`."""
        return f"http://{self._settings.host}:{self._server.port}"

    def stage_url(self, api_id: str, stage_name: str) -> str:
        """What a client puts before a resource's path."""
        return f"{self.base_url}/_api/{api_id}/{stage_name}"

    async def start(self) -> None:
        """Open the port. Raises OSError when it is taken."""
        await self._server.start(self._settings.host, self._settings.port)

    async def close(self) -> None:
        """Close the port; requests still being answered are broken off."""
        await self._server.close()
        self._sender.close()

    async def deploy(self, spec: StageSpec) -> None:
        """Serve a stage from now on; one of the same API and name is replaced. Raises InvalidRequest."""
        _check(spec)
        bucket = None
        if spec.throttle_rate_per_s is not None:
            burst = DEFAULT_BURST if spec.throttle_burst is None else spec.throttle_burst
            bucket = TokenBucket(spec.throttle_rate_per_s, burst, self._clock.now_ns())
        self._stages[spec.api_id, spec.stage_name] = (spec, bucket)

    async def remove(self, api_id: str, stage_name: str) -> None:
        """Stop serving a stage. Removing an unknown one does nothing."""
        self._stages.pop((api_id, stage_name), None)

    def stages(self) -> tuple[StageSpec, ...]:
        """What is deployed, by API and stage."""
        return tuple(spec for _, (spec, _) in sorted(self._stages.items()))

    async def _handle(self, request: Request) -> Response:
        started_ns = time.time_ns()
        request_id, extended_request_id = new_request_ids()
        found = self._find(request)
        if found is None:
            return _with_ids(responses.forbidden(), request_id, extended_request_id, None)
        stage, bucket, path, query = found
        match = find_route(stage.routes, request.method, path)
        if match is None:
            return _with_ids(responses.missing_route(), request_id, extended_request_id, None)
        received = parse_trace_header(request.header("X-Amzn-Trace-Id"))
        if received.root is None:
            received = TraceHeader(root=new_trace_id(self._clock.now_ns()), sampled=received.sampled)
        exchange = Exchange(
            stage=stage,
            request=request,
            path=path,
            query=query,
            header=received,
            started_ns=started_ns,
            request_id=request_id,
            extended_request_id=extended_request_id,
        )
        decision = self._decide(exchange)
        response, call = await self._answer(exchange, match, bucket, decision.sampled)
        if decision.sampled:
            self._sender.send(
                stage_document(exchange, new_segment_id(), time.time_ns(), response.status, decision.rule_name, call)
            )
        answered = TraceHeader(root=received.root, sampled=decision.sampled)
        return _with_ids(response, request_id, extended_request_id, answered)

    async def _answer(
        self,
        exchange: Exchange,
        match: Match,
        bucket: TokenBucket | None,
        sampled: bool | None,
    ) -> tuple[Response, FunctionCall | None]:
        if bucket is not None and not bucket.take(self._clock.now_ns()):
            return responses.too_many_requests(), None
        if exchange.request.body_too_large:
            return responses.body_too_large(), None
        function_arn = match.route.function_arn
        if function_arn is None:
            methods = (route.method for route in exchange.stage.routes if route.path == match.route.path)
            return responses.mock_response(tuple(sorted(methods))), None
        call_id = new_segment_id()
        # Without a segment of its own the gateway is no parent: the next hop hangs under the client's, if any.
        header = exchange.header.below(call_id if sampled else exchange.header.parent, sampled)
        start_ns = time.time_ns()
        response, content_length = await self._call(exchange, match, function_arn, header)
        call = FunctionCall(
            segment_id=call_id,
            function_arn=function_arn,
            start_ns=start_ns,
            end_ns=time.time_ns(),
            status=response.status,
            content_length=content_length,
        )
        return response, call

    async def _call(
        self, exchange: Exchange, match: Match, function_arn: str, header: TraceHeader
    ) -> tuple[Response, int]:
        source_arn = exchange.method_arn(match.route.path)
        try:
            async with asyncio.timeout(self._settings.integration_limit_s):
                result = await self._invoker.invoke(function_arn, proxy_event(exchange, match), header, source_arn)
        except TimeoutError:
            return responses.timed_out(), 0
        if result.status >= 400:
            return responses.internal_error(500), len(result.payload)
        if result.function_error is not None:
            return responses.internal_error(502), len(result.payload)
        response = responses.response_from_result(result.payload)
        return response, len(response.body)

    def _decide(self, exchange: Exchange) -> Decision:
        # A decision that came with the request is obeyed, by a stage without tracing too. Such a stage makes none
        # itself and leaves it to the function.
        if exchange.header.sampled is not None:
            return Decision(sampled=exchange.header.sampled)
        if not exchange.stage.tracing_enabled:
            return Decision(sampled=None)
        return self._sampler.decide(
            SamplingRequest(
                service_name=service_name(exchange.stage),
                service_type="AWS::ApiGateway::Stage",
                host=exchange.domain,
                method=exchange.request.method,
                path=exchange.full_path,
                resource_arn=exchange.stage_arn,
                attributes={name.lower(): value for name, value in exchange.request.headers},
            )
        )

    def _find(self, request: Request) -> tuple[StageSpec, TokenBucket | None, str, str] | None:
        target, _, query = request.target.partition("?")
        if "://" in target:  # the absolute form that proxies use
            target = "/" + target.split("://", 1)[1].partition("/")[2]
        by_host = _API_HOST.fullmatch(request.header("Host") or "")
        if target.startswith("/_api/"):
            _, _, api_id, stage_name, *rest = [*target.split("/", 4), "", ""][:5]
        elif by_host is not None:
            api_id = by_host[1].lower()
            _, stage_name, *rest = [*target.split("/", 2), ""][:3]
        else:
            return None
        found = self._stages.get((api_id, stage_name))
        return None if found is None else (*found, "/" + "/".join(rest), query)


def _check(spec: StageSpec) -> None:
    name = f"stage {spec.api_name}/{spec.stage_name}"
    for route in spec.routes:
        if not route.path.startswith("/"):
            raise InvalidRequest(f"{name}: resource path {route.path!r}, expected one that begins with /")
        arn = route.function_arn
        if arn is not None and (not arn.startswith("arn:") or len(arn.split(":")) < 7):
            raise InvalidRequest(f"{name}: {arn!r} is no function ARN (arn:aws:lambda:region:account:function:name)")
    for value, what in ((spec.throttle_rate_per_s, "rate"), (spec.throttle_burst, "burst")):
        if value is not None and value < 0:
            raise InvalidRequest(f"{name}: throttle {what} {value}, expected 0 or more")


def _with_ids(response: Response, request_id: str, extended_request_id: str, header: TraceHeader | None) -> Response:
    own = [
        ("Date", formatdate(usegmt=True)),
        ("x-amzn-RequestId", request_id),
        ("x-amz-apigw-id", extended_request_id),
    ]
    if header is not None:
        own.append(("X-Amzn-Trace-Id", str(header)))
    names = {name.lower() for name, _ in own}
    kept = tuple(each for each in response.headers if each[0].lower() not in names)
    return Response(status=response.status, headers=(*kept, *own), body=response.body)
