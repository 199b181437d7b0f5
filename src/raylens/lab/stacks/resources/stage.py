"""AWS::ApiGateway::Deployment and AWS::ApiGateway::Stage: what the gateway serves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from raylens.lab.spec import Route, StageSpec
from raylens.lab.stacks.errors import ResourceFailed
from raylens.lab.stacks.model import ResourceRecord
from raylens.lab.stacks.naming import lower_id
from raylens.lab.stacks.platform import NewResource, Platform
from raylens.lab.stacks.properties import listed, mapping, matched, text, texts, truth
from raylens.lab.stacks.resources.rest_api import METHOD, find_api
from raylens.lab.template import Value

DEPLOYMENT = "AWS::ApiGateway::Deployment"
_STAGE_NAME = r"[A-Za-z0-9_-]{1,128}"


class DeploymentHandler:
    """A snapshot of an API's methods; with a StageName it is served at once."""

    async def create(self, platform: Platform, new: NewResource) -> ResourceRecord:
        api = find_api(new)
        routes = tuple(
            Route(
                resource_id=method.state["resource_id"],
                path=method.state["path"],
                method=method.state["method"],
                function_arn=method.state["function_arn"],
            )
            for method in new.existing
            if method.type == METHOD and method.state["api_id"] == api.physical_id
        )
        if not routes:
            raise ResourceFailed(
                "The REST API doesn't contain any methods; a Deployment needs DependsOn on the methods it shall serve"
            )
        deployment_id = lower_id(6)
        state: dict[str, Any] = {"api_id": api.physical_id, "routes": msgspec.to_builtins(routes)}
        if new.properties.get("StageName") is not None:
            spec = _stage(platform, new, api, deployment_id, routes, mapping(new.properties, "StageDescription"))
            await platform.gateway.deploy(spec)
            state["stage"] = msgspec.to_builtins(spec)
        return new.made(deployment_id, attributes={"DeploymentId": deployment_id}, state=state)

    async def delete(self, platform: Platform, record: ResourceRecord) -> None:
        await _remove(platform, record)

    async def restore(self, platform: Platform, record: ResourceRecord) -> None:
        await _serve_again(platform, record)


class StageHandler:
    """A deployment under a name, served by the gateway."""

    async def create(self, platform: Platform, new: NewResource) -> ResourceRecord:
        api = find_api(new)
        deployment_id = text(new.properties, "DeploymentId")
        deployment = new.find(DEPLOYMENT, deployment_id)
        if deployment is None or deployment.state["api_id"] != api.physical_id:
            raise ResourceFailed(f"Deployment id does not exist: {deployment_id} of API {api.physical_id}")
        routes = msgspec.convert(deployment.state["routes"], tuple[Route, ...])
        spec = _stage(platform, new, api, deployment_id, routes, new.properties)
        for record in new.existing:
            other = record.state.get("stage")
            if other and (other["api_id"], other["stage_name"]) == (spec.api_id, spec.stage_name):
                raise ResourceFailed(f"Stage already exists: {spec.stage_name} of API {spec.api_id}")
        await platform.gateway.deploy(spec)
        arn = f"arn:aws:apigateway:{platform.region}::/restapis/{spec.api_id}/stages/{spec.stage_name}"
        return new.made(spec.stage_name, arn=arn, state={"stage": msgspec.to_builtins(spec)})

    async def delete(self, platform: Platform, record: ResourceRecord) -> None:
        await _remove(platform, record)

    async def restore(self, platform: Platform, record: ResourceRecord) -> None:
        await _serve_again(platform, record)


def _stage(
    platform: Platform,
    new: NewResource,
    api: ResourceRecord,
    deployment_id: str,
    routes: tuple[Route, ...],
    settings: Mapping[str, Value],
) -> StageSpec:
    rate_per_s, burst = _throttle(settings)
    return StageSpec(
        api_id=api.physical_id,
        api_name=api.state["name"],
        stage_name=matched(new.properties, "StageName", _STAGE_NAME),
        deployment_id=deployment_id,
        region=platform.region,
        account_id=platform.account_id,
        routes=routes,
        tracing_enabled=truth(settings, "TracingEnabled"),
        variables=texts(settings, "Variables"),
        throttle_rate_per_s=rate_per_s,
        throttle_burst=burst,
        tags=dict(new.tags),
    )


def _throttle(settings: Mapping[str, Value]) -> tuple[float | None, int | None]:
    """(rate, burst) of the settings for every method, `/*` and `*`; settings of single methods are not enforced."""
    for entry in (*listed(settings, "MethodSettings"), settings):
        if entry is not settings and (entry.get("HttpMethod", "*"), entry.get("ResourcePath", "/*")) != ("*", "/*"):
            continue
        rate, burst = entry.get("ThrottlingRateLimit"), entry.get("ThrottlingBurstLimit")
        if rate is None and burst is None:
            continue
        try:
            return (None if rate is None else float(str(rate))), (None if burst is None else int(str(burst)))
        except ValueError:
            raise ResourceFailed(f"Throttling limits are {rate!r} and {burst!r}; expected numbers") from None
    return None, None


async def _remove(platform: Platform, record: ResourceRecord) -> None:
    if stage := record.state.get("stage"):
        await platform.gateway.remove(stage["api_id"], stage["stage_name"])


async def _serve_again(platform: Platform, record: ResourceRecord) -> None:
    if stage := record.state.get("stage"):
        await platform.gateway.deploy(msgspec.convert(stage, StageSpec))
