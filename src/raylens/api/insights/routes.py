"""Every question about insights, in one table."""

from __future__ import annotations

from raylens.api.insights import requests, shapes
from raylens.api.insights.bands import show_bands
from raylens.api.insights.insight import show_insight
from raylens.api.insights.insights import list_insights, switch_insights
from raylens.api.insights.root_cause import find_root_causes
from raylens.api.question import PREFIX, Question

INSIGHT_QUESTIONS = (
    Question("insights", "POST", PREFIX + "insights", requests.InsightsRequest, shapes.InsightsAnswer, list_insights),
    Question("insight", "GET", PREFIX + "insights/{id}", requests.InsightRequest, shapes.InsightAnswer, show_insight),
    Question(
        "insight_switches",
        "PUT",
        PREFIX + "groups/{name}/insights",
        requests.InsightSwitchRequest,
        shapes.WatchShape,
        switch_insights,
        is_change=True,
    ),
    Question("bands", "POST", PREFIX + "bands", requests.BandsRequest, shapes.BandsAnswer, show_bands),
    Question(
        "root_causes",
        "POST",
        PREFIX + "root-causes",
        requests.RootCauseRequest,
        shapes.RootCauseAnswer,
        find_root_causes,
    ),
)
