from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from raylens.clock import ManualClock
from raylens.lab.spec import FunctionSpec, StageSpec
from raylens.lab.stacks import (
    Deployer,
    InsufficientCapabilities,
    Platform,
    Stack,
    StackError,
    StackExists,
    StackRequest,
    local_value,
)
from raylens.lab.stacks.resources import HANDLERS
from raylens.lab.template import RESOURCE_TYPES

QUICKTABLE = Path(__file__).parents[4] / "examples" / "quicktable" / "template.yaml"
NAME = "week13-2-quicktable-xray-lab-stack"
TAGS = {"Project": "AWS-Lab", "Week": "13-2", "CreatedBy": "Student"}


class FakeHost:
    def __init__(self) -> None:
        self.functions: dict[str, FunctionSpec] = {}

    async def deploy(self, spec: FunctionSpec) -> None:
        self.functions[spec.name] = spec

    async def remove(self, name: str) -> None:
        self.functions.pop(name, None)

    def specs(self) -> tuple[FunctionSpec, ...]:
        return tuple(self.functions.values())


class FakeGateway:
    base_url = "http://127.0.0.1:8088"

    def __init__(self) -> None:
        self.stages: dict[tuple[str, str], StageSpec] = {}

    async def deploy(self, spec: StageSpec) -> None:
        self.stages[(spec.api_id, spec.stage_name)] = spec

    async def remove(self, api_id: str, stage_name: str) -> None:
        self.stages.pop((api_id, stage_name), None)


class FakeAnswer(msgspec.Struct, frozen=True):
    status: int
    content: dict[str, Any] = {}

    def document(self) -> dict[str, Any]:
        return self.content


class FakeTables:
    """Tables that are ACTIVE at once; `refuse_deletes` makes DeleteTable fail."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[str, Any]] = {}
        self.refuse_deletes = False

    async def call(self, operation: str, body: Mapping[str, Any]) -> FakeAnswer:
        name = body["TableName"]
        if operation == "CreateTable":
            if name in self.tables:
                return FakeAnswer(
                    400, {"__type": "x#ResourceInUseException", "message": f"Table already exists: {name}"}
                )
            self.tables[name] = dict(body)
            return FakeAnswer(200, {})
        if operation == "DeleteTable" and self.refuse_deletes:
            return FakeAnswer(500, {"__type": "x#InternalServerError", "message": "no"})
        if name not in self.tables:
            return FakeAnswer(400, {"__type": "x#ResourceNotFoundException", "message": "not found"})
        if operation == "DeleteTable":
            del self.tables[name]
        arn = f"arn:aws:dynamodb:ap-northeast-2:000000000000:table/{name}"
        return FakeAnswer(200, {"Table": {"TableStatus": "ACTIVE", "TableArn": arn}})


class FakeLab:
    """A platform of fakes with its data in `data_dir`."""

    def __init__(self, data_dir: Path) -> None:
        self.host = FakeHost()
        self.gateway = FakeGateway()
        self.tables = FakeTables()
        self.platform = Platform(
            region="ap-northeast-2",
            account_id="000000000000",
            data_dir=data_dir,
            host=self.host,
            gateway=self.gateway,
            dynamodb=self.tables,
        )


@pytest.fixture
def lab(tmp_path: Path) -> FakeLab:
    return FakeLab(tmp_path / "lab")


@pytest.fixture
def code_dir(tmp_path: Path) -> Path:
    functions = tmp_path / "template" / "functions"
    functions.mkdir(parents=True)
    (functions / "create_reservation.py").write_text("def handler(event, context): ...\n")
    return functions


def quicktable(code_dir: Path, **changes: object) -> StackRequest:
    fields: dict[str, object] = {
        "name": NAME,
        "template": QUICKTABLE.read_text(),
        "base_dir": str(code_dir.parent),
        "tags": TAGS,
        "capabilities": ("CAPABILITY_IAM",),
        **changes,
    }
    return StackRequest(**fields)  # type: ignore[arg-type]


def with_deployer(lab: FakeLab, visit: Callable[[Deployer], Awaitable[None]]) -> None:
    async def run() -> None:
        deployer = Deployer(lab.platform, clock=ManualClock(1_700_000_000_000_000_000))
        await deployer.restore()
        await visit(deployer)
        await deployer.close()

    asyncio.run(run())


def create(lab: FakeLab, request: StackRequest) -> Stack:
    made: list[Stack] = []

    async def visit(deployer: Deployer) -> None:
        deployer.create(request)
        made.append(await deployer.wait(request.name))

    with_deployer(lab, visit)
    return made[0]


def test_every_type_of_the_catalogue_has_a_handler() -> None:
    assert set(HANDLERS) == set(RESOURCE_TYPES)


def test_the_quicktable_template_becomes_a_stack_with_its_four_outputs(lab: FakeLab, code_dir: Path) -> None:
    stack = create(lab, quicktable(code_dir))
    assert (stack.status, stack.reason) == ("CREATE_COMPLETE", "")
    outputs = {output.key: output.value for output in stack.outputs}
    ((api_id, stage_name),) = lab.gateway.stages
    assert stage_name == "prod"
    assert outputs["ApiGatewayInvokeUrl"] == f"https://{api_id}.execute-api.ap-northeast-2.amazonaws.com/prod"
    assert outputs["CreateReservationFunctionName"].startswith(f"CreateReservation-{NAME}-")
    assert outputs["GetReservationsFunctionName"].startswith(f"GetReservations-{NAME}-")
    assert outputs["DynamoDBTableName"] == "Reservations"


def test_functions_are_deployed_with_tracing_permission_and_a_copy_of_their_code(lab: FakeLab, code_dir: Path) -> None:
    create(lab, quicktable(code_dir))
    (spec,) = (each for each in lab.host.specs() if each.name.startswith("CreateReservation"))
    (api_id, _stage), stage = next(iter(lab.gateway.stages.items()))
    assert (spec.tracing, spec.timeout_s, spec.environment) == ("Active", 10.0, {"TABLE_NAME": "Reservations"})
    (permission,) = spec.permissions
    assert permission.principal == "apigateway.amazonaws.com"
    assert permission.source_arn == f"arn:aws:execute-api:ap-northeast-2:000000000000:{api_id}/*/POST/reservations"
    assert (spec.code_dir / "create_reservation.py").exists()
    assert spec.code_dir.is_relative_to(lab.platform.data_dir)
    assert stage.tracing_enabled
    assert next((each.method, each.path, each.function_arn) for each in stage.routes) == (
        "POST",
        "/reservations",
        spec.arn,
    )


def test_stack_tags_reach_the_table_the_functions_the_api_and_the_role(lab: FakeLab, code_dir: Path) -> None:
    async def visit(deployer: Deployer) -> None:
        deployer.create(quicktable(code_dir))
        await deployer.wait(NAME)
        assert [hit.type for hit in deployer.tagged("Week", "13-2")] == [
            "AWS::ApiGateway::RestApi",
            "AWS::ApiGateway::Stage",
            "AWS::CloudFormation::Stack",
            "AWS::DynamoDB::Table",
            "AWS::IAM::Role",
            "AWS::Lambda::Function",
            "AWS::Lambda::Function",
        ]
        assert deployer.tagged("Week", "13-3") == ()
        assert len(deployer.tagged("aws:cloudformation:stack-name", NAME)) == 6

    with_deployer(lab, visit)


def test_iam_resources_need_their_capability(lab: FakeLab, code_dir: Path) -> None:
    with pytest.raises(InsufficientCapabilities, match=r"^Requires capabilities : \[CAPABILITY_IAM\]$"):
        create(lab, quicktable(code_dir, capabilities=()))
    assert lab.tables.tables == {}


def test_a_stack_name_can_be_used_once(lab: FakeLab, code_dir: Path) -> None:
    create(lab, quicktable(code_dir))
    with pytest.raises(StackExists, match=rf"^Stack \[{NAME}\] already exists$"):
        create(lab, quicktable(code_dir))


def test_a_failed_resource_rolls_back_what_was_created(lab: FakeLab, tmp_path: Path) -> None:
    stack = create(lab, quicktable(tmp_path / "nowhere" / "functions"))
    assert stack.status == "ROLLBACK_COMPLETE"
    assert "does not exist" in stack.reason
    assert (stack.resources, lab.tables.tables, lab.host.functions) == ((), {}, {})
    told = [(event.logical_id, event.status) for event in stack.events]
    assert told == [
        (NAME, "CREATE_IN_PROGRESS"),
        ("ReservationsTable", "CREATE_IN_PROGRESS"),
        ("ReservationsTable", "CREATE_COMPLETE"),
        ("LambdaExecutionRole", "CREATE_IN_PROGRESS"),
        ("LambdaExecutionRole", "CREATE_COMPLETE"),
        ("CreateReservationFunction", "CREATE_IN_PROGRESS"),
        ("CreateReservationFunction", "CREATE_FAILED"),
        (NAME, "ROLLBACK_IN_PROGRESS"),
        ("LambdaExecutionRole", "DELETE_IN_PROGRESS"),
        ("LambdaExecutionRole", "DELETE_COMPLETE"),
        ("ReservationsTable", "DELETE_IN_PROGRESS"),
        ("ReservationsTable", "DELETE_COMPLETE"),
        (NAME, "ROLLBACK_COMPLETE"),
    ]


def test_deleting_a_stack_removes_everything_in_reverse(lab: FakeLab, code_dir: Path) -> None:
    async def visit(deployer: Deployer) -> None:
        deployer.create(quicktable(code_dir))
        made = await deployer.wait(NAME)
        deployer.delete(NAME)
        gone = await deployer.wait(NAME)
        assert gone.status == "DELETE_COMPLETE"
        order = [event.logical_id for event in gone.events if event.status == "DELETE_COMPLETE"]
        assert order == [*(record.logical_id for record in reversed(made.resources)), NAME]
        assert deployer.stacks() == ()

    with_deployer(lab, visit)
    assert (lab.tables.tables, lab.host.functions, lab.gateway.stages) == ({}, {}, {})
    assert list((lab.platform.data_dir / "code").iterdir()) == []


def test_a_resource_that_will_not_go_leaves_the_stack_delete_failed(lab: FakeLab, code_dir: Path) -> None:
    async def visit(deployer: Deployer) -> None:
        deployer.create(quicktable(code_dir))
        await deployer.wait(NAME)
        lab.tables.refuse_deletes = True
        deployer.delete(NAME)
        stack = await deployer.wait(NAME)
        assert (stack.status, [each.logical_id for each in stack.resources]) == ("DELETE_FAILED", ["ReservationsTable"])

    with_deployer(lab, visit)


def test_a_restarted_lab_deploys_its_stacks_again(lab: FakeLab, code_dir: Path) -> None:
    create(lab, quicktable(code_dir))
    again = FakeLab(lab.platform.data_dir)

    async def visit(deployer: Deployer) -> None:
        assert [stack.status for stack in deployer.stacks()] == ["CREATE_COMPLETE"]

    with_deployer(again, visit)
    assert again.host.functions == lab.host.functions
    assert again.gateway.stages == lab.gateway.stages
    assert set(again.tables.tables) == {"Reservations"}


def test_an_unknown_stack_is_refused_with_the_names_there_are(lab: FakeLab) -> None:
    async def visit(deployer: Deployer) -> None:
        with pytest.raises(StackError, match="Stack with id nothing does not exist; there are: none"):
            deployer.delete("nothing")

    with_deployer(lab, visit)


def test_an_invoke_url_is_rewritten_to_the_local_gateway() -> None:
    url = "https://abcdefghij.execute-api.ap-northeast-2.amazonaws.com/prod"
    assert local_value(url, "http://127.0.0.1:8088") == "http://127.0.0.1:8088/_api/abcdefghij/prod"
    assert local_value("Reservations", "http://127.0.0.1:8088") == "Reservations"
