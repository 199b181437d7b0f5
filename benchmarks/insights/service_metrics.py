"""Reads the tracks that hold metrics of services, as the figures that the store would answer."""

from __future__ import annotations

import csv
import gzip
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np

from raylens.model.figures import RESPONSE_MEASURES, Entity, FiguresTable
from raylens.model.service import CLIENT_TYPE, ServiceId

Calls = tuple[tuple[ServiceId, ServiceId], ...]
Row = Mapping[str, str]

# PetShop writes a node of X-Ray as its name, an underscore and its type.
_TYPED = re.compile(r"^(.+)_(AWS::.+|Database::SQL|client|remote)$")
# Nezha's user of the application, and all calls of a service together: it does not say to whom.
ENTRY = ServiceId("@entry", CLIENT_TYPE)
EVERY_CALLEE = ServiceId("*")


class Scenario(msgspec.Struct, frozen=True):
    """One PetShop scenario: what was normal, and who calls whom. `more_normal` is for finding causes only."""

    normal: FiguresTable
    more_normal: FiguresTable
    calls: Calls


class Case(msgspec.Struct, frozen=True):
    """One PetShop window of five bins, stamped with seconds from its first."""

    id: str
    scenario: str
    window: FiguresTable


class Segment(msgspec.Struct, frozen=True):
    """A stretch of a Nezha stream without gaps. What is `history` may be learned from beforehand."""

    is_history: bool
    start_s: int
    end_s: int
    figures: FiguresTable


class Stream(msgspec.Struct, frozen=True):
    """One Nezha stream. Edges to `EVERY_CALLEE` are all calls of a service, without counts of their own."""

    name: str
    segments: tuple[Segment, ...]
    calls: Calls


def read_petshop(data: Path) -> tuple[dict[str, Scenario], list[Case]]:
    """Every scenario by name, and the cases. Scenarios without a normal series of their own have `low_traffic`'s."""
    folder = data / "inputs" / "petshop"
    calls = {
        path.name.removeprefix("graph_").removesuffix(".csv.gz"): _calls(path, petshop_service)
        for path in sorted(folder.glob("graph_*.csv.gz"))
    }
    scenarios = {}
    for name in calls:
        source = name if (folder / f"history_{name}.csv.gz").exists() else "low_traffic"
        normal, more = (
            _petshop_table(_rows(folder / f"{kind}_{source}.csv.gz")) for kind in ("history", "history_rca_extra")
        )
        scenarios[name] = Scenario(normal, more, calls[name])
    by_case: dict[str, list[Row]] = {}
    for row in _rows(folder / "windows.csv.gz"):
        by_case.setdefault(row["case_id"], []).append(row)
    return scenarios, [Case(id_, rows[0]["scenario"], _petshop_table(rows)) for id_, rows in by_case.items()]


def petshop_service(node: str) -> ServiceId:
    """The node of the service graph that PetShop calls `node`."""
    found = _TYPED.match(node)
    return ServiceId(*found.groups()) if found else ServiceId(node)


def petshop_node(service: ServiceId) -> str:
    """What PetShop calls a node."""
    return f"{service.name}_{service.type}" if service.type else service.name


def read_nezha(data: Path) -> list[Stream]:
    """The streams by name."""
    folder = data / "inputs" / "nezha"
    streams = []
    for path in sorted(folder.glob("*/stream.json")):
        facts = json.loads(path.read_text())
        calls = _calls(folder / f"graph_{facts['system']}.csv.gz", nezha_service)
        by_segment: dict[int, list[Row]] = {}
        for row in _rows(path.parent / "metrics.csv.gz"):
            by_segment.setdefault(int(row["segment"]), []).append(row)
        segments = tuple(
            Segment(
                each["role"] == "history",
                each["start"],
                each["end"],
                _nezha_table(by_segment.get(each["segment"], []), calls),
            )
            for each in facts["segments"]
        )
        streams.append(Stream(facts["stream"], segments, calls))
    return streams


def nezha_service(name: str) -> ServiceId:
    """The node that Nezha calls `name`."""
    return ENTRY if name == ENTRY.name else ServiceId(name)


def table_of(bin_s: int, rows: Iterable[tuple[int, Entity, float, float, Sequence[float]]]) -> FiguresTable:
    """Rows of (start, entity, requests, faults, response times as `RESPONSE_MEASURES`), as columns by time."""
    ordered = sorted(rows, key=lambda row: row[0])
    entities = list(dict.fromkeys(row[1] for row in ordered))
    numbers = {entity: number for number, entity in enumerate(entities)}
    count = len(ordered)
    return FiguresTable(
        bin_s,
        tuple(entities),
        np.array([row[0] for row in ordered], np.int64),
        np.array([numbers[row[1]] for row in ordered], np.int64),
        np.array([row[2] for row in ordered], np.float64),
        np.array([row[3] for row in ordered], np.float64),
        np.zeros(count),
        np.zeros(count),
        np.array([row[4] for row in ordered], np.float64).reshape(count, len(RESPONSE_MEASURES)),
    )


def joined(tables: Sequence[FiguresTable]) -> FiguresTable:
    """Several tables of one bin width as one."""
    rows = [
        (figures.at_s, entity, float(figures.requests[n]), float(figures.faults[n]), list(figures.response_s[n]))
        for table in tables
        for figures in table.bins()
        for n, entity in enumerate(figures.entities)
    ]
    return table_of(tables[0].bin_s, rows)


def _petshop_table(rows: Iterable[Row]) -> FiguresTable:
    found = []
    for row in rows:
        requests = _number(row["requests"])
        # an empty cell is no traffic, and what has no traffic has no row in the store
        if not requests > 0:
            continue
        available = _number(row["availability"])
        faults = 0.0 if math.isnan(available) else round(requests * (100 - available) / 100)
        times = [_number(row[f"lat_{name}"]) for name in ("avg", "p50", "p90", "p95", "p99")]
        found.append((int(float(row["t"])), Entity(petshop_service(row["service"])), requests, float(faults), times))
    return table_of(300, found)


def _nezha_table(rows: Sequence[Row], calls: Calls) -> FiguresTable:
    requests = {(int(row["ts"]), row["service"]): _number(row["ops"]) * 60 for row in rows}
    doors = [callee.name for caller, callee in calls if caller == ENTRY]
    found = []
    for row in rows:
        at_s, name = int(row["ts"]), row["service"]
        service = nezha_service(name)
        entered = sum(requests.get((at_s, door), 0.0) for door in doors)
        count = entered if service == ENTRY else requests[at_s, name]
        if not count > 0:
            continue
        success = _number(row.get("success_pct", ""))
        faults = 0.0 if math.isnan(success) else count * (100 - success) / 100
        served = [math.nan, *(_number(row[f"srv_{each}"]) for each in ("p50", "p90", "p95", "p99"))]
        found.append((at_s, Entity(service), count, faults, served))
        called = [math.nan, math.nan, _number(row["cli_p90"]), math.nan, _number(row["cli_p99"])]
        if not all(math.isnan(each) for each in called):
            found.append((at_s, Entity(EVERY_CALLEE, service), count, 0.0, called))
    return table_of(60, found)


def _calls(path: Path, service_of: Callable[[str], ServiceId]) -> Calls:
    return tuple((service_of(row["caller"]), service_of(row["callee"])) for row in _rows(path))


def _rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", newline="") as file:
        return list(csv.DictReader(file))


def _number(text: str | None) -> float:
    return float(text) if text else math.nan
