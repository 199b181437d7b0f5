"""Template text -> plain values, with the short intrinsic tags written out and line numbers kept."""

from __future__ import annotations

import re

import msgspec
import yaml

from raylens.lab.template.errors import TemplateError
from raylens.lab.template.values import Path, Value

# CloudFormation's own limit for a template given by reference.
MAX_TEMPLATE_BYTES = 1_000_000
MAX_DEPTH = 100

_SHORT_TAGS = frozenset(
    ("And", "Base64", "Equals", "FindInMap", "GetAtt", "If", "Join", "Not", "Or", "Select", "Split", "Sub")
)
# YAML 1.1 would turn `2012-10-17` into a date, `on` into a boolean and `000000000000` into an octal zero.
# A template means text by all three, so only what JSON would also call a number or a boolean is one.
_NULL = re.compile(r"(?:~|null|Null|NULL|)\Z")
_BOOL = re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z")
_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\Z")
_FLOAT = re.compile(r"[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?\Z")
_STR_TAG = "tag:yaml.org,2002:str"
_CORE_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("map", "seq", "str"))


class SourceText(msgspec.Struct, frozen=True):
    """A template as written: the values, and the line (from 1) on which a path begins, for the upper levels."""

    root: dict[str, Value]
    lines: dict[Path, int]

    def at(self, *path: str | int) -> str:
        """` (line 12)` for the nearest known ancestor of `path`, or nothing."""
        for length in range(len(path), 0, -1):
            if line := self.lines.get(path[:length]):
                return f" (line {line})"
        return ""


class _TextLoader(yaml.SafeLoader):
    """Resolves no scalar by itself: every plain scalar stays text until `_scalar` looks at it."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 (the base's form)


def load_template(text: str) -> SourceText:
    """The values of a YAML or JSON template. Raises TemplateError for text that is neither, with its line."""
    if len(text.encode()) > MAX_TEMPLATE_BYTES:
        raise TemplateError(f"Template is {len(text.encode())} bytes; expected at most {MAX_TEMPLATE_BYTES}")
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=_TextLoader)):
            raise TemplateError("Template format error: YAML aliases are not allowed in CloudFormation templates")
        node = yaml.compose(text, Loader=_TextLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        raise TemplateError(f"Template format error: YAML not well-formed: {error.problem}{where}") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise TemplateError(f"Template format error: YAML not well-formed: {error}") from error
    if not isinstance(node, yaml.MappingNode):
        raise TemplateError("Template format error: expected a mapping with a Resources section at the top")
    lines: dict[Path, int] = {}
    root = _value(node, (), lines)
    assert isinstance(root, dict)
    return SourceText(root, lines)


def _value(node: yaml.Node, path: Path, lines: dict[Path, int]) -> Value:
    if len(path) > MAX_DEPTH:
        raise TemplateError(f"Template format error: nested deeper than {MAX_DEPTH} levels{_line(node)}")
    value: Value
    if isinstance(node, yaml.MappingNode):
        value = _mapping(node, path, lines)
    elif isinstance(node, yaml.SequenceNode):
        value = [_value(item, (*path, index), lines) for index, item in enumerate(node.value)]
    else:
        value = _scalar(node)
    return _tagged(node, value)


def _mapping(node: yaml.MappingNode, path: Path, lines: dict[Path, int]) -> dict[str, Value]:
    value: dict[str, Value] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise TemplateError(f"Template format error: a key must be text{_line(key_node)}")
        key = str(key_node.value)
        if key in value:
            raise TemplateError(f"Template format error: duplicate key {key}{_line(key_node)}")
        if len(path) < 5:
            lines[(*path, key)] = key_node.start_mark.line + 1
        value[key] = _value(value_node, (*path, key), lines)
    return value


def _scalar(node: yaml.Node) -> Value:
    text = str(node.value)
    if getattr(node, "style", None) is not None or node.tag != _STR_TAG:  # quoted, a block, or the text of a short tag
        return text
    if _NULL.match(text):
        return None
    if _BOOL.match(text):
        return text.lower() == "true"
    if _INT.match(text):
        return int(text)
    return float(text) if _FLOAT.match(text) else text


def _tagged(node: yaml.Node, value: Value) -> Value:
    tag = str(node.tag)
    if tag in _CORE_TAGS:
        return value
    name = tag.removeprefix("!")
    if name in ("Ref", "Condition"):
        return {name: value}
    if name not in _SHORT_TAGS:
        known = ", ".join(sorted(f"!{short}" for short in (*_SHORT_TAGS, "Ref", "Condition")))
        raise TemplateError(f"Template format error: unknown tag {tag}{_line(node)}; expected one of: {known}")
    if name == "GetAtt" and isinstance(value, str):
        logical_id, dot, attribute = value.partition(".")
        if not dot:
            raise TemplateError(f"Template format error: !GetAtt {value}{_line(node)}; expected Resource.Attribute")
        return {"Fn::GetAtt": [logical_id, attribute]}
    return {f"Fn::{name}": value}


def _line(node: yaml.Node) -> str:
    return f" (line {node.start_mark.line + 1})"
