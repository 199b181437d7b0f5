"""The reference pages say what the code says."""

from __future__ import annotations

import botocore.session
import pytest

from docs import generate
from raylens.api.analytics.routes import ANALYTICS_QUESTIONS
from raylens.api.explore.routes import EXPLORE_QUESTIONS
from raylens.api.extension.routes import EXTENSIONS
from raylens.api.faults import OWN_CODES
from raylens.api.insights.routes import INSIGHT_QUESTIONS
from raylens.api.xray.routes import OPERATIONS
from raylens.config import DESCRIPTIONS, Settings
from raylens.filterexpr.keywords import FORMS, KEYWORDS


@pytest.mark.parametrize("page", ["settings.md", "cli.md", "api.md", "filters.md", "openapi.json"])
def test_page_is_what_make_docs_writes(page: str) -> None:
    path = generate.REFERENCE / page
    assert path.read_text("utf-8") == generate.pages()[path], "run `make docs`"


def test_every_setting_is_described() -> None:
    assert set(DESCRIPTIONS) == set(Settings.__struct_fields__)
    page = (generate.REFERENCE / "settings.md").read_text("utf-8")
    for name in Settings.__struct_fields__:
        assert f"| `{name}` |" in page


def test_every_command_is_described() -> None:
    page = (generate.REFERENCE / "cli.md").read_text("utf-8")
    for name, command in generate.commands():
        assert f"## `{name}`" in page
        assert command.help, f"{name} says nothing of itself"


def test_served_operations_are_named_where_users_look() -> None:
    readme = (generate.REFERENCE.parents[1] / "README.md").read_text("utf-8")
    api = (generate.REFERENCE / "api.md").read_text("utf-8")
    for operation in OPERATIONS:
        assert operation.name in readme
        assert f"| `{operation.name}` | `POST {operation.path}` |" in api


def test_count_of_operations_is_that_of_the_service_model() -> None:
    model = botocore.session.get_session().get_service_model("xray")
    assert len(model.operation_names) == generate._MODEL_OPERATIONS
    for operation in OPERATIONS:
        assert model.operation_model(operation.name).http["requestUri"] == operation.path


def test_every_keyword_and_construct_is_described() -> None:
    page = (generate.REFERENCE / "filters.md").read_text("utf-8")
    for keyword in KEYWORDS:
        assert f"| `{keyword.name}` |" in page
    for form in FORMS:
        assert f"| `{form.usage}` |" in page


def test_every_path_of_our_own_is_described() -> None:
    api = (generate.REFERENCE / "api.md").read_text("utf-8")
    for extension in EXTENSIONS:
        assert f"| `{extension.name.replace('{name}', 'NAME')}` |" in api


def test_marks_in_api_page_are_required() -> None:
    with pytest.raises(SystemExit, match="needs the lines"):
        generate.with_operations("# A page without them\n")


def test_every_question_below_api_v1_is_described() -> None:
    for questions, name in (
        (ANALYTICS_QUESTIONS, "analytics.md"),
        (EXPLORE_QUESTIONS, "console.md"),
        (INSIGHT_QUESTIONS, "insights.md"),
    ):
        page = (generate.REFERENCE / name).read_text("utf-8")
        for question in questions:
            assert f"`{question.method} {question.path}`" in page


def test_every_error_below_api_v1_is_described() -> None:
    page = (generate.REFERENCE / "analytics.md").read_text("utf-8")
    for code in OWN_CODES:
        assert f"| `{code}` |" in page
