"""Root causes of the Nezha incidents, from the figures of the minutes of each."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import msgspec

from benchmarks.insights.petshop_causes import rows_of
from benchmarks.insights.service_metrics import EVERY_CALLEE, Calls, Segment, Stream, joined, read_nezha
from raylens.insights.root_cause import rank_suspects
from raylens.model.figures import Entity, FiguresTable
from raylens.model.insight import Suspect
from raylens.model.service import ServiceId

# Incidents disturb a little longer than they last.
_AFTER_S = 300


def rank(data: Path, ranker: Callable[..., tuple[Suspect, ...]] = rank_suspects) -> dict[str, list[str]]:
    """The suspects of every incident by its id, best first."""
    cases = json.loads((data / "inputs" / "nezha" / "rca_cases.json").read_text())
    found = {}
    for stream in read_nezha(data):
        history = [prepared(each.figures, stream.calls) for each in stream.segments if each.is_history]
        for segment in stream.segments:
            here = {id_: times for id_, times in cases[stream.name].items() if _lies_in(times, segment)}
            figures = prepared(segment.figures, stream.calls) if here else segment.figures
            for id_ in here:
                found[id_] = suspects_of(figures, history, stream, here, id_, ranker)
    return found


def suspects_of(
    figures: FiguresTable,
    history: Iterable[FiguresTable],
    stream: Stream,
    cases: Mapping[str, Mapping[str, int]],
    id_: str,
    ranker: Callable[..., tuple[Suspect, ...]],
) -> list[str]:
    """Compared with the history and with the earlier minutes of the segment in which no incident is known."""
    start_s, end_s = cases[id_]["start"] // 60 * 60, cases[id_]["end"]
    at = figures.at_s
    normal = at < start_s
    for times in cases.values():
        normal &= (at < times["start"] - 60) | (at >= times["end"] + _AFTER_S)
    during = rows_of(figures, (at >= start_s) & (at < end_s + 60))
    before = [moved(each, int(at.min()) - 60) for each in history] + [rows_of(figures, normal)]
    calls = [*stream.calls, *through_calls(stream.calls, during)]
    suspects = ranker(joined(before), during, calls)
    return list(dict.fromkeys(_name_of(suspect.entity) for suspect in suspects))


def _lies_in(times: Mapping[str, int], segment: Segment) -> bool:
    return segment.start_s <= times["start"] < segment.end_s


def moved(table: FiguresTable, end_s: int) -> FiguresTable:
    """So that its last bin begins at `end_s`."""
    return msgspec.structs.replace(table, at_s=table.at_s + end_s - int(table.at_s.max()))


def _calls_of(service: ServiceId) -> ServiceId:
    """A node that stands for all calls of a service."""
    return ServiceId(service.name, "calls")


def _name_of(entity: Entity) -> str:
    return entity.service.name


def through_calls(calls: Calls, table: FiguresTable) -> Calls:
    """The calls that lead through the nodes `prepared` adds."""
    known = {entity.service for entity in table.entities}
    callers = {ServiceId(service.name) for service in known if service == _calls_of(service)}
    return (
        *((caller, _calls_of(caller)) for caller in callers),
        *((_calls_of(caller), callee) for caller, callee in calls if caller in callers),
    )


def prepared(table: FiguresTable, calls: Calls) -> FiguresTable:
    """With all calls of a service as a node of its own between the service and its callees."""
    callees: dict[ServiceId, list[ServiceId]] = defaultdict(list)
    for caller, callee in calls:
        callees[caller].append(callee)
    entities = tuple(
        Entity(_calls_of(entity.source)) if entity.service == EVERY_CALLEE and entity.source else entity
        for entity in table.entities
    )
    return msgspec.structs.replace(table, entities=entities)
