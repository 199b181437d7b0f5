"""Reading resolved properties: typed, with defaults, refusing what does not fit in words that name it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from raylens.lab.stacks.errors import ResourceFailed
from raylens.lab.template import Value


def text(properties: Mapping[str, Value], name: str, default: str | None = None) -> str:
    """A string (numbers are taken as text). Raises ResourceFailed when it is missing without a default."""
    value = properties.get(name, default)
    if value is None or value == "":
        raise ResourceFailed(f"Property {name} cannot be empty.")
    if isinstance(value, list | dict | bool):
        raise ResourceFailed(f"Property {name} is {value!r}; expected a string")
    return str(value)


def optional_text(properties: Mapping[str, Value], name: str) -> str | None:
    """A string, or None when it is not set."""
    return None if properties.get(name) is None else text(properties, name)


def matched(properties: Mapping[str, Value], name: str, pattern: str, default: str | None = None) -> str:
    """A string that matches `pattern` as a whole."""
    value = text(properties, name, default)
    if not re.fullmatch(pattern, value):
        raise ResourceFailed(f"Property {name} is {value!r}; expected a match of {pattern}")
    return value


def whole(properties: Mapping[str, Value], name: str, default: int, low: int, high: int) -> int:
    """A whole number from `low` to `high`, given as number or text."""
    value = properties.get(name, default)
    try:
        number = int(str(value))
    except ValueError:
        raise ResourceFailed(f"Property {name} is {value!r}; expected a whole number") from None
    if not low <= number <= high:
        raise ResourceFailed(f"Property {name} is {number}; expected {low} to {high}")
    return number


def truth(properties: Mapping[str, Value], name: str) -> bool:
    """A boolean, given as such or as text; False when it is not set."""
    value = properties.get(name, False)
    if str(value).lower() not in ("true", "false"):
        raise ResourceFailed(f"Property {name} is {value!r}; expected true or false")
    return str(value).lower() == "true"


def mapping(properties: Mapping[str, Value], name: str) -> dict[str, Value]:
    """A mapping; empty when it is not set."""
    value = properties.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ResourceFailed(f"Property {name} is {value!r}; expected a mapping")
    return value


def texts(properties: Mapping[str, Value], name: str) -> dict[str, str]:
    """A mapping of strings: environment or stage variables."""
    result: dict[str, str] = {}
    for key, value in mapping(properties, name).items():
        if value is None or isinstance(value, list | dict):
            raise ResourceFailed(f"Property {name}.{key} is {value!r}; expected a string")
        result[key] = str(value).lower() if isinstance(value, bool) else str(value)
    return result


def listed(properties: Mapping[str, Value], name: str) -> list[dict[str, Value]]:
    """A list of mappings; empty when it is not set."""
    value = properties.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise ResourceFailed(f"Property {name} is {value!r}; expected a list of mappings")
    items: list[dict[str, Value]] = []
    for item in value:
        if not isinstance(item, dict):
            raise ResourceFailed(f"Property {name} holds {item!r}; expected a mapping")
        items.append(item)
    return items
