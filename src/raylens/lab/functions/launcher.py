"""Starts a sandbox's runtime under its limits. Runs as a script in the child process; imports nothing of raylens.

    python -I -S launcher.py MODE HOST_PID PIPE_FD CEILING_BYTES PYTHON HANDLER

`exec` (Linux): asks the kernel to kill this process when the host dies, even by SIGKILL, then becomes
`python -m awslambdaric HANDLER`; both limits survive the exec. The signal comes when the thread that started this
process ends, so the host's event loop must live as long as its sandboxes. `watch` (elsewhere): runs the client in
this process while a thread waits for the end of a pipe that only the host holds open.
"""

from __future__ import annotations

import os
import sys


def main(arguments: list[str]) -> None:
    mode, host_pid, pipe_fd, ceiling_bytes, python, handler = arguments
    _limit_address_space(int(ceiling_bytes))
    if mode == "exec":
        _die_with_parent(int(host_pid))
        os.close(int(pipe_fd))
        os.execv(python, [python, "-m", "awslambdaric", handler])
    _exit_when_closed(int(pipe_fd))
    _run_here(handler)


def _limit_address_space(ceiling_bytes: int) -> None:
    if ceiling_bytes and sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (ceiling_bytes, ceiling_bytes))


def _die_with_parent(host_pid: int) -> None:
    import ctypes
    import signal

    pr_set_pdeathsig = 1
    ctypes.CDLL(None, use_errno=True).prctl(pr_set_pdeathsig, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != host_pid:  # the host died before the signal was set
        os._exit(1)


def _exit_when_closed(pipe_fd: int) -> None:
    import threading

    def watch() -> None:
        while os.read(pipe_fd, 1):
            pass
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="host-watch").start()


def _run_here(handler: str) -> None:
    import runpy

    # -I and -S kept the start short and clean; what they left out is put back before user code runs.
    sys.path[:0] = [each for each in os.environ.get("PYTHONPATH", "").split(os.pathsep) if each]
    import site

    site.main()
    sys.argv = ["awslambdaric", handler]
    runpy.run_module("awslambdaric", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])
