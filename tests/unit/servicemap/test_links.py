"""What links between traces mean on the map."""

from __future__ import annotations

from typing import Any

import msgspec

from raylens.model.service import Edge, ServiceGraph, ServiceId, Statistics
from raylens.model.span import MAX_TRACE_LINKS
from raylens.model.time import NS_PER_S, TimeRange
from raylens.servicemap import graph_of_traces, linked_trace_ids
from tests.fixture_traces import JOBS_TRACE_ID, QUEUE_URL, WORKER_TRACE_ID, jobs_traces
from tests.xray_documents import START_S, id_bytes, independent, segment, subsegment, trace_id_of, trace_of

Document = dict[str, Any]
QUEUE = ServiceId(QUEUE_URL, "AWS::SQS::Queue")
WORKER = ServiceId("worker", "AWS::Lambda")


def links_of(graph: ServiceGraph) -> list[Edge]:
    return [edge for edge in graph.edges if edge.is_link]


def link_to(number: int, trace_id: str = JOBS_TRACE_ID) -> Document:
    return {"trace_id": trace_id, "id": f"{number:016x}"}


def receiver(*links: Document, end: float | None = 5, number: int = 40) -> list[Document]:
    return [segment("worker", 2, end, number=number, trace_id=WORKER_TRACE_ID, links=list(links))]


def sources_of(sender: list[Document], number: int) -> list[tuple[str, str]]:
    """The nodes that a link to a span of `sender` leads from."""
    links = links_of(graph_of_traces([trace_of(sender), trace_of(receiver(link_to(number)))]))
    return [(link.source.name, link.source.type) for link in links]


def test_a_link_leads_from_the_queue_and_counts_the_receive() -> None:
    orders, worker = jobs_traces()
    start_ns = int(START_S * NS_PER_S) + 2 * NS_PER_S
    receives = Statistics(ok=1, response_ns=3 * NS_PER_S, histogram=((3000, 1),))
    assert links_of(graph_of_traces([trace_of(orders), trace_of(worker)])) == [
        Edge(QUEUE, WORKER, start_ns, start_ns + 3 * NS_PER_S, receives, ((1500, 1),))
    ]


def test_links_change_nothing_else_of_the_graph() -> None:
    orders, worker = jobs_traces()
    linked = graph_of_traces([trace_of(orders), trace_of(worker)])
    del worker[0]["links"]
    plain = graph_of_traces([trace_of(orders), trace_of(worker)])
    assert linked.nodes == plain.nodes
    assert tuple(edge for edge in linked.edges if not edge.is_link) == plain.edges


def test_a_sender_that_is_not_there_has_no_link() -> None:
    _, worker = jobs_traces()
    assert links_of(graph_of_traces([trace_of(worker)])) == []
    assert linked_trace_ids([trace_of(worker)]) == {id_bytes(JOBS_TRACE_ID)}


def test_a_queue_that_nothing_was_sent_to_meanwhile_is_a_node_without_requests() -> None:
    orders, worker = jobs_traces()
    graph = graph_of_traces([trace_of(worker)], senders=[trace_of(orders)])
    (queue,) = (node for node in graph.nodes if node.id == QUEUE)
    (link,) = links_of(graph)
    assert (queue.root, queue.reporting, queue.statistics) == (False, False, Statistics())
    assert (queue.start_ns, queue.end_ns) == (link.start_ns, link.end_ns)
    assert "orders" not in {node.id.name for node in graph.nodes}


def test_a_range_counts_the_receives_in_it_wherever_the_sending_was() -> None:
    orders, worker = jobs_traces()
    traces = [trace_of(orders), trace_of(worker)]
    start_ns = int(START_S * NS_PER_S)
    late = graph_of_traces(traces, TimeRange(start_ns + NS_PER_S, start_ns + 10 * NS_PER_S))
    assert len(links_of(late)) == 1 and QUEUE in {node.id for node in late.nodes}
    assert links_of(graph_of_traces(traces, TimeRange(start_ns, start_ns + NS_PER_S))) == []


def test_each_message_of_a_batch_counts_and_one_named_twice_counts_once() -> None:
    sends = [
        subsegment("SQS", n, n + 0.5, number=n, namespace="aws", aws={"operation": "Send", "queue_url": "q"})
        for n in (1, 2)
    ]
    orders = segment("orders", 0, 3, number=30, trace_id=JOBS_TRACE_ID, subsegments=sends)
    worker = receiver(link_to(1), link_to(2), link_to(1))
    worker[0]["start_time"] = START_S + 4
    worker[0]["subsegments"] = [subsegment("message", 4, 5, number=50, links=[link_to(2)])]
    (link,) = links_of(graph_of_traces([trace_of([orders]), trace_of(worker)]))
    assert (link.statistics.total, link.age_histogram) == (2, ((1500, 1), (2500, 1)))


def test_a_message_that_was_received_before_it_was_sent_has_no_age() -> None:
    orders, _ = jobs_traces()
    worker = receiver(link_to(31))
    worker[0]["start_time"] = START_S + 0.1
    (link,) = links_of(graph_of_traces([trace_of(orders), trace_of(worker)]))
    assert link.age_histogram == ((0, 1),)


def test_a_receive_in_progress_and_a_sending_in_progress_have_no_link() -> None:
    orders, _ = jobs_traces()
    assert links_of(graph_of_traces([trace_of(orders), trace_of(receiver(link_to(31), end=None))])) == []
    assert sources_of([segment("orders", 0, None, number=30, trace_id=JOBS_TRACE_ID)], 30) == []


def test_a_link_to_a_segment_or_to_work_in_it_leads_from_its_node() -> None:
    work = subsegment("work", 0, 1, number=31)
    orders = [segment("orders", 0, 1, number=30, trace_id=JOBS_TRACE_ID, origin="X", subsegments=[work])]
    assert sources_of(orders, 30) == sources_of(orders, 31) == [("orders", "X")]


def test_a_link_to_a_call_that_was_answered_leads_from_who_answered() -> None:
    orders, _ = jobs_traces()
    answers = [
        segment("jobs", at, 1, number=n, trace_id=JOBS_TRACE_ID, parent_id=f"{31:016x}", origin="AWS::SQS::Queue")
        for n, at in ((32, 0.4), (33, 0.35))
    ]
    answers[1]["name"] = "jobs-first"
    assert sources_of([*orders, *answers], 31) == [("jobs-first", "AWS::SQS::Queue")]


def test_a_topic_that_is_published_to_is_the_service_that_calls_infer() -> None:
    publish = subsegment("SNS", 0, 1, number=31, namespace="aws", aws={"operation": "Publish", "topic_arn": "arn:t"})
    orders = [segment("orders", 0, 1, number=30, trace_id=JOBS_TRACE_ID, subsegments=[publish])]
    assert sources_of(orders, 31) == [("SNS", "AWS::SNS")]


def test_a_call_without_a_node_has_no_link() -> None:
    awaited = subsegment("api", 0, 1, number=31, namespace="remote", http={"request": {"traced": True}})
    assert sources_of([segment("orders", 0, 1, number=30, trace_id=JOBS_TRACE_ID, subsegments=[awaited])], 31) == []
    lost = independent("SQS", 0, 1, number=31, parent=99, trace_id=JOBS_TRACE_ID, namespace="aws")
    assert sources_of([lost], 31) == []


def test_a_link_inside_one_trace_is_a_link() -> None:
    orders, worker = jobs_traces()
    for document in worker:
        document["trace_id"] = JOBS_TRACE_ID
    (link,) = links_of(graph_of_traces([trace_of([*orders, *worker])]))
    assert (link.source, link.target) == (QUEUE, WORKER)


def test_the_first_hundred_links_of_a_trace_count() -> None:
    ids = [id_bytes(trace_id_of(number)) for number in range(200)]
    receivers = [
        segment("worker", n, n + 1, number=n + 1, links=[link_to(1, trace_id_of(n * 20 + i)) for i in range(20)])
        for n in range(10)
    ]
    assert linked_trace_ids([trace_of(receivers)]) == set(ids[:MAX_TRACE_LINKS])


def test_a_trace_that_is_its_own_sender_is_counted_once() -> None:
    orders, worker = jobs_traces()
    traces = [trace_of(orders), trace_of(worker)]
    assert msgspec.to_builtins(graph_of_traces(traces, senders=traces)) == msgspec.to_builtins(graph_of_traces(traces))
