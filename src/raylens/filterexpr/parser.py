"""Filter text to its tree, or to an error that says where the text cannot be read and what could have stood there."""

from __future__ import annotations

from collections.abc import Set
from functools import cache
from pathlib import Path
from typing import Any

from lark import Lark, Token
from lark.exceptions import UnexpectedToken
from lark.parsers.lalr_interactive_parser import InteractiveParser

from raylens.errors import FilterSyntaxError, InvalidRequest
from raylens.filterexpr.ast import EdgeTest, Expression, ServiceTest
from raylens.filterexpr.build import TreeBuilder
from raylens.filterexpr.complaint import complaint_about, complaint_at_end, expected_words
from raylens.filterexpr.tokens import FILTER_WORDS, SELECTOR_WORDS, WHITESPACE, Symbol, Tokenizer
from raylens.filterexpr.unreadable import Unacceptable, Unreadable, line_and_column

# X-Ray names no limits of its own, but an old page of GetTraceSummaries ended expressions at 2,000 characters. These
# are far above what people write and keep what an expression may cost small, its depth for those who walk the tree.
MAX_CHARACTERS = 65_536
MAX_DEPTH = 128
MAX_TERMS = 1_000
# GetTimeSeriesServiceStatistics, EntitySelectorExpression
MAX_SELECTOR_CHARACTERS = 500

_FILTERS = Tokenizer(FILTER_WORDS)
_SELECTORS = Tokenizer(SELECTOR_WORDS)

_OPENING = frozenset({"_LPAR", "_LBRACE"})
_CLOSING = frozenset({"_RPAR", "_RBRACE"})
_TERMS = frozenset(
    {"BOOLEAN_KEYWORD", "NUMBER_KEYWORD", "STRING_KEYWORD", "NAME", "TYPE", "ANNOTATION", "GROUP", "ROOT_CAUSE_JSON"}
    | {"CAUSE", "SERVICE", "EDGE"}
)


def parse_filter(text: str) -> Expression:
    """The tree of a filter expression; `Constant(True)` of an empty or blank one.

    Keywords, connectives and word operators are read in any case; values, annotation keys and names as they are. A
    literal of another type than its keyword is no error: the comparison never holds. A keyword that has no value
    where it stands is none either. `NOT` is accepted for `!` (an extension).
    Raises: FilterSyntaxError for text that is no expression, that is nested deeper than 128 levels or has more than
    1,000 conditions; InvalidRequest for more than 65,536 characters.
    Source: X-Ray developer guide, use filter expressions.
    """
    if len(text) > MAX_CHARACTERS:
        raise InvalidRequest(f"The filter expression has {len(text)} characters; at most {MAX_CHARACTERS} are accepted")
    tree: Expression = _parse(text, _FILTERS, "filter")
    return tree


def parse_selector(text: str) -> ServiceTest | EdgeTest:
    """The one node or edge that an entity selector expression names; its condition is None.

    Raises: FilterSyntaxError for anything but one `service(node)` or `edge(node, node)`; InvalidRequest unless the
    text has 1 to 500 characters that are not all blank.
    Source: X-Ray API reference, GetTimeSeriesServiceStatistics, EntitySelectorExpression; that it is no full filter
    expression is seen in the answers of the service.
    """
    if not text.strip(WHITESPACE) or len(text) > MAX_SELECTOR_CHARACTERS:
        raise InvalidRequest(
            f"The entity selector expression has {len(text)} characters; 1 to {MAX_SELECTOR_CHARACTERS} are accepted, "
            "and not only blanks"
        )
    tree = _parse(text, _SELECTORS, "selector")
    assert isinstance(tree, ServiceTest | EdgeTest)
    return tree


def selects_by_id(text: str) -> bool:
    """Whether an entity selector expression that can be read names a node by `id()`."""
    return any(symbol.kind == "ID" for symbol in _SELECTORS.symbols(text))


@cache
def _grammar() -> Lark:
    text = (Path(__file__).parent / "grammar.lark").read_text("utf-8")
    # Symbols are fed by hand: lark's own tokenizer could not say what X-Ray says of a word it does not know.
    return Lark(
        text,
        parser="lalr",
        lexer="basic",
        start=["filter", "selector"],
        transformer=TreeBuilder(),
        maybe_placeholders=False,
    )


def _parse(text: str, tokenizer: Tokenizer, start: str) -> Any:
    state = _grammar().parse_interactive(start=start)
    bounds = _Bounds()
    before: Symbol | None = None
    try:
        for symbol in tokenizer.symbols(text):
            _feed(state, symbol, before)
            bounds.check(symbol)
            before = symbol
        end = Symbol("$END", None, "", len(text))
        return _feed(state, end, before)
    except _Misplaced as error:
        raise _syntax_error(text, error, error.expected) from None
    except Unacceptable as error:
        raise _syntax_error(text, error) from None
    except Unreadable as error:
        raise _syntax_error(text, error, expected_words(_accepted(state))) from error.__cause__


class _Misplaced(Unreadable):
    """A symbol that the grammar does not accept; `expected` was asked before the parser moved on."""

    def __init__(self, offset: int, tail: str, expected: tuple[str, ...]) -> None:
        super().__init__(offset, tail)
        self.expected = expected


def _feed(state: InteractiveParser, symbol: Symbol, before: Symbol | None) -> Any:
    token = Token(symbol.kind, symbol.shown)
    token.value = symbol
    # A parser of this kind closes what could be closed before it sees that the symbol does not fit, so what could
    # have stood there is only known of the state before.
    earlier: InteractiveParser = state.copy(deepcopy_values=False)  # type: ignore[no-untyped-call]
    try:
        return state.feed_token(token)
    except UnexpectedToken:
        accepted = _accepted(earlier)
        at_end = symbol.kind == "$END"
        tail = complaint_at_end(accepted) if at_end else complaint_about(symbol, before, accepted)
        raise _Misplaced(symbol.offset, tail, expected_words(accepted)) from None


def _accepted(state: InteractiveParser) -> Set[str]:
    accepted: set[str] = state.accepts()  # type: ignore[no-untyped-call]
    return accepted


def _syntax_error(text: str, error: Unreadable, expected: tuple[str, ...] = ()) -> FilterSyntaxError:
    return FilterSyntaxError(*line_and_column(text, error.offset), error.tail, expected)


class _Bounds:
    """Counts conditions and how deep they stand: every open bracket is a level, and every `!` before one."""

    def __init__(self) -> None:
        self._terms = 0
        self._depth = 0
        # how many `!` wait for what they negate, and those that waited when each open bracket was opened
        self._negations = 0
        self._outer: list[int] = []

    def check(self, symbol: Symbol) -> None:
        if symbol.kind == "_NOT":
            self._negations += 1
        elif symbol.kind in _OPENING:
            self._outer.append(self._negations)
            self._depth += self._negations + 1
            self._negations = 0
        else:
            self._negations = 0
            if symbol.kind in _CLOSING:
                self._depth -= self._outer.pop() + 1
            elif symbol.kind in _TERMS:
                self._terms += 1
        if self._depth + self._negations > MAX_DEPTH:
            raise Unacceptable(symbol.offset, f"nesting deeper than {MAX_DEPTH} levels")
        if self._terms > MAX_TERMS:
            raise Unacceptable(symbol.offset, f"more than {MAX_TERMS} conditions")
