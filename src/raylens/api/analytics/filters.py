"""Filter expressions for those who type them: is this one, and what can be written."""

from __future__ import annotations

from raylens.api.analytics.requests import CheckFilterRequest, NothingAsked
from raylens.api.analytics.shapes import CheckFilterAnswer, FilterError, FormShape, KeywordsAnswer, KeywordShape
from raylens.api.context import Services
from raylens.errors import FilterSyntaxError, InvalidRequest
from raylens.filterexpr import parse_filter, print_filter
from raylens.filterexpr.ast import Operator
from raylens.filterexpr.keywords import FORMS, KEYWORDS, Kind

_EQUALITY = (Operator.EQUAL, Operator.NOT_EQUAL)
_OPERATORS: dict[Kind, tuple[Operator, ...]] = {
    Kind.BOOLEAN: _EQUALITY,
    Kind.NUMBER: (*_EQUALITY, Operator.LESS, Operator.LESS_EQUAL, Operator.GREATER, Operator.GREATER_EQUAL),
    Kind.STRING: (*_EQUALITY, Operator.CONTAINS, Operator.BEGINS_WITH, Operator.ENDS_WITH),
}


async def check_filter(services: Services, request: CheckFilterRequest) -> CheckFilterAnswer:
    """Whether a filter expression can be read: its canonical spelling, or what is wrong with it and where.

    Both are answers: who asks while a person types expects expressions that are not finished. A blank one selects every
    trace. Whether groups that it names exist is not asked.
    """
    return await services.read(lambda: _check(request.filter))


async def list_keywords(services: Services, request: NothingAsked) -> KeywordsAnswer:
    """Every keyword and construct of the filter language, with its meaning."""
    return KeywordsAnswer(
        keywords=tuple(
            KeywordShape(
                name=each.name,
                kind=each.kind.value,
                operators=tuple(operator.value for operator in _OPERATORS[each.kind]),
                scopes=tuple(sorted(scope.value for scope in each.scopes)),
                meaning=each.meaning,
                source=each.source,
            )
            for each in KEYWORDS
        ),
        forms=tuple(FormShape(each.name, each.usage, each.meaning, each.source) for each in FORMS),
    )


def _check(text: str) -> CheckFilterAnswer:
    try:
        return CheckFilterAnswer(print_filter(parse_filter(text)), None)
    except FilterSyntaxError as error:
        return CheckFilterAnswer(None, FilterError(str(error), error.line, error.column, error.expected))
    except InvalidRequest as error:
        return CheckFilterAnswer(None, FilterError(str(error), None, None, ()))
