"""What is wrong with a template, in words its author can act on."""

from __future__ import annotations

from raylens.errors import InvalidRequest


class TemplateError(InvalidRequest):
    """A template, or a parameter given for it, that cannot be deployed. Names the place, what was seen and expected."""

    code = "ValidationError"
