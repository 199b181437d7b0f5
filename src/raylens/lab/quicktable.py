"""The QuickTable example: where its template is, and what its stack is called."""

from __future__ import annotations

from pathlib import Path

from raylens.errors import ConfigError
from raylens.lab.stacks import StackRequest

STACK_NAME = "week13-2-quicktable-xray-lab-stack"
STACK_TAGS = {"Project": "AWS-Lab", "Week": "13-2", "CreatedBy": "Student"}


def quicktable_template() -> Path:
    """The template: beside this module when raylens was installed from a wheel, else in the source tree."""
    shipped = Path(__file__).with_name("quicktable_example") / "template.yaml"
    in_tree = Path(__file__).parents[3] / "examples" / "quicktable" / "template.yaml"
    for path in (shipped, in_tree):
        if path.is_file():
            return path
    raise ConfigError(f"the QuickTable template is missing; expected {shipped} or {in_tree}")


def quicktable_request(parameters: dict[str, str] | None = None) -> StackRequest:
    """What deploys the example: the stack's name and tags are those of the course lab."""
    path = quicktable_template()
    return StackRequest(
        name=STACK_NAME,
        template=path.read_text(encoding="utf-8"),
        base_dir=str(path.parent),
        parameters=parameters or {},
        tags=STACK_TAGS,
        capabilities=("CAPABILITY_IAM",),
    )
