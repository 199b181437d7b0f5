from __future__ import annotations

import asyncio
import json
import socket
from typing import Any

from raylens.lab.recorder import Recorder

TRACE = "1-00000001-000000000000000000000001"
WHOLE = ("AWS::ApiGateway::Stage", "AWS::Lambda", "AWS::Lambda::Function")


def datagram(document: dict[str, Any]) -> bytes:
    return b'{"format":"json","version":1}\n' + json.dumps(document).encode()


def document(origin: str, trace_id: str = TRACE, **more: Any) -> dict[str, Any]:
    return {"trace_id": trace_id, "id": f"{abs(hash(origin)):016x}"[:16], "origin": origin, **more}


def recorder_with(*documents: dict[str, Any]) -> Recorder:
    recorder = Recorder()
    recorder.close()
    for each in documents:
        recorder.keep(datagram(each))
    return recorder


def test_a_trace_is_there_once_stage_service_and_function_were_heard_of() -> None:
    recorder = recorder_with(*map(document, WHOLE[:2]))
    assert recorder.documents(TRACE) == () and recorder.trace_ids() == ()
    recorder.keep(datagram(document(WHOLE[2])))
    assert [each["origin"] for each in recorder.documents(TRACE)] == list(WHOLE)
    assert recorder.trace_ids() == (TRACE,)


def test_of_several_copies_the_last_is_kept_and_none_that_is_in_progress() -> None:
    recorder = recorder_with(*map(document, WHOLE))
    recorder.keep(datagram(document(WHOLE[2], end_time=2.0)))
    recorder.keep(datagram(document(WHOLE[2], in_progress=True)))
    assert recorder.documents(TRACE)[-1]["end_time"] == 2.0


def test_what_is_no_document_is_passed_over() -> None:
    recorder = recorder_with()
    for broken in (b"", b"x", b"{}\n[]", b"{}\n{", b'{"format":"json","version":1}\n'):
        recorder.keep(broken)
    assert recorder.trace_ids() == ()


def test_it_listens_where_it_says() -> None:
    async def record() -> tuple[str, ...]:
        recorder = Recorder()
        await recorder.start()
        host, port = recorder.address.split(":")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for origin in WHOLE:
                sender.sendto(datagram(document(origin)), (host, int(port)))
        await recorder.wait_whole([TRACE], 5)
        known = await recorder.wait_for_more({TRACE}, 1, 0)
        recorder.close()
        return recorder.trace_ids() + known

    assert asyncio.run(record()) == (TRACE,)
