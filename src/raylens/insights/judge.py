"""Minutes in, incidents out: the detector and the life of incidents, as one thing that can be copied."""

from __future__ import annotations

from raylens.insights.detector import Detector, Readiness
from raylens.insights.incidents import Incident, Incidents
from raylens.insights.traffic import TrafficWatch, UnusualTraffic
from raylens.insights.tuning import TUNING, Tuning
from raylens.model.figures import Figures
from raylens.model.service import ServiceId


class Judge:
    """Judges minute after minute, and knows the incidents of all that it has judged."""

    def __init__(self, bin_s: int = 60, tuning: Tuning = TUNING) -> None:
        self._bin_s = bin_s
        self._detector = Detector(bin_s, tuning)
        self._incidents = Incidents(tuning)
        self._traffic = TrafficWatch()
        self._calls: dict[tuple[ServiceId, ServiceId], int] = {}
        self._known: dict[str, Incident] = {}
        self.readiness = Readiness()

    def judge(self, figures: Figures) -> None:
        """Take the next minute in. Minutes in which nothing happened may be given without entities, or left out."""
        for entity in figures.entities:
            if entity.source is not None:
                self._calls[entity.source, entity.service] = figures.at_s
        self._traffic.observe(figures, {callee for _, callee in self._calls})
        judgement = self._detector.observe(figures)
        for change in self._incidents.advance(judgement, self._calls):
            self._known[change.incident.key] = change.incident
        self.readiness = judgement.readiness

    def incidents(self) -> tuple[Incident, ...]:
        """Every incident so far as it is known now, oldest start first."""
        return tuple(sorted(self._known.values(), key=lambda each: (each.start_s, each.key)))

    def traffic_noted(self, start_s: int, end_s: int) -> UnusualTraffic | None:
        """Where the traffic began to be unusual in that time, the last if there are several."""
        return self._traffic.noted_between(start_s, end_s)

    def forget_before(self, at_s: int) -> None:
        """Drop incidents that ended, calls that were last seen, and what was noted of traffic, before a time."""
        self._traffic.forget_before(at_s)
        self._known = {key: each for key, each in self._known.items() if each.closed_s is None or each.closed_s >= at_s}
        self._calls = {call: seen_s for call, seen_s in self._calls.items() if seen_s >= at_s}

    def copy(self) -> Judge:
        """One that goes on from here by itself."""
        other = Judge.__new__(Judge)
        other._bin_s = self._bin_s
        other._detector = self._detector.copy()
        other._incidents = self._incidents.copy()
        other._traffic = self._traffic.copy()
        other._calls = dict(self._calls)
        other._known = dict(self._known)
        other.readiness = self.readiness
        return other
