from __future__ import annotations

import pytest

from raylens.ingest.udp import document_from_datagram

BODY = '{"name": "강"}'.encode()


@pytest.mark.parametrize(
    "header",
    [
        b'{"format":"json","version":1}',
        b'{"format": "json", "version": 1}',
        b'{"version":1,"format":"json"}',
        b'{"format":"JSON","version":1,"more":2}',
        b'{"format":"json","version":1}\r',
    ],
)
def test_a_datagram_is_a_header_line_and_a_document(header: bytes) -> None:
    assert document_from_datagram(header + b"\n" + BODY) == BODY.decode()


def test_only_the_first_line_is_the_header() -> None:
    assert document_from_datagram(b'{"format":"json","version":1}\n{\n"a":1}\n') == '{\n"a":1}\n'


@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        b"\n",
        BODY,
        b'{"format":"json","version":1}',
        b'{"format":"json","version":1}\n',
        b"\n" + BODY,
        b'{"format":"xml","version":1}\n' + BODY,
        b'{"format":"json","version":2}\n' + BODY,
        b'{"format":"json","version":"1"}\n' + BODY,
        b'{"format":"json"}\n' + BODY,
        b"[]\n" + BODY,
        b"[" * 5000 + b"\n" + BODY,
        b"\xff\n" + BODY,
        b'{"format":"json","version":1}\n\xff\xfe',
    ],
)
def test_anything_else_is_no_datagram_of_the_daemon(datagram: bytes) -> None:
    assert document_from_datagram(datagram) is None
