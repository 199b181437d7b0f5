"""Tags: words of the user's own on a group or a sampling rule."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import msgspec

from raylens.errors import InvalidRequest

MAX_TAGS = 50
_MAX_KEY_LENGTH = 128
# one text of the service model says 255; its bounds say 256
_MAX_VALUE_LENGTH = 256
_RESERVED_PREFIX = "aws:"
_SIGNS = frozenset("_.:/=+-@")


class Tag(msgspec.Struct, frozen=True):
    """A key, unique on its resource, and a value that may be empty."""

    key: str
    value: str


def check_tags(tags: Sequence[Tag]) -> None:
    """Refuse tags that a resource cannot carry.

    Raises: InvalidRequest for more than 50, a key twice, a key or value of another length or with other characters
    than letters, digits, white space and `_.:/=+-@`, and keys that begin with `aws:` in any case.
    Source: X-Ray service model, Tag; developer guide, tagging.
    """
    if len(tags) > MAX_TAGS:
        raise InvalidRequest(f"{len(tags)} tags were sent, at most {MAX_TAGS} are accepted")
    seen: set[str] = set()
    for tag in tags:
        _check_text("key", tag.key, 1, _MAX_KEY_LENGTH)
        _check_text("value", tag.value, 0, _MAX_VALUE_LENGTH)
        if tag.key.lower().startswith(_RESERVED_PREFIX):
            raise InvalidRequest(f"the tag key '{tag.key}' begins with {_RESERVED_PREFIX}, which is reserved")
        if tag.key in seen:
            raise InvalidRequest(f"the tag key '{tag.key}' was sent twice")
        seen.add(tag.key)


def _check_text(part: str, text: str, shortest: int, longest: int) -> None:
    if not shortest <= len(text) <= longest:
        raise InvalidRequest(f"a tag's {part} has {len(text)} characters, {shortest} to {longest} were expected")
    if not all(_is_accepted(character) for character in text):
        raise InvalidRequest(
            f"the tag {part} {text!a} is refused, letters, digits, white space and _.:/=+-@ are accepted"
        )


def _is_accepted(character: str) -> bool:
    return character.isalnum() or character in _SIGNS or unicodedata.category(character) == "Zs"
