"""The child process that runs moto's DynamoDB: `python -m raylens.lab.dynamodb.moto_child`.

Prints the port it listens on as its first line, and ends when its standard input ends: the lab holds the other end of
that pipe, so the kernel closes it even when the lab dies by SIGKILL.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import signal
import sys
import threading
from typing import Any

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Serve until standard input ends."""
    _die_with_parent()
    threading.Thread(target=_watch_stdin, daemon=True).start()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import WSGIRequestHandler, make_server

    class KeepAliveHandler(WSGIRequestHandler):
        """HTTP/1.1, so that the proxy does not open a connection per request; TCP_NODELAY for its two writes."""

        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

    application: Any = DomainDispatcherApplication(create_backend_app)
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=KeepAliveHandler)
    print(server.server_port, flush=True)
    server.serve_forever()


def _die_with_parent() -> None:
    # Belt and braces beside the pipe; only Linux has it. Ctrl-C in a terminal reaches the whole process group:
    # the lab, not the key, decides when this process ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _watch_stdin() -> None:
    while os.read(0, 4096):
        pass
    os._exit(0)


if __name__ == "__main__":
    main()
