"""What a Lambda host does with real sandboxes: invocations, their failures, their segments and log lines."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.lab.gateway.rig import Document, Rig, function_arn, function_spec

from raylens.errors import InvalidRequest
from raylens.lab.functions import InvokeResult
from raylens.lab.trace_header import TraceHeader, new_segment_id, new_trace_id

pytestmark = pytest.mark.anyio


def sampled_header() -> TraceHeader:
    return TraceHeader(root=new_trace_id(time.time_ns()), parent=new_segment_id(), sampled=True)


async def invoke(rig: Rig, name: str, header: TraceHeader, payload: bytes = b"{}") -> tuple[InvokeResult, Document]:
    """The result, and the function segment of the call."""
    result = await rig.host.invoke(name, payload, header)
    assert header.root is not None
    found = [each for each in rig.sink.of_trace(header.root) if each.get("origin") == "AWS::Lambda::Function"]
    return result, found[0] if found else {}


def phases(function: Document) -> dict[str, Document]:
    return {each["name"]: each for each in function["subsegments"]}


async def test_only_the_first_call_initialises_and_before_the_function_segment(rig: Rig, code_dir: Path) -> None:
    await rig.host.deploy(function_spec("echo", code_dir, name="fresh", arn=function_arn("fresh")))
    _, cold = await invoke(rig, "fresh", sampled_header())
    _, warm = await invoke(rig, "fresh", sampled_header())
    assert list(phases(cold)) == ["Initialization", "Invocation", "Overhead"]
    assert list(phases(warm)) == ["Invocation", "Overhead"]
    assert phases(cold)["Initialization"]["end_time"] <= cold["start_time"]
    assert phases(cold)["Overhead"]["end_time"] <= cold["end_time"]


async def test_an_exception_is_an_error_with_the_runtimes_cause(rig: Rig) -> None:
    result, function = await invoke(rig, "crash", sampled_header())
    assert (result.status, result.function_error) == (200, "Unhandled")
    assert json.loads(result.payload)["errorMessage"] == "boom 강남"
    assert (function["error"], "fault" in function) == (True, False)
    (exception,) = function["cause"]["exceptions"]
    assert (exception["type"], exception["message"]) == ("RuntimeError", "boom 강남")
    assert exception["stack"][0]["label"] == "crash"
    assert phases(function)["Invocation"]["error"] is True


async def test_a_function_over_its_time_is_killed_and_starts_cold_again(rig: Rig) -> None:
    for _ in range(2):
        result, function = await invoke(rig, "slow", sampled_header())
        assert json.loads(result.payload)["errorType"] == "Sandbox.Timedout"
        assert "Task timed out after 0.50 seconds" in json.loads(result.payload)["errorMessage"]
        assert list(phases(function)) == ["Initialization", "Invocation"]
        assert phases(function)["Invocation"]["end_time"] - phases(function)["Invocation"]["start_time"] >= 0.5


@pytest.mark.parametrize(("name", "reason"), [("leave", "exit status 3"), ("hoard", "signal: killed")])
async def test_a_process_that_ends_is_an_exit_error(rig: Rig, name: str, reason: str) -> None:
    result, function = await invoke(rig, name, sampled_header())
    error = json.loads(result.payload)
    assert error["errorType"] == "Runtime.ExitError"
    assert error["errorMessage"] == f"RequestId: {result.request_id} Error: Runtime exited with error: {reason}"
    assert function["error"] is True
    assert "Overhead" not in phases(function)


async def test_a_failed_initialisation_is_recorded_and_fails_the_call(rig: Rig, code_dir: Path) -> None:
    await rig.host.deploy(function_spec("nothing", code_dir))
    result, function = await invoke(rig, "nothing", sampled_header())
    assert json.loads(result.payload)["errorType"] == "Runtime.HandlerNotFound"
    assert function["cause"]["exceptions"][0]["type"] == "Runtime.HandlerNotFound"
    assert list(phases(function)) == ["Initialization"]
    assert phases(function)["Initialization"]["error"] is True


async def test_a_cause_too_large_for_a_datagram_is_cropped(rig: Rig) -> None:
    _, function = await invoke(rig, "deep", sampled_header())
    (exception,) = function["cause"]["exceptions"]
    assert len(exception["stack"]) == 20
    assert exception["truncated"] > 800


async def test_a_result_over_six_mebibytes_is_a_function_error(rig: Rig) -> None:
    result, _ = await invoke(rig, "large", sampled_header())
    assert json.loads(result.payload)["errorType"] == "Function.ResponseSizeTooLarge"


async def test_an_unsampled_call_leaves_no_segments(rig: Rig) -> None:
    header = TraceHeader(root=new_trace_id(time.time_ns()), parent=new_segment_id(), sampled=False)
    result, function = await invoke(rig, "echo", header)
    assert (result.function_error, function) == (None, {})
    assert rig.sink.of_trace(str(header.root)) == []


async def test_a_pass_through_function_hands_the_callers_header_on(rig: Rig, code_dir: Path) -> None:
    await rig.host.deploy(
        function_spec("echo", code_dir, name="through", arn=function_arn("through"), tracing="PassThrough")
    )
    header = sampled_header()
    await rig.host.invoke("through", b"{}", header)
    (work,) = rig.sink.of_trace(str(header.root))
    assert (work["name"], work["parent_id"]) == ("work", header.parent)


async def test_two_calls_in_one_trace_keep_their_own_parents(rig: Rig) -> None:
    header = sampled_header()
    await rig.host.invoke("echo", b"{}", header)
    await rig.host.invoke("echo", b"{}", header)
    documents = rig.sink.of_trace(str(header.root))
    invocations = {phases(each)["Invocation"]["id"] for each in documents if "subsegments" in each}
    assert {each["parent_id"] for each in documents if each["name"] == "work"} == invocations


async def test_a_call_without_decision_is_sampled_by_the_function(rig: Rig, code_dir: Path) -> None:
    await rig.host.invoke("echo", b"{}", TraceHeader())
    result = await rig.host.invoke("environment", b"{}")
    variables = json.loads(json.loads(result.payload)["body"])
    assert "Sampled=" in variables["_X_AMZN_TRACE_ID"]
    assert variables["LAMBDA_TASK_ROOT"] == str(code_dir)
    assert "AWS_LAMBDA_MAX_CONCURRENCY" not in variables


async def test_calls_beyond_the_reserved_concurrency_are_throttled(rig: Rig, code_dir: Path, tmp_path: Path) -> None:
    spec = function_spec("wait_for_file", code_dir, reserved_concurrency=1, timeout_s=30.0)
    await rig.host.deploy(spec)
    gate = tmp_path / "go"
    first = asyncio.create_task(rig.host.invoke(spec.name, json.dumps({"path": str(gate)}).encode(), sampled_header()))
    await asyncio.sleep(0)  # the first call has taken its place when the second comes
    await asyncio.sleep(0)
    header = sampled_header()
    second = await rig.host.invoke(spec.arn, b"{}", header)
    gate.touch()
    assert (second.status, (await first).status) == (429, 200)
    (service,) = rig.sink.of_trace(str(header.root))
    assert service["origin"] == "AWS::Lambda"
    assert (service["http"]["response"]["status"], service["error"], service["throttle"]) == (429, True, True)


async def test_a_replaced_function_ends_what_it_runs_and_then_serves_anew(
    rig: Rig, code_dir: Path, tmp_path: Path
) -> None:
    gate = tmp_path / "go"
    spec = function_spec("wait_for_file", code_dir, timeout_s=30.0)
    await rig.host.deploy(spec)
    running = asyncio.create_task(rig.host.invoke(spec.name, json.dumps({"path": str(gate)}).encode()))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await rig.host.deploy(function_spec("environment", code_dir, name=spec.name, environment={"VERSION": "2"}))
    result = await rig.host.invoke(spec.name, b"{}")
    assert json.loads(json.loads(result.payload)["body"])["VERSION"] == "2"
    gate.touch()
    assert (await running).function_error is None


async def test_an_idle_sandbox_is_ended_with_its_folder(tmp_path: Path, code_dir: Path) -> None:
    rig = await Rig.start(tmp_path, idle_reap_s=0.0)
    try:
        await rig.host.deploy(function_spec("echo", code_dir))
        await rig.host.invoke("echo", b"{}")
        async with asyncio.timeout(10):
            while list((tmp_path / "scratch").iterdir()):
                await asyncio.sleep(0)
    finally:
        await rig.close()


async def test_a_closing_host_ends_what_still_runs(tmp_path: Path, code_dir: Path) -> None:
    rig = await Rig.start(tmp_path)
    await rig.host.deploy(function_spec("slow", code_dir, timeout_s=60.0))
    running = asyncio.create_task(rig.host.invoke("slow", b"{}"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    async with asyncio.timeout(10):
        await rig.close()
        assert (await running).status in (200, 500)
    assert list((tmp_path / "scratch").iterdir()) == []


async def test_the_log_holds_start_output_end_and_report_of_an_invocation(rig: Rig) -> None:
    header = sampled_header()
    result, function = await invoke(rig, "echo", header)
    start, printed, end, report = rig.logs.read("echo", request_id=result.request_id)
    assert start.message == f"START RequestId: {result.request_id} Version: $LATEST"
    assert printed.message == "강남 says hello"
    assert end.message == f"END RequestId: {result.request_id}"
    assert report.message.startswith(f"REPORT RequestId: {result.request_id}\tDuration: ")
    assert f"XRAY TraceId: {header.root}\tSegmentId: {function['id']}\tSampled: true" in report.message


async def test_an_unhandled_error_is_one_log_event_of_several_lines(rig: Rig) -> None:
    result, _ = await invoke(rig, "crash", sampled_header())
    error = rig.logs.read("crash", request_id=result.request_id)[1].message
    assert error.startswith("[ERROR] RuntimeError: boom 강남\nTraceback (most recent call last):\n  File ")


async def test_an_unknown_function_and_a_forbidden_source_are_refused(rig: Rig) -> None:
    assert (await rig.host.invoke("nobody", b"{}")).status == 404
    forbidden = "arn:aws:execute-api:ap-northeast-2:000000000000:otherapi/prod/GET/x"
    assert (await rig.host.invoke("echo", b"{}", None, forbidden)).status == 403


async def test_what_cannot_be_run_is_refused_when_deployed(rig: Rig, code_dir: Path) -> None:
    for changes, said in (
        ({"runtime": "nodejs20.x"}, "expected a Python runtime"),
        ({"timeout_s": 0.0}, "time-out"),
        ({"memory_mb": 64}, "memory size"),
        ({"tracing": "On"}, "tracing mode"),
        ({"code_dir": code_dir / "absent"}, "does not exist"),
    ):
        with pytest.raises(InvalidRequest, match=said):
            await rig.host.deploy(function_spec("echo", code_dir, **changes))


@pytest.mark.parametrize("limits_by_exec", [True, False])
async def test_the_python_client_serves_where_the_compiled_one_is_absent(
    tmp_path: Path, code_dir: Path, limits_by_exec: bool
) -> None:
    rig = await Rig.start(tmp_path, pure_client=True, limits_by_exec=limits_by_exec)
    try:
        for name in ("echo", "crash", "environment"):
            await rig.host.deploy(function_spec(name, code_dir))
        result, function = await invoke(rig, "echo", sampled_header(), '{"who": "강남"}'.encode())
        assert json.loads(json.loads(result.payload)["body"]) == {"who": "강남"}
        assert list(phases(function)) == ["Initialization", "Invocation", "Overhead"]
        _, failed = await invoke(rig, "crash", sampled_header())
        assert failed["cause"]["exceptions"][0]["message"] == "boom 강남"
        result, _ = await invoke(rig, "environment", sampled_header())
        assert "pure_client" in json.loads(json.loads(result.payload)["body"])["PYTHONPATH"]
    finally:
        await rig.close()
    assert list((tmp_path / "scratch").iterdir()) == []


_HOST_THAT_IS_KILLED = """
import asyncio, sys
from pathlib import Path
from raylens.lab.trace_header import TraceHeader
sys.path.insert(0, sys.argv[1])
from tests.lab.gateway.rig import Rig, function_spec

async def main():
    rig = await Rig.start(Path(sys.argv[2]), limits_by_exec=sys.argv[4] == "exec")
    await rig.host.deploy(function_spec("announce", Path(sys.argv[3]), timeout_s=60.0))
    await rig.host.invoke("announce", b"{}", TraceHeader())

asyncio.run(main())
"""
_ANNOUNCE = """
import os, time
def announce(event, context):
    with open(os.path.join(os.environ["LAMBDA_TASK_ROOT"], "fifo"), "w") as fifo:
        fifo.write("up")
        fifo.flush()
        time.sleep(60)
"""


@pytest.mark.parametrize("mode", ["exec", "watch"])
def test_sandboxes_die_with_a_host_that_is_killed(tmp_path: Path, mode: str) -> None:
    code = tmp_path / "code"
    code.mkdir()
    (code / "code_under_test.py").write_text(_ANNOUNCE)
    os.mkfifo(code / "fifo")
    arguments = [str(Path(__file__).parents[3]), str(tmp_path / "lab"), str(code), mode]
    host = subprocess.Popen([sys.executable, "-c", _HOST_THAT_IS_KILLED, *arguments])
    try:
        with open(code / "fifo") as fifo:
            assert fifo.read(2) == "up"
            host.send_signal(signal.SIGKILL)
            assert fifo.read() == ""  # the end comes when the function's process is gone
    finally:
        host.kill()
        host.wait()
