from __future__ import annotations

import socket
import sys

import pytest

from raylens.ingest.udp import datagrams_dropped


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts drops per socket")
def test_datagrams_that_find_the_receive_buffer_full_are_counted() -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender,
    ):
        receiver.bind(("127.0.0.1", 0))
        receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        assert datagrams_dropped(receiver) == 0
        for _ in range(100):
            sender.sendto(b"x" * 1000, receiver.getsockname())
        held = 0
        receiver.setblocking(False)
        while True:
            try:
                receiver.recv(2000)
            except BlockingIOError:
                break
            held += 1
        assert datagrams_dropped(receiver) == 100 - held > 0


def test_a_closed_socket_has_dropped_nothing() -> None:
    closed = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    closed.close()
    assert datagrams_dropped(closed) == 0
