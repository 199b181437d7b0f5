"""The X-Ray daemon's UDP protocol by raw socket: what is taken, what is dropped, and that every drop is counted."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests import factories
from tests.protocol.server import Server, eventually

HEADER = b'{"format": "json", "version": 1}'


def stored(server: Server, trace_id: str) -> list[dict[str, Any]]:
    """The trace's documents once the datagrams sent so far have been stored.

    A good datagram sent last is waited for: the socket keeps order, so all before it were read by then.
    """
    flush = factories.segment()
    server.send(factories.datagram(flush))
    eventually(lambda: server.documents_of(flush["trace_id"]), "the last datagram is stored")
    return server.documents_of(trace_id)


@pytest.mark.parametrize(
    "header",
    [
        HEADER,
        b'{"format":"json","version":1}',
        b'{"version":1,"format":"JSON"}',
        b'  {"format" : "Json", "version" : 1, "sender": "test"}\r',
        b'{"format": "\\u006a\\u0073\\u006f\\u006e", "version": 1}',
    ],
)
def test_any_spelling_of_the_header_is_accepted(header: bytes, server: Server) -> None:
    document = factories.segment()
    server.send(factories.datagram(document, header))

    assert stored(server, document["trace_id"]) == [document]


BODY = factories.text(factories.segment()).encode()


@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        b"\n",
        b"\x00\xff\xfe garbage",
        BODY,
        HEADER,
        HEADER + b"\n",
        HEADER + b" " + BODY,
        b"\n" + BODY,
        b"json 1\n" + BODY,
        b"[]\n" + BODY,
        b'{"format": "\xff", "version": 1}\n' + BODY,
        b'{"\xff": 1}\n' + BODY,
        b'{"format": "xml", "version": 1}\n' + BODY,
        b'{"format": "json", "version": 2}\n' + BODY,
        b'{"format": "json", "version": "1"}\n' + BODY,
        b'{"format": "json"}\n' + BODY,
        b'{"version": 1}\n' + BODY,
        b'{"format": "json", "version": 1%s}\n' % (b"0" * 500) + BODY,
        b"[" * 60_000 + b"\n" + BODY,
        HEADER + b"\n" + BODY[:-5],
        HEADER + b"\n\xff\xfe\xfd",
        HEADER + b'\n{"name": "\xff"}',
        HEADER + b"\n[]",
        HEADER + b"\n" + b"[" * 60_000,
        HEADER + b"\n\n" + BODY[:-1],
    ],
    ids=range(25),
)
def test_a_bad_datagram_is_counted_as_rejected_and_harms_no_neighbour(datagram: bytes, server: Server) -> None:
    before, after = factories.segment(), factories.segment()
    rejected = server.counter("datagrams_rejected")
    received = server.counter("datagrams_received")

    server.send(factories.datagram(before), datagram, factories.datagram(after))

    assert stored(server, after["trace_id"]) == [after]
    assert server.documents_of(before["trace_id"]) == [before]
    assert server.counter("datagrams_rejected") == rejected + 1
    assert server.counter("datagrams_received") == received + 4


def test_random_datagrams_are_all_counted_and_none_stops_the_socket(server: Server) -> None:
    chance = random.Random(7)
    rejected = server.counter("datagrams_rejected")
    for _ in range(300):
        noise = chance.randbytes(chance.randrange(400))
        server.send(chance.choice([noise, HEADER + b"\n" + noise, b'{"format": "' + noise + b'"}\n' + BODY]))

    document = factories.segment()
    server.send(factories.datagram(document))

    assert stored(server, document["trace_id"]) == [document]
    assert server.counter("datagrams_rejected") == rejected + 300


def test_the_largest_datagram_udp_can_carry_is_stored(server: Server) -> None:
    document = factories.segment(metadata={"default": {"fill": ""}})
    room = 65_507 - len(factories.datagram(document))
    document["metadata"]["default"]["fill"] = "x" * room
    assert len(factories.datagram(document)) == 65_507

    server.send(factories.datagram(document))

    assert stored(server, document["trace_id"]) == [document]


def test_counters_move_for_datagrams_that_nobody_answers(server: Server) -> None:
    names = ("datagrams_received", "documents_received", "documents_written", "spans_written", "batches_written")
    before = {name: server.counter(name) for name in names}
    document = factories.segment(subsegments=[factories.embedded(), factories.embedded()])

    server.send(factories.datagram(document))

    eventually(lambda: server.counter("batches_written") > before["batches_written"], "the datagram is stored")
    moved = {name: server.counter(name) - before[name] for name in names}
    assert moved == {
        "datagrams_received": 1, "documents_received": 1, "documents_written": 1, "spans_written": 3,
        "batches_written": 1,
    }  # fmt: skip


def test_a_segment_in_progress_is_shown_until_its_complete_copy_replaces_it(server: Server) -> None:
    document = factories.segment()
    started = factories.in_progress(document)

    server.send(factories.datagram(started))
    assert stored(server, document["trace_id"]) == [started]

    server.send(factories.datagram(document))
    assert stored(server, document["trace_id"]) == [document]


def test_a_late_in_progress_copy_does_not_undo_a_complete_segment(server: Server) -> None:
    document = factories.segment()

    server.send(factories.datagram(document))
    assert stored(server, document["trace_id"]) == [document]
    server.send(factories.datagram(factories.in_progress(document)))

    assert stored(server, document["trace_id"]) == [document]


def test_a_datagram_sent_twice_counts_once(server: Server) -> None:
    document = factories.segment(name="twice", subsegments=[factories.embedded()])

    server.send(factories.datagram(document), factories.datagram(document))
    assert stored(server, document["trace_id"]) == [document]
    server.send(factories.datagram(document))

    assert stored(server, document["trace_id"]) == [document]
    graph = server.post("/TraceGraph", {"TraceIds": [document["trace_id"]]}).json["Services"]
    assert [s["SummaryStatistics"]["TotalCount"] for s in graph if "SummaryStatistics" in s] == [1]
    window = {"StartTime": document["start_time"] - 1, "EndTime": document["start_time"] + 1}
    whole = server.post("/ServiceGraph", window).json["Services"]
    [node] = [s for s in whole if s["Name"] == "twice" and s.get("Type") != "client"]
    assert node["SummaryStatistics"]["TotalCount"] == 1


def test_subsegments_that_come_before_their_parents_are_attached_when_those_come(server: Server) -> None:
    parent = factories.segment()
    child = factories.subsegment(parent, name="child")
    grandchild = factories.subsegment(child, name="grandchild")

    server.send(factories.datagram(grandchild))
    assert stored(server, parent["trace_id"]) == [grandchild]
    server.send(factories.datagram(child))
    server.send(factories.datagram(parent))

    [compiled] = stored(server, parent["trace_id"])
    assert compiled["id"] == parent["id"]
    assert [c["name"] for c in compiled["subsegments"]] == ["child"]
    assert [c["name"] for c in compiled["subsegments"][0]["subsegments"]] == ["grandchild"]
    assert not {"type", "trace_id", "parent_id"} & compiled["subsegments"][0].keys()


def test_a_subsegment_whose_parent_never_comes_is_an_entry_of_its_own(server: Server) -> None:
    orphan = factories.subsegment(factories.segment())

    server.send(factories.datagram(orphan))

    assert stored(server, orphan["trace_id"]) == [orphan]


def test_subsegments_that_name_each_other_as_parents_are_all_returned(server: Server) -> None:
    first = factories.subsegment(factories.segment())
    second = factories.subsegment(first)
    first["parent_id"] = second["id"]
    below = factories.subsegment(second, name="below")

    server.send(*(factories.datagram(d) for d in (first, second, below)))

    compiled = stored(server, first["trace_id"])
    assert [c["id"] for c in compiled] == [first["id"], second["id"]]
    assert [c["id"] for c in compiled[1]["subsegments"]] == [below["id"]]


def test_a_chain_of_a_thousand_subsegments_is_returned_whole_and_readable(server: Server) -> None:
    chain = [factories.segment()]
    for _ in range(1000):
        chain.append(factories.subsegment(chain[-1]))
    for at in range(0, len(chain), 50):
        assert server.put(*chain[at : at + 50]) == []

    compiled = server.documents_of(chain[0]["trace_id"])

    ids = []
    waiting = list(compiled)
    while waiting:
        entry = waiting.pop()
        ids.append(entry["id"])
        waiting += entry.get("subsegments", [])
    assert sorted(ids) == sorted(entry["id"] for entry in chain)
    window = {"StartTime": chain[0]["start_time"] - 1, "EndTime": chain[0]["start_time"] + 1}
    assert server.post("/TraceSummaries", window).status == 200
