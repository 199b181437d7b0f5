"""ClickHouse's HTTP interface over chDB: a server to test the `clickhouse://` deployment against.

The engine and the wire format are the real ones; only the few lines of HTTP between them are ours. Run as a program
it prints the port it listens on and serves until its standard input closes.
"""

from __future__ import annotations

import re
import sys
import threading
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import chdb

_ENGINE_LOCK = threading.Lock()
_NOT_SETTINGS = frozenset(
    {"query", "database", "session_id", "query_id", "default_format", "wait_end_of_query", "client_protocol_version"}
)
_IDENTIFIER = re.compile(r"\w+")


class ClickHouseHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    connection_to_engine: Any
    scratch: Path

    def do_GET(self) -> None:
        self._answer(200, b"Ok.\n")

    def do_POST(self) -> None:
        url = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        body = self._body()
        if self.headers.get_content_type() == "multipart/form-data":
            # long parameters travel in a form with the query, as ClickHouse takes them too
            url, body = {**url, **self._form(body)}, b""
        try:
            self._answer(200, self._run(url, body))
        except Exception as error:
            self._answer(500, str(error).encode())

    def _run(self, url: dict[str, str], body: bytes) -> bytes:
        statement, data = (url["query"], body) if "query" in url else (body.decode(), b"")
        parameters = {name[6:]: value for name, value in url.items() if name.startswith("param_")}
        settings = {
            name: value
            for name, value in url.items()
            if name not in _NOT_SETTINGS and not name.startswith("param_") and _IDENTIFIER.fullmatch(name)
        }
        output = self.headers.get("X-ClickHouse-Format") or "TabSeparated"
        found = re.search(r"\bFORMAT\s+(\w+)\s*$", statement)
        with _ENGINE_LOCK:
            engine = self.connection_to_engine
            if "database" in url:
                engine.query(f"USE `{url['database']}`")
            if data:
                assert found, f"an insert names its format: {statement[:200]}"
                file = self.scratch / "insert.bin"
                file.write_bytes(data)
                into = statement[: found.start()].strip()
                clause = "SETTINGS " + _settings_text(settings) if settings else ""
                engine.query(f"{into} FROM INFILE '{file}' {clause} FORMAT {found.group(1)}")
                return b""
            if found:
                statement, output = statement[: found.start()], found.group(1)
            if settings and statement.lstrip().upper().startswith(("SELECT", "WITH", "--")):
                statement += "\nSETTINGS " + _settings_text(settings)
            result: bytes = engine.query(statement, output, params=parameters).bytes()
            return result

    def _form(self, body: bytes) -> dict[str, str]:
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        fields: dict[str, str] = {}
        for part in message_from_bytes(head + body).walk():
            if name := part.get_param("name", header="content-disposition"):
                content = part.get_payload(decode=True)
                assert isinstance(content, bytes)
                fields[str(name)] = content.decode()
        return fields

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        chunks = []
        while size := int(self.rfile.readline().strip(), 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def _answer(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("X-ClickHouse-Timezone", "UTC")
        self.send_header("X-ClickHouse-Summary", "{}")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        return


def _settings_text(settings: dict[str, str]) -> str:
    return ", ".join(f"{name} = '{value}'" for name, value in settings.items())


def main(directory: str) -> None:
    ClickHouseHandler.scratch = Path(directory)
    ClickHouseHandler.connection_to_engine = chdb.connect(f"{directory}/store")
    server = ThreadingHTTPServer(("127.0.0.1", 0), ClickHouseHandler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    sys.stdin.read()
    server.shutdown()


if __name__ == "__main__":
    main(sys.argv[1])
