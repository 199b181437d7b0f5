"""What to say of a symbol that the grammar does not accept where it stands.

The recorded messages of X-Ray are "missing ')' at end of expression" and "Invalid input symbol: '...'"; the others
are worded after them (inferred).
"""

from __future__ import annotations

from collections.abc import Set

from raylens.filterexpr.tokens import Symbol

OPERATORS = frozenset({"EQUALITY", "ORDER", "TEXT_OPERATOR"})
_LITERALS = frozenset({"STRING", "BOOLEAN_STRING", "NUMBER", "BOOLEAN"})
_COMPARABLE = frozenset(
    {"BOOLEAN_KEYWORD", "NUMBER_KEYWORD", "STRING_KEYWORD", "NAME", "TYPE", "GROUP", "ROOT_CAUSE_JSON"}
)
_SCOPED = frozenset({"SERVICE", "EDGE", "CAUSE", "GROUP", "ROOT_CAUSE_JSON", "ID", "ACCOUNT_ID"})
_ARGUMENTS = frozenset({"NAME", "TYPE", "ACCOUNT_ID"})

# In the order in which they are told. Terminals that share a word with another are left out.
_WORDS = {
    "BOOLEAN_KEYWORD": "a keyword",
    "ANNOTATION": "an annotation",
    "SERVICE": "service",
    "EDGE": "edge",
    "GROUP": "group.name or group.arn",
    "CAUSE": "a root cause",
    "ROOT_CAUSE_JSON": "rootcause.json",
    "EQUALITY": "= or !=",
    "ORDER": "<, <=, > or >=",
    "TEXT_OPERATOR": "CONTAINS, BEGINSWITH or ENDSWITH",
    "STRING": "a string",
    "NUMBER": "a number",
    "BOOLEAN": "true or false",
    "JSON": "a JSON literal",
    "ID": "id(...)",
    "ACCOUNT_ID": "name, type or account.id",
    "_AND": "AND",
    "_OR": "OR",
    "_NOT": "!",
    "_LPAR": "(",
    "_RPAR": ")",
    "_LBRACE": "{",
    "_RBRACE": "}",
    "_COMMA": ",",
    "_COLON": ":",
    "$END": "end of expression",
}


def expected_words(accepted: Set[str]) -> tuple[str, ...]:
    """What could stand there, in words; `accepted` are the terminals of the grammar that could."""
    return tuple(word for terminal, word in _WORDS.items() if terminal in accepted)


def complaint_at_end(accepted: Set[str]) -> str:
    """What is missing where the text ends too early."""
    for closer in ("_RPAR", "_RBRACE"):
        # id() may be closed at once, but nobody who got that far wants it empty
        if closer in accepted and "ACCOUNT_ID" not in accepted:
            return f"missing '{_WORDS[closer]}' at end of expression"
    wanted = _wanted(accepted)
    if wanted is None:
        return "unexpected end of expression"
    return f"missing {wanted.removeprefix('a ').removeprefix('an ')} at end of expression"


def complaint_about(found: Symbol, before: Symbol | None, accepted: Set[str]) -> str:
    """What is wrong with `found` after `before`."""
    tests = "BOOLEAN_KEYWORD" in accepted or accepted <= OPERATORS
    if tests and found.kind in OPERATORS and before is not None and before.kind in _COMPARABLE:
        return f"operator '{found.shown}' cannot be used with '{before.shown}'"
    if accepted == {"JSON"}:
        return "expected a JSON literal"
    wanted = _wanted(accepted)
    if wanted is not None:
        return f"expected {wanted} but found '{found.shown}'"
    if found.kind in _SCOPED:
        return f"'{found.shown}' is not allowed here"
    return f"unexpected '{found.shown}'"


def _wanted(accepted: Set[str]) -> str | None:
    """The one thing that could stand there; None where a whole condition could."""
    if "BOOLEAN_KEYWORD" in accepted:
        return None
    if accepted >= _LITERALS:
        return "a value"
    if accepted <= OPERATORS:
        return "an operator"
    if accepted >= _ARGUMENTS:
        return "name, type or account.id"
    words = [f"'{word}'" if not word[0].isalpha() else word for word in expected_words(accepted)]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + f" or {words[-1]}"
