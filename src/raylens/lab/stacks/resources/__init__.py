"""One handler for each resource type that a template may use."""

from __future__ import annotations

from raylens.lab.stacks.platform import ResourceHandler
from raylens.lab.stacks.resources.function import FunctionHandler, PermissionHandler
from raylens.lab.stacks.resources.recorded import AccountHandler, LogGroupHandler, PolicyHandler, RoleHandler
from raylens.lab.stacks.resources.rest_api import ApiResourceHandler, MethodHandler, RestApiHandler
from raylens.lab.stacks.resources.stage import DeploymentHandler, StageHandler
from raylens.lab.stacks.resources.table import TableHandler

# The same types as `raylens.lab.template.RESOURCE_TYPES`; a test holds the two together.
HANDLERS: dict[str, ResourceHandler] = {
    "AWS::ApiGateway::Account": AccountHandler(),
    "AWS::ApiGateway::Deployment": DeploymentHandler(),
    "AWS::ApiGateway::Method": MethodHandler(),
    "AWS::ApiGateway::Resource": ApiResourceHandler(),
    "AWS::ApiGateway::RestApi": RestApiHandler(),
    "AWS::ApiGateway::Stage": StageHandler(),
    "AWS::DynamoDB::Table": TableHandler(),
    "AWS::IAM::ManagedPolicy": PolicyHandler(),
    "AWS::IAM::Policy": PolicyHandler(),
    "AWS::IAM::Role": RoleHandler(),
    "AWS::Lambda::Function": FunctionHandler(),
    "AWS::Lambda::Permission": PermissionHandler(),
    "AWS::Logs::LogGroup": LogGroupHandler(),
}

__all__ = ["HANDLERS"]
