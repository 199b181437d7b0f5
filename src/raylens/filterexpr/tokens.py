"""Filter text cut into symbols, the way X-Ray's own tokenizer seems to cut it.

It knows fixed words and no general identifier: it follows a word as long as some symbol begins like it and refuses
the first character with which none does. `madeup` is therefore reported as 'ma' (recorded), because `message` begins
with an m. That it never steps back to a shorter symbol that it has run past, and asks for no space between two
symbols, is inferred.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping

import msgspec

from raylens.filterexpr.ast import Operator, Side
from raylens.filterexpr.json_literal import read_json_array
from raylens.filterexpr.keywords import FORMS, KEYWORDS, Kind
from raylens.filterexpr.unreadable import Unreadable, excerpt

WHITESPACE = " \t\r\n\f\v"

_BLANK = re.compile(f"[{WHITESPACE}]*")
_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_PLAIN_KEY = re.compile(r"[A-Za-z0-9_]+")
_BRACKET_KEY = re.compile(r'([^\s"\[\]]+)\]')
# Only ASCII is folded: other letters may change their number when they change their case.
_FOLD = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


class Symbol(msgspec.Struct, frozen=True):
    """One symbol. `kind` is its terminal in the grammar, `shown` how messages call it, `offset` where it begins."""

    kind: str
    value: object
    shown: str
    offset: int


class AnnotationName(msgspec.Struct, frozen=True):
    """The value of an ANNOTATION symbol."""

    side: Side
    key: str


class _Word(msgspec.Struct, frozen=True):
    kind: str
    value: object
    shown: str


Vocabulary = Mapping[str, _Word]

_KEYWORD_KINDS = {
    Kind.BOOLEAN: "BOOLEAN_KEYWORD",
    Kind.NUMBER: "NUMBER_KEYWORD",
    Kind.STRING: "STRING_KEYWORD",
}
_OPERATOR_KINDS = {
    Operator.EQUAL: "EQUALITY",
    Operator.NOT_EQUAL: "EQUALITY",
    Operator.LESS: "ORDER",
    Operator.LESS_EQUAL: "ORDER",
    Operator.GREATER: "ORDER",
    Operator.GREATER_EQUAL: "ORDER",
    Operator.CONTAINS: "TEXT_OPERATOR",
    Operator.BEGINS_WITH: "TEXT_OPERATOR",
    Operator.ENDS_WITH: "TEXT_OPERATOR",
}
_FIXED = {
    "_AND": "and", "_OR": "or", "SERVICE": "service", "EDGE": "edge", "ID": "id", "NAME": "name", "TYPE": "type",
    "ACCOUNT_ID": "account.id", "ROOT_CAUSE_JSON": "rootcause.json", "_LPAR": "(", "_RPAR": ")", "_LBRACE": "{",
    "_RBRACE": "}", "_COMMA": ",", "_COLON": ":", "JSON": "#[",
}  # fmt: skip
# The beginnings of annotation names; what follows them is the key.
_ANNOTATIONS = {
    f"{side.value}.annotation{mark}".lstrip("."): _Word("ANNOTATION", side, mark) for side in Side for mark in ".["
}


def _full_vocabulary() -> Vocabulary:
    words = {keyword.name: _Word(_KEYWORD_KINDS[keyword.kind], keyword.name, keyword.name) for keyword in KEYWORDS}
    words |= {op.value.lower(): _Word(kind, op, op.value) for op, kind in _OPERATOR_KINDS.items()}
    words |= {word: _Word(kind, word, word) for kind, word in _FIXED.items()}
    words |= {word: _Word("BOOLEAN", word == "true", word) for word in ("true", "false")}
    # The word is an extension: X-Ray documents the sign alone.
    words |= {word: _Word("_NOT", word, word) for word in ("!", "not")}
    for name in (form.name for form in FORMS):
        head, _, rest = name.partition(".")
        if head == "group":
            words[name] = _Word("GROUP", rest, name)
        elif head == "rootcause" and rest != "json":
            words[name] = _Word("CAUSE", tuple(rest.split(".")), name)
    return words | _ANNOTATIONS


FILTER_WORDS: Vocabulary = _full_vocabulary()
# What GetTimeSeriesServiceStatistics knows: an opening brace is no symbol there (recorded message).
SELECTOR_WORDS: Vocabulary = {
    word: FILTER_WORDS[word] for word in ("service", "edge", "id", "name", "type", "account.id", "(", ")", ",", ":")
}


class Tokenizer:
    """Cuts texts into symbols of one vocabulary, besides strings and numbers."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._words = vocabulary
        self._prefixes = frozenset(word[:length] for word in vocabulary for length in range(1, len(word) + 1))

    def symbols(self, text: str) -> Iterator[Symbol]:
        """The symbols of `text`, one by one, so that what is wrong earlier is also found earlier.

        Raises: Unreadable at the first character where no symbol begins.
        """
        folded = text.translate(_FOLD)
        offset = _end_of(_BLANK, text, 0)
        while offset < len(text):
            symbol, end = self._symbol_at(text, folded, offset)
            yield symbol
            offset = _end_of(_BLANK, text, end)

    def _symbol_at(self, text: str, folded: str, offset: int) -> tuple[Symbol, int]:
        if text[offset] == '"':
            return _string_at(text, offset)
        if number := _NUMBER.match(text, offset):
            return _number_at(text, offset, number.end())
        end = offset
        while end < len(text) and folded[offset : end + 1] in self._prefixes:
            end += 1
        word = self._words.get(folded[offset:end])
        if word is None:
            raise _no_symbol(text, offset, end + 1)
        if word.kind == "JSON":
            value, end = read_json_array(text, offset)
            return Symbol("JSON", value, "#[", offset), end
        if word.kind == "ANNOTATION":
            return _annotation_at(text, offset, end, word)
        return Symbol(word.kind, word.value, word.shown, offset), end


def _string_at(text: str, offset: int) -> tuple[Symbol, int]:
    match = _STRING.match(text, offset)
    if match is None:
        raise _no_symbol(text, offset, len(text))
    value = _ESCAPE.sub(r"\1", match.group()[1:-1])
    # Boolean values may be quoted (X-Ray developer guide, filter expressions, Boolean keywords)
    kind = "BOOLEAN_STRING" if value.lower() in ("true", "false") else "STRING"
    return Symbol(kind, value, excerpt(value), offset), match.end()


def _number_at(text: str, offset: int, end: int) -> tuple[Symbol, int]:
    value = float(text[offset:end])
    if value in (float("inf"), float("-inf")):
        raise Unreadable(offset, f"number out of range: '{excerpt(text[offset:end])}'")
    return Symbol("NUMBER", value, str(value), offset), end


def _annotation_at(text: str, offset: int, end: int, word: _Word) -> tuple[Symbol, int]:
    key = (_PLAIN_KEY if word.shown == "." else _BRACKET_KEY).match(text, end)
    if key is None:
        raise _no_symbol(text, offset, end + 1)
    name = key.group() if word.shown == "." else key.group(1)
    assert isinstance(word.value, Side)
    shown = excerpt(text[offset : key.end()])
    return Symbol("ANNOTATION", AnnotationName(word.value, name), shown, offset), key.end()


def _no_symbol(text: str, offset: int, end: int) -> Unreadable:
    return Unreadable(offset, f"Invalid input symbol: '{excerpt(text[offset:end])}'")


def _end_of(pattern: re.Pattern[str], text: str, offset: int) -> int:
    match = pattern.match(text, offset)
    return offset if match is None else match.end()
