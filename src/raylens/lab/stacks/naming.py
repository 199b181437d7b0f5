"""Ids and names that AWS would make up."""

from __future__ import annotations

import secrets
import string

_LOWER = string.ascii_lowercase + string.digits
_UPPER = string.ascii_uppercase + string.digits


def lower_id(length: int) -> str:
    """An id of small letters and digits, a letter first: API ids (10), resource and deployment ids (6)."""
    return secrets.choice(string.ascii_lowercase) + "".join(secrets.choice(_LOWER) for _ in range(length - 1))


def upper_id(length: int) -> str:
    """An id of capitals and digits, as in role ids and the ends of generated names."""
    return "".join(secrets.choice(_UPPER) for _ in range(length))


def physical_name(stack_name: str, logical_id: str, max_length: int) -> str:
    """`<stack>-<logical id>-<12 characters>`, both parts cut evenly when it would be too long."""
    suffix = upper_id(12)
    room = max_length - len(suffix) - 2
    if len(stack_name) + len(logical_id) > room:
        kept = max(room - len(logical_id), room // 2)
        stack_name = stack_name[:kept]
        logical_id = logical_id[: room - len(stack_name)]
    return f"{stack_name}-{logical_id}-{suffix}"
