"""Every question about whole trace sets, in one table."""

from __future__ import annotations

from raylens.api.analytics import requests, shapes
from raylens.api.analytics.compare import compare
from raylens.api.analytics.critical_path import show_critical_path
from raylens.api.analytics.filters import check_filter, list_keywords
from raylens.api.analytics.overview import attributes, group_by, overview
from raylens.api.question import PREFIX, Question

ANALYTICS_QUESTIONS = (
    Question("overview", "POST", PREFIX + "overview", requests.OverviewRequest, shapes.OverviewAnswer, overview),
    Question(
        "attributes", "POST", PREFIX + "attributes", requests.AttributesRequest, shapes.AttributesAnswer, attributes
    ),
    Question("group_by", "POST", PREFIX + "group-by", requests.GroupByRequest, shapes.GroupByAnswer, group_by),
    Question("compare", "POST", PREFIX + "compare", requests.CompareRequest, shapes.CompareAnswer, compare),
    Question(
        "critical_path",
        "GET",
        PREFIX + "traces/{trace_id}/critical-path",
        requests.CriticalPathRequest,
        shapes.CriticalPathAnswer,
        show_critical_path,
    ),
    Question(
        "check_filter",
        "POST",
        PREFIX + "filters/check",
        requests.CheckFilterRequest,
        shapes.CheckFilterAnswer,
        check_filter,
    ),
    Question(
        "list_keywords",
        "GET",
        PREFIX + "filters/keywords",
        requests.NothingAsked,
        shapes.KeywordsAnswer,
        list_keywords,
    ),
)
