"""A raylens of its own for each measurement."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Server:
    """A running `raylens serve` and what can be read off it."""

    def __init__(self, process: subprocess.Popen[bytes], ready: dict[str, Any], data: Path, start_s: float) -> None:
        self.process = process
        self.http: str = ready["http"]
        self.udp: str = ready["udp"]
        self.data = data
        self.start_s = start_s

    def memory_mb(self, which: str = "VmRSS") -> float:
        """Resident memory (`VmRSS`) or its peak (`VmHWM`)."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(which):
                return int(line.split()[1]) / 1024
        raise LookupError(which)

    def cpu_s(self) -> float:
        """User and system seconds spent so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / 100

    def counters(self) -> dict[str, int]:
        with urllib.request.urlopen(self.http + "/metrics") as answer:
            lines = answer.read().decode().splitlines()
        return {line.split()[0]: int(float(line.split()[1])) for line in lines if not line.startswith("#")}

    def call(self, path: str, **members: object) -> dict[str, Any]:
        request = urllib.request.Request(self.http + path, json.dumps(members).encode(), method="POST")
        with urllib.request.urlopen(request) as answer:
            decoded: dict[str, Any] = json.load(answer)
            return decoded

    def disk_bytes(self) -> int:
        return sum(file.stat().st_blocks * 512 for file in self.data.rglob("*") if file.is_file())


@contextlib.contextmanager
def running_server(data: Path | None = None, *flags: str) -> Iterator[Server]:
    """Start raylens on free ports, in `data` or a directory that is deleted afterwards."""
    with tempfile.TemporaryDirectory() as scratch:
        ready = Path(scratch) / "ready.json"
        directory = data or Path(scratch) / "data"
        ports = ["--port", "0", "--udp-port", "0", "--tcp-port", "0"]
        command = [sys.executable, "-m", "raylens", "serve", "--data", str(directory), "--ready-file", str(ready)]
        began = time.perf_counter()
        process = subprocess.Popen([*command, *ports, "--log-level", "warning", *flags])
        try:
            while not ready.exists():
                if process.poll() is not None:
                    raise RuntimeError(f"raylens ended with {process.returncode}")
                time.sleep(0.005)
            start_s = time.perf_counter() - began
            yield Server(process, json.loads(ready.read_text()), directory, start_s)
        finally:
            process.terminate()
            process.wait(60)
