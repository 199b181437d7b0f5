"""The service graph as the terminal draws it: nodes with readable figures, in the order of a walk from the clients."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from raylens.cli.api_answers import Edge, HistogramEntry, Service, Statistics
from raylens.cli.terminal_text import NS_PER_S

LAMBDA_SERVICE, LAMBDA_FUNCTION = "AWS::Lambda", "AWS::Lambda::Function"
_MERGED_LAMBDA = "Lambda"


class Figures(msgspec.Struct, frozen=True):
    """Requests by outcome, and the average of their response times."""

    total: int
    ok: int
    error: int  # 4xx other than throttles
    throttle: int
    fault: int
    average_ns: int


class Node(msgspec.Struct, frozen=True):
    """One service, resource or caller."""

    key: int
    name: str
    type: str
    figures: Figures | None = None  # absent on callers
    p50_ns: int | None = None  # absent when the server sent no histogram
    p95_ns: int | None = None

    @property
    def is_client(self) -> bool:
        """Whether it stands for callers outside."""
        return self.type == "client"


class Call(msgspec.Struct, frozen=True):
    """An edge: what the caller saw; of a link, what was received."""

    caller: int
    callee: int
    figures: Figures | None
    is_link: bool
    ages: tuple[HistogramEntry, ...] = ()  # of the messages of a link, on receipt

    @property
    def age_p50_ns(self) -> int | None:
        return percentile_ns(self.ages, 0.50)


class Graph(msgspec.Struct, frozen=True):
    """Nodes by key, and the calls between them."""

    nodes: dict[int, Node]
    calls: tuple[Call, ...]


class Step(msgspec.Struct, frozen=True):
    """One line of the walk: a node, reached by a call unless it is a starting point."""

    node: Node
    call: Call | None
    is_last_of: tuple[bool, ...]  # for each level from the root: whether it is the last below its parent
    is_repeated: bool  # drawn in full further up; a shared callee or a circle
    has_calls: bool  # whether steps below it follow


def graph_from_services(services: Iterable[Service], *, is_raw: bool = False) -> Graph:
    """The graph, unless `is_raw` with all callers as one `Client` and the two nodes of a Lambda function as one.

    Lambda reports the service that receives an invocation and the function that runs apart. The merged node has the
    figures of the service: they hold the start of the sandbox and the throttles, which the function cannot see.
    """
    listed = list(services)
    joined_to = {} if is_raw else _joined(listed)
    merged = set(joined_to.values())
    nodes: dict[int, Node] = {}
    for service in sorted(listed, key=lambda service: (service.type == LAMBDA_FUNCTION, service.reference_id)):
        key = joined_to.get(service.reference_id, service.reference_id)
        node = _node(service, key, is_merged=key in merged)
        if key not in nodes or nodes[key].figures is None:
            nodes[key] = node
    calls: dict[tuple[int, int, bool], Call] = {}
    for service in listed:
        caller = joined_to.get(service.reference_id, service.reference_id)
        for edge in service.edges:
            callee = joined_to.get(edge.reference_id, edge.reference_id)
            if callee not in nodes or (caller == callee and service.reference_id != edge.reference_id):
                continue  # a page without its callee, or the inner edge of a merged function
            call = _call(caller, callee, edge)
            edge_key = caller, callee, call.is_link
            calls[edge_key] = _added(calls[edge_key], call) if edge_key in calls else call
    return Graph(nodes=nodes, calls=tuple(calls.values()))


def walk(graph: Graph) -> list[Step]:
    """Every node and call once: from the clients down, then what nobody outside calls, then circles."""
    below: dict[int, list[Call]] = {}
    for call in graph.calls:
        below.setdefault(call.caller, []).append(call)
    for calls in below.values():
        calls.sort(key=lambda call: _node_order(graph.nodes[call.callee]))
    called = {call.callee for call in graph.calls if call.callee != call.caller}
    starts = sorted(graph.nodes.values(), key=lambda node: (not node.is_client, node.key in called, *_node_order(node)))
    drawn: set[int] = set()
    steps: list[Step] = []
    for start in starts:
        if start.key in drawn:
            continue
        pending: list[tuple[int, Call | None, tuple[bool, ...]]] = [(start.key, None, ())]
        while pending:
            key, reached_by, is_last_of = pending.pop()
            is_repeated = key in drawn
            drawn.add(key)
            onward = [] if is_repeated else below.get(key, [])
            steps.append(Step(graph.nodes[key], reached_by, is_last_of, is_repeated, bool(onward)))
            for number, call in reversed(list(enumerate(onward))):
                pending.append((call.callee, call, (*is_last_of, number == len(onward) - 1)))
    return steps


def percentile_ns(histogram: Sequence[HistogramEntry], fraction: float) -> int | None:
    """The smallest value that at least `fraction` of the requests did not exceed; None for an empty histogram."""
    needed = fraction * sum(entry.count for entry in histogram)
    seen = 0
    for entry in sorted(histogram, key=lambda entry: entry.value):
        seen += entry.count
        if seen >= needed and entry.count:
            return round(entry.value * NS_PER_S)
    return None


def _joined(services: Sequence[Service]) -> dict[int, int]:
    """To which node each Lambda function segment and each client is joined."""
    joined: dict[int, int] = {}
    fronts = {service.name: service.reference_id for service in services if service.type == LAMBDA_SERVICE}
    for service in services:
        if service.type == LAMBDA_FUNCTION and service.name in fronts:
            joined[service.reference_id] = fronts[service.name]
    clients = sorted(service.reference_id for service in services if service.type == "client")
    joined.update(dict.fromkeys(clients[1:], clients[0] if clients else 0))
    return joined


def _node(service: Service, key: int, *, is_merged: bool) -> Node:
    kind = service.type or ""
    histogram = service.response_time_histogram or ()
    return Node(
        key=key,
        name=service.name or "",
        type=_MERGED_LAMBDA if is_merged and kind.startswith(LAMBDA_SERVICE) else kind,
        figures=_figures(service.summary_statistics),
        p50_ns=percentile_ns(histogram, 0.50),
        p95_ns=percentile_ns(histogram, 0.95),
    )


def _figures(statistics: Statistics | None) -> Figures | None:
    if statistics is None:
        return None
    total = statistics.total_count
    return Figures(
        total=total,
        ok=statistics.ok_count,
        error=statistics.error_statistics.other_count,
        throttle=statistics.error_statistics.throttle_count,
        fault=statistics.fault_statistics.total_count,
        average_ns=round(statistics.total_response_time * NS_PER_S / total) if total else 0,
    )


def _call(caller: int, callee: int, edge: Edge) -> Call:
    ages = edge.received_event_age_histogram or ()
    return Call(caller, callee, _figures(edge.summary_statistics), edge.edge_type == "link", ages)


def _added(first: Call, second: Call) -> Call:
    one, two = first.figures, second.figures
    if one is None or two is None:
        return msgspec.structs.replace(first, figures=one or two, ages=first.ages + second.ages)
    total = one.total + two.total
    average_ns = (one.average_ns * one.total + two.average_ns * two.total) // total if total else 0
    return msgspec.structs.replace(
        first,
        figures=Figures(
            total,
            one.ok + two.ok,
            one.error + two.error,
            one.throttle + two.throttle,
            one.fault + two.fault,
            average_ns,
        ),
        ages=first.ages + second.ages,
    )


def _node_order(node: Node) -> tuple[str, str, int]:
    return node.name, node.type, node.key
