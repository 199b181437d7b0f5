"""The X-Ray daemon's UDP protocol: a header line, then one document a datagram. Nobody is answered.

Source: aws-xray-daemon 3.6.6, and what the Python SDK sends.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from pathlib import Path

import msgspec

from raylens.errors import Overloaded
from raylens.ingest.pipeline import Ingestor
from raylens.selfmetrics import SelfMetrics

_log = logging.getLogger(__name__)

# Linux' default holds 92 datagrams of 900 bytes; a stalled reader then loses the 93rd. At 8,000 documents of 2.8 kB a
# second, 8 MiB lost 2.6 % and 32 MiB none: the writer's bursts need a second of patience.
RECEIVE_BUFFER_BYTES = 32 << 20
_SO_RCVBUFFORCE = 33
# What SDKs really send; any other spelling of the same header is read as JSON.
_USUAL_HEADERS = frozenset({b'{"format":"json","version":1}', b'{"format": "json", "version": 1}'})
# Datagrams taken in one go before other work gets its turn.
_MAX_RUN = 2_000
_MAX_DATAGRAM_BYTES = 65_536
_MAX_LAST_DATAGRAMS = 100_000


class _Header(msgspec.Struct):
    format: str
    version: int


class DaemonProtocol(asyncio.DatagramProtocol):
    """Receives datagrams and hands their documents to the pipeline, a run of them at a time.

    What cannot be read is counted as rejected, what finds the buffer full as spilled: at most once is all that UDP
    promises, but what was dropped is always counted.
    """

    def __init__(self, ingestor: Ingestor, metrics: SelfMetrics) -> None:
        self._ingestor = ingestor
        self._metrics = metrics
        self._waiting: list[bytes] = []
        self._loop = asyncio.get_running_loop()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if not self._waiting:
            self._loop.call_soon(self.flush)
        self._waiting.append(data)
        if len(self._waiting) >= _MAX_RUN:
            self.flush()

    def error_received(self, exc: Exception) -> None:
        _log.warning("the datagram socket reported: %s", exc)

    def flush(self) -> None:
        """Hand on what was received."""
        datagrams, self._waiting = self._waiting, []
        if not datagrams:
            return
        self._metrics.datagrams_received += len(datagrams)
        documents = [document for datagram in datagrams if (document := document_from_datagram(datagram)) is not None]
        rejected = len(datagrams) - len(documents)
        try:
            refusals = self._ingestor.offer(documents)
        except Overloaded:
            self._metrics.documents_spilled += len(documents)
        except Exception:  # one of the four doors: one bad run must not close the socket
            _log.exception("a run of %d datagrams failed", len(datagrams))
            self._metrics.documents_spilled += len(documents)
        else:
            rejected += len(refusals)
            for refusal in refusals:
                _log.debug("datagram refused: %s", refusal.message)
        self._metrics.datagrams_rejected += rejected


def finish_datagrams(udp: socket.socket, transport: asyncio.DatagramTransport, protocol: DaemonProtocol) -> None:
    """Stop receiving, after handing on what the kernel had taken in for us.

    The loop reads a few dozen datagrams a turn; closing the socket drops what still waits in it, which may be
    thousands when the process is asked to stop in the middle of a burst.
    """
    rest = udp.dup()
    transport.close()
    with rest:
        # bounded: a sender that never pauses must not keep the process alive
        for _ in range(_MAX_LAST_DATAGRAMS):
            try:
                protocol.datagram_received(*rest.recvfrom(_MAX_DATAGRAM_BYTES))
            except BlockingIOError:
                break
    protocol.flush()


def document_from_datagram(datagram: bytes) -> str | None:
    """The document of a datagram; None when the header is wrong, the body is missing or it is no UTF-8."""
    header, separator, body = datagram.partition(b"\n")
    if not separator or not body or not (header in _USUAL_HEADERS or _is_header(header)):
        return None
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None


def _is_header(line: bytes) -> bool:
    try:
        header = msgspec.json.decode(line, type=_Header)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return header.format.lower() == "json" and header.version == 1


def widen_receive_buffer(udp: socket.socket) -> int:
    """Make the socket's receive buffer as large as the system lets us; the size in force, in bytes."""
    try:
        # needs CAP_NET_ADMIN; without it the next call is cut at net.core.rmem_max
        udp.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, RECEIVE_BUFFER_BYTES)
    except OSError:
        udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
    return udp.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)


def datagrams_dropped(udp: socket.socket) -> int:
    """Datagrams that found the socket's receive buffer full, as the kernel counts them; 0 where it does not tell.

    Source: proc_net_udp(5), the columns `inode` and `drops`.
    """
    if udp.fileno() < 0:
        return 0
    inode = str(os.fstat(udp.fileno()).st_ino)
    for table in ("/proc/net/udp", "/proc/net/udp6"):
        try:
            lines = Path(table).read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            columns = line.split()
            if columns[9] == inode:
                return int(columns[12])
    return 0


async def open_daemon_socket(
    udp: socket.socket, ingestor: Ingestor, metrics: SelfMetrics
) -> tuple[asyncio.DatagramTransport, DaemonProtocol]:
    """Begin receiving on a bound socket."""
    loop = asyncio.get_running_loop()
    udp.setblocking(False)
    return await loop.create_datagram_endpoint(lambda: DaemonProtocol(ingestor, metrics), sock=udp)
