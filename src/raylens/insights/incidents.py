"""The life of an incident: which anomalies belong together, when that is an insight, and when it is over."""

from __future__ import annotations

import math
from enum import StrEnum

import msgspec

from raylens.insights.detector import Judgement
from raylens.insights.kinship import Calls, Kinship
from raylens.insights.tuning import TUNING, Tuning
from raylens.model.figures import Entity
from raylens.model.insight import Anomaly, Signal

_DAY_S = 86_400
_SIGNALS = len(Signal)


class Strand(msgspec.Struct, frozen=True):
    """One signal of one entity within an incident: its worst and its latest anomaly, and how much speaks for it."""

    worst: Anomaly
    latest: Anomaly
    evidence: float


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """Anomalies that belong together. Instants are epoch seconds.

    `key` stays the same for the whole life. `start_s` is the first anomalous bin, `detected_s` the end of the bin that
    raised it, `last_anomalous_s` the start of the latest anomalous bin; `closed_s` is the end of that bin once the
    incident is over, None before. `strands` are in the order in which they joined.
    """

    key: str
    start_s: int
    detected_s: int
    last_anomalous_s: int
    closed_s: int | None
    strands: tuple[Strand, ...]

    @property
    def anomalies(self) -> tuple[Anomaly, ...]:
        """The worst anomaly of each entity and signal, most surprising first."""
        return tuple(sorted((each.worst for each in self.strands), key=lambda each: -each.surprise))

    @property
    def signal(self) -> Signal:
        """The dominant kind: the one with the most evidence."""
        evidence = dict.fromkeys(Signal, 0.0)
        for each in self.strands:
            evidence[each.worst.signal] += each.evidence
        return max(evidence, key=lambda signal: evidence[signal])


class ChangeKind(StrEnum):
    OPENED = "opened"
    CHANGED = "changed"
    CLOSED = "closed"


class IncidentChange(msgspec.Struct, frozen=True):
    """What became of an incident in a bin. One that opens again has `opened` once more, under its old key."""

    kind: ChangeKind
    incident: Incident


class _Track(msgspec.Struct):
    """An incident as it goes; not raised yet while `detected_s` is None.

    `since_s` is the first bin of what speaks for each strand now, which tells the beginning when it is raised.
    """

    start_s: int
    last_s: int
    strands: dict[tuple[Entity, Signal], Strand]
    since_s: dict[tuple[Entity, Signal], int]
    key: str = ""
    detected_s: int | None = None
    closed_s: int | None = None

    def incident(self) -> Incident:
        assert self.detected_s is not None
        return Incident(
            key=self.key,
            start_s=self.start_s,
            detected_s=self.detected_s,
            last_anomalous_s=self.last_s,
            closed_s=self.closed_s,
            strands=tuple(self.strands.values()),
        )


class Incidents:
    """Puts anomalies together, bin after bin."""

    def __init__(self, tuning: Tuning = TUNING) -> None:
        self._tuning = tuning
        self._tracks: list[_Track] = []
        self._last_s: int | None = None

    def copy(self) -> Incidents:
        """The same, from now on apart."""
        other = Incidents(self._tuning)
        other._tracks = [
            msgspec.structs.replace(each, strands=dict(each.strands), since_s=dict(each.since_s))
            for each in self._tracks
        ]
        other._last_s = self._last_s
        return other

    @property
    def open(self) -> tuple[Incident, ...]:
        """Those that last, oldest first."""
        return tuple(each.incident() for each in self._tracks if each.detected_s is not None and each.closed_s is None)

    def advance(self, judgement: Judgement, calls: Calls) -> tuple[IncidentChange, ...]:
        """What changed with this bin. `calls` are (caller, callee) pairs of the graph."""
        changes = self._turn_back(judgement) if self._last_s is not None and judgement.at_s <= self._last_s else []
        self._last_s = judgement.at_s
        self._quieten(judgement)
        touched = self._assign(judgement, calls)
        for track in touched:
            changes += self._raise(track, judgement)
        changes += self._close(judgement)
        return tuple(changes)

    def _turn_back(self, judgement: Judgement) -> list[IncidentChange]:
        """The clock was put back: what lasts is over, for no later bin can be told to belong to it."""
        changes = []
        for track in self._tracks:
            if track.detected_s is not None and track.closed_s is None:
                track.closed_s = track.last_s + judgement.bin_s
                changes.append(IncidentChange(ChangeKind.CLOSED, track.incident()))
        self._tracks = []
        return changes

    def _quieten(self, judgement: Judgement) -> None:
        """Evidence of what is not anomalous in this bin fades."""
        loud = {(each.entity, each.signal) for each in judgement.anomalies}
        for track in self._tracks:
            for key, strand in track.strands.items():
                if key not in loud and strand.evidence > 0:
                    left = max(0.0, strand.evidence - self._tuning.evidence_allowance)
                    track.strands[key] = Strand(strand.worst, strand.latest, left)

    def _assign(self, judgement: Judgement, calls: Calls) -> list[_Track]:
        """Give each family of anomalies to one track: its own, a related one, or a new one."""
        if not judgement.anomalies:
            return []
        lasting = [each for each in self._tracks if self._pause(each, judgement) < self._tuning.join_bins]
        kin = Kinship(calls)
        for anomaly in judgement.anomalies:
            kin.add(anomaly.entity)
        for track in lasting:
            kin.join([strand.worst.entity for strand in track.strands.values() if strand.latest.at_s == track.last_s])
        families, groups = kin.families(), dict[int, list[Anomaly]]()
        for anomaly in judgement.anomalies:
            groups.setdefault(families[anomaly.entity], []).append(anomaly)
        touched = []
        for family, anomalies in groups.items():
            signals = {(each.entity, each.signal) for each in anomalies}
            own = [
                track
                for track in self._tracks
                if not signals.isdisjoint(track.strands)
                or (track in lasting and any(families.get(entity) == family for entity, _ in track.strands))
            ]
            track = self._heir(own, anomalies)
            for anomaly in anomalies:
                self._take(track, anomaly)
            touched.append(track)
        return touched

    @staticmethod
    def _pause(track: _Track, judgement: Judgement) -> int:
        """How many bins without any anomaly of the track lie before this one."""
        return (judgement.at_s - track.last_s) // judgement.bin_s - 1

    def _heir(self, own: list[_Track], anomalies: list[Anomaly]) -> _Track:
        """The track that takes the anomalies: the oldest open one, else the oldest; what was not raised merges."""
        raised = [each for each in own if each.detected_s is not None]
        track = min(raised or own, key=lambda each: (each.closed_s is not None, each.start_s), default=None)
        if track is None:
            track = _Track(min(each.at_s for each in anomalies), 0, {}, {})
            self._tracks.append(track)
        for other in own:
            if other is not track and other.detected_s is None:
                track.strands = other.strands | track.strands
                track.since_s = other.since_s | track.since_s
                if track.detected_s is None:
                    track.start_s = min(track.start_s, other.start_s)
                self._tracks.remove(other)
        return track

    def _take(self, track: _Track, anomaly: Anomaly) -> None:
        t, key = self._tuning, (anomaly.entity, anomaly.signal)
        known = track.strands.get(key)
        cap = t.evidence_cap_latency if anomaly.signal is Signal.LATENCY else t.evidence_cap
        gain = min(anomaly.surprise, cap)
        if known is None or known.evidence <= 0:
            worst = anomaly if known is None else max(known.worst, anomaly, key=lambda each: each.surprise)
            track.strands[key] = Strand(worst, anomaly, gain)
            track.since_s[key] = anomaly.at_s
        else:
            worst = anomaly if anomaly.surprise > known.worst.surprise else known.worst
            evidence = known.evidence + gain - t.evidence_allowance
            track.strands[key] = Strand(worst, anomaly, evidence)
        track.last_s = anomaly.at_s

    def _raise(self, track: _Track, judgement: Judgement) -> list[IncidentChange]:
        if track.detected_s is None:
            if self._evidence(track) < self._needed(judgement):
                return []
            track.detected_s = judgement.at_s + judgement.bin_s
            # neither a weak anomaly before, of which little is left, nor one before a normal bin is its beginning
            firmly = [
                max(track.since_s[key], each.latest.since_s)
                for key, each in track.strands.items()
                if each.evidence >= self._tuning.anomalous_surprise
            ]
            track.start_s = min(firmly, default=track.start_s)
            first = next(iter(track.strands.values())).worst
            track.key = f"{track.start_s}-{first.entity.label}-{first.signal}"
            return [IncidentChange(ChangeKind.OPENED, track.incident())]
        kind = ChangeKind.CHANGED if track.closed_s is None else ChangeKind.OPENED
        track.closed_s = None
        return [IncidentChange(kind, track.incident())]

    def _evidence(self, track: _Track) -> float:
        """That of the strand that says most, and a little for others beside it.

        Failures speak at once. Slow answers must last for a second bin: every application has its hiccups, and a hiccup
        is felt by all callers in the same bin.
        """
        t = self._tuning
        strands = {key: each for key, each in track.strands.items() if each.latest.requests >= t.enough_requests}
        lasting = [
            each.evidence
            for key, each in strands.items()
            if key[1] is not Signal.LATENCY or track.since_s[key] < each.latest.at_s
        ]
        most = max(lasting, default=0.0)
        others = t.evidence_of_others * (sum(each.evidence for each in strands.values()) - most)
        return most + min(others, t.evidence_of_all_others) if most > 0 else 0.0

    def _needed(self, judgement: Judgement) -> float:
        """The surprise that chance reaches as often as false insights are borne, among all that is watched."""
        tests = max(judgement.readiness.ready, 1) * _SIGNALS * _DAY_S / judgement.bin_s
        return math.log10(tests / self._tuning.false_a_day)

    def _close(self, judgement: Judgement) -> list[IncidentChange]:
        t, changes, kept = self._tuning, [], []
        for track in self._tracks:
            quiet = (judgement.at_s - track.last_s) // judgement.bin_s
            if track.detected_s is not None and track.closed_s is None and quiet >= t.quiet_bins:
                track.closed_s = track.last_s + judgement.bin_s
                changes.append(IncidentChange(ChangeKind.CLOSED, track.incident()))
            if quiet < t.quiet_bins + t.reopen_bins:
                kept.append(track)
        self._tracks = kept
        return changes
