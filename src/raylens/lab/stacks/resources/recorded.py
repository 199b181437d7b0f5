"""Types that the lab writes down and shows, and that change nothing else on one machine."""

from __future__ import annotations

from raylens.lab.stacks.model import ResourceRecord
from raylens.lab.stacks.naming import lower_id, physical_name, upper_id
from raylens.lab.stacks.platform import NewResource, Platform
from raylens.lab.stacks.properties import mapping, matched, optional_text, text


class _Recorded:
    async def delete(self, platform: Platform, record: ResourceRecord) -> None:
        """Nothing exists beside the record."""

    async def restore(self, platform: Platform, record: ResourceRecord) -> None:
        """Nothing exists beside the record."""


class RoleHandler(_Recorded):
    """AWS::IAM::Role: nothing on one machine asks for permissions, so the policies are shown and not enforced."""

    async def create(self, platform: Platform, new: NewResource) -> ResourceRecord:
        mapping(new.properties, "AssumeRolePolicyDocument")
        name = matched(
            new.properties, "RoleName", r"[\w+=,.@-]{1,64}", physical_name(new.stack_name, new.logical_id, 64)
        )
        path = text(new.properties, "Path", "/")
        arn = f"arn:aws:iam::{platform.account_id}:role{path}{name}"
        attributes = {"Arn": arn, "RoleId": f"AROA{upper_id(17)}"}
        return new.made(name, attributes=attributes, arn=arn, state={"properties": dict(new.properties)})


class PolicyHandler(_Recorded):
    """AWS::IAM::Policy and AWS::IAM::ManagedPolicy."""

    async def create(self, platform: Platform, new: NewResource) -> ResourceRecord:
        state = {"properties": dict(new.properties)}
        if new.type == "AWS::IAM::Policy":
            name = text(new.properties, "PolicyName")
            return new.made(name, attributes={"Id": name}, state=state)
        name = optional_text(new.properties, "ManagedPolicyName") or physical_name(new.stack_name, new.logical_id, 128)
        arn = f"arn:aws:iam::{platform.account_id}:policy/{name}"
        return new.made(arn, attributes={"PolicyArn": arn}, arn=arn, state=state)


class AccountHandler(_Recorded):
    """AWS::ApiGateway::Account."""

    async def create(self, platform: Platform, new: NewResource) -> ResourceRecord:
        name = lower_id(10)
        return new.made(name, attributes={"Id": name}, state={"properties": dict(new.properties)})


class LogGroupHandler(_Recorded):
    """AWS::Logs::LogGroup. The group itself appears with its first line, as Lambda does it."""

    async def create(self, platform: Platform, new: NewResource) -> ResourceRecord:
        name = matched(
            new.properties,
            "LogGroupName",
            r"[\w./#-]{1,512}",
            physical_name(new.stack_name, new.logical_id, 512),
        )
        arn = f"arn:aws:logs:{platform.region}:{platform.account_id}:log-group:{name}"
        state = {"properties": dict(new.properties)}
        return new.made(name, attributes={"Arn": f"{arn}:*"}, arn=arn, state=state)
