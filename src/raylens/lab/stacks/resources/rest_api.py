"""AWS::ApiGateway::RestApi, Resource and Method: what a deployment is a snapshot of."""

from __future__ import annotations

import re

from raylens.lab.stacks.errors import ResourceFailed
from raylens.lab.stacks.model import ResourceRecord
from raylens.lab.stacks.naming import lower_id
from raylens.lab.stacks.platform import NewResource, Platform
from raylens.lab.stacks.properties import mapping, matched, text

REST_API, RESOURCE, METHOD = "AWS::ApiGateway::RestApi", "AWS::ApiGateway::Resource", "AWS::ApiGateway::Method"
_METHODS = ("ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
_PATH_PART = r"\{[\w.:-]+\+?\}|[\w.~:$@!*,()=+-]+"
_FUNCTION_URI = re.compile(r"/functions/(arn:aws[\w-]*:lambda:[^/]+)/invocations\Z")


class _Noted:
    """Served only once a stage is deployed; until then it is a record."""

    async def delete(self, platform: Platform, record: ResourceRecord) -> None:
        """Nothing exists beside the record."""

    async def restore(self, platform: Platform, record: ResourceRecord) -> None:
        """Nothing exists beside the record."""


class RestApiHandler(_Noted):
    """An API with its root resource."""

    async def create(self, platform: Platform, new: NewResource) -> ResourceRecord:
        api_id, root_id = lower_id(10), lower_id(10)
        name = text(new.properties, "Name")
        arn = f"arn:aws:apigateway:{platform.region}::/restapis/{api_id}"
        attributes = {"RootResourceId": root_id, "RestApiId": api_id}
        return new.made(api_id, attributes=attributes, arn=arn, state={"name": name, "root_id": root_id})


class ApiResourceHandler(_Noted):
    """One part of a path below its parent."""

    async def create(self, platform: Platform, new: NewResource) -> ResourceRecord:
        api = find_api(new)
        parent_id, part = text(new.properties, "ParentId"), matched(new.properties, "PathPart", _PATH_PART)
        parent_path = _path_of(new, api, parent_id)
        if parent_path.endswith("+}"):
            raise ResourceFailed(f"{parent_path} takes every path below it: it can have no child {part}")
        path = f"{parent_path.rstrip('/')}/{part}"
        if any(each.type == RESOURCE and _is_at(each, api, path) for each in new.existing):
            raise ResourceFailed(f"Another resource with the same parent already has this name: {part}")
        resource_id = lower_id(6)
        state = {"api_id": api.physical_id, "path": path}
        return new.made(resource_id, attributes={"ResourceId": resource_id}, state=state)


class MethodHandler(_Noted):
    """One HTTP method of a resource, and the function it is handed to."""

    async def create(self, platform: Platform, new: NewResource) -> ResourceRecord:
        api = find_api(new)
        resource_id = text(new.properties, "ResourceId")
        path = _path_of(new, api, resource_id)
        method = text(new.properties, "HttpMethod").upper()
        if method not in _METHODS:
            raise ResourceFailed(f"HttpMethod is {method}; expected one of: {', '.join(_METHODS)}")
        if any(
            each.type == METHOD and _is_at(each, api, path) and each.state["method"] == method for each in new.existing
        ):
            raise ResourceFailed(f"Method already exists for this resource: {method} {path}")
        authorization = text(new.properties, "AuthorizationType", "NONE")
        if authorization != "NONE":
            raise ResourceFailed(f"AuthorizationType is {authorization}; the lab has no authorizers, expected NONE")
        state = {
            "api_id": api.physical_id,
            "resource_id": resource_id,
            "path": path,
            "method": method,
            "function_arn": _function_arn(new),
        }
        return new.made(f"{api.physical_id}-{resource_id}-{method}", state=state)


def find_api(new: NewResource) -> ResourceRecord:
    """The API that `RestApiId` names. Raises ResourceFailed when there is none."""
    api_id = text(new.properties, "RestApiId")
    api = new.find(REST_API, api_id)
    if api is None:
        raise ResourceFailed(f"Invalid API identifier specified: {api_id}")
    return api


def _path_of(new: NewResource, api: ResourceRecord, resource_id: str) -> str:
    if resource_id == api.state["root_id"]:
        return "/"
    resource = new.find(RESOURCE, resource_id)
    if resource is None or resource.state["api_id"] != api.physical_id:
        raise ResourceFailed(f"Invalid resource identifier specified: {resource_id}; not part of API {api.physical_id}")
    return str(resource.state["path"])


def _is_at(record: ResourceRecord, api: ResourceRecord, path: str) -> bool:
    return bool(record.state["api_id"] == api.physical_id and record.state["path"] == path)


def _function_arn(new: NewResource) -> str | None:
    integration = mapping(new.properties, "Integration")
    kind = text(integration, "Type")
    if kind == "MOCK":
        return None
    if kind != "AWS_PROXY":
        raise ResourceFailed(f"Integration.Type is {kind}; the lab has AWS_PROXY (a Lambda function) and MOCK")
    verb = text(integration, "IntegrationHttpMethod")
    if verb != "POST":
        raise ResourceFailed(
            f"Integration.IntegrationHttpMethod is {verb}; Lambda is invoked by POST, whatever HttpMethod"
        )
    uri = text(integration, "Uri")
    found = _FUNCTION_URI.search(uri)
    if found is None:
        raise ResourceFailed(
            f"Integration.Uri is {uri}; expected "
            "arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/FUNCTION_ARN/invocations"
        )
    return found.group(1)
