"""Read queries, one statement a file, headed by the question it answers and the sort key it relies on."""

from __future__ import annotations

from functools import cache
from importlib import resources


@cache
def read_sql(name: str) -> str:
    """The text of `name`.sql."""
    return resources.files(__package__).joinpath(f"{name}.sql").read_text("utf-8")
