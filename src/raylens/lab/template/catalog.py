"""The resource types the lab can create: their properties, what GetAtt gives, and whether tags reach them.

Source: the CloudFormation resource reference, section of each type. A property listed here is accepted; those that
change nothing on one machine (a table's encryption, a role's session length) are stored and shown, no more.
"""

from __future__ import annotations

import msgspec


class ResourceType(msgspec.Struct, frozen=True):
    """What a template may say about one type."""

    required: frozenset[str]
    optional: frozenset[str]
    attributes: frozenset[str] = frozenset()
    taggable: bool = False

    @property
    def properties(self) -> frozenset[str]:
        """Every property that a template may set."""
        return self.required | self.optional


def _type(required: str, optional: str, attributes: str = "", taggable: bool = False) -> ResourceType:
    return ResourceType(
        frozenset(required.split()), frozenset(optional.split()), frozenset(attributes.split()), taggable
    )


RESOURCE_TYPES: dict[str, ResourceType] = {
    "AWS::DynamoDB::Table": _type(
        "KeySchema",
        "AttributeDefinitions BillingMode ContributorInsightsSpecification DeletionProtectionEnabled "
        "GlobalSecondaryIndexes ImportSourceSpecification KinesisStreamSpecification LocalSecondaryIndexes "
        "OnDemandThroughput PointInTimeRecoverySpecification ProvisionedThroughput ResourcePolicy SSESpecification "
        "StreamSpecification TableClass TableName Tags TimeToLiveSpecification WarmThroughput",
        "Arn StreamArn",
        taggable=True,
    ),
    "AWS::IAM::Role": _type(
        "AssumeRolePolicyDocument",
        "Description ManagedPolicyArns MaxSessionDuration Path PermissionsBoundary Policies RoleName Tags",
        "Arn RoleId",
        taggable=True,
    ),
    "AWS::IAM::Policy": _type("PolicyDocument PolicyName", "Groups Roles Users", "Id"),
    "AWS::IAM::ManagedPolicy": _type(
        "PolicyDocument", "Description Groups ManagedPolicyName Path Roles Users", "PolicyArn"
    ),
    "AWS::Lambda::Function": _type(
        "Code Role",
        "Architectures CodeSigningConfigArn DeadLetterConfig Description Environment EphemeralStorage "
        "FileSystemConfigs FunctionName Handler ImageConfig KmsKeyArn Layers LoggingConfig MemorySize PackageType "
        "RecursiveLoop ReservedConcurrentExecutions Runtime RuntimeManagementConfig SnapStart Tags Timeout "
        "TracingConfig VpcConfig",
        "Arn",
        taggable=True,
    ),
    "AWS::Lambda::Permission": _type(
        "Action FunctionName Principal",
        "EventSourceToken FunctionUrlAuthType InvokedViaFunctionUrl PrincipalOrgID SourceAccount SourceArn",
        "Id",
    ),
    "AWS::ApiGateway::RestApi": _type(
        "",
        "ApiKeySourceType BinaryMediaTypes Description DisableExecuteApiEndpoint EndpointConfiguration "
        "FailOnWarnings MinimumCompressionSize Name Parameters Policy Tags",
        "RootResourceId RestApiId",
        taggable=True,
    ),
    "AWS::ApiGateway::Resource": _type("ParentId PathPart RestApiId", "", "ResourceId"),
    "AWS::ApiGateway::Method": _type(
        "HttpMethod ResourceId RestApiId",
        "ApiKeyRequired AuthorizationScopes AuthorizationType AuthorizerId Integration MethodResponses OperationName "
        "RequestModels RequestParameters RequestValidatorId",
    ),
    "AWS::ApiGateway::Deployment": _type(
        "RestApiId", "DeploymentCanarySettings Description StageDescription StageName", "DeploymentId"
    ),
    "AWS::ApiGateway::Stage": _type(
        "RestApiId",
        "AccessLogSetting CacheClusterEnabled CacheClusterSize CanarySetting ClientCertificateId DeploymentId "
        "Description DocumentationVersion MethodSettings StageName Tags TracingEnabled Variables",
        taggable=True,
    ),
    "AWS::ApiGateway::Account": _type("", "CloudWatchRoleArn", "Id"),
    "AWS::Logs::LogGroup": _type(
        "",
        "DataProtectionPolicy FieldIndexPolicies KmsKeyId LogGroupClass LogGroupName RetentionInDays Tags",
        "Arn",
        taggable=True,
    ),
}

IAM_TYPES = frozenset(("AWS::IAM::Role", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"))
# The property that gives an IAM resource a name of its own, which asks for the stronger capability.
IAM_NAME_PROPERTIES = {"AWS::IAM::Role": "RoleName", "AWS::IAM::ManagedPolicy": "ManagedPolicyName"}
