"""A device or platform with an HTTP interface, stood in for on this machine: it answers, late, wrongly, or not to an end."""

from __future__ import annotations

import contextlib
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit

FAULTS = ("slow", "drip", "huge", "html", "cut")
"""No answer at all; one byte at a time; more than anybody reads; a page of something else; a connection that is closed."""
DRIP_S = 0.05


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back."""

    body: bytes
    status: int = 200
    kind: str = "application/json;charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


class DeviceServer:
    """Listens on this machine alone until it is closed; `fault` is one of FAULTS, or empty. Any thread."""

    def __init__(self, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        """Listening; port 0 takes one that is free, `tls` speaks HTTPS."""
        self._scheme = "http" if tls is None else "https"
        self.fault = ""
        self.asked: list[Asked] = []
        self._over = threading.Event()
        device = self

        class Line(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                device._take(self)

            def do_POST(self) -> None:
                device._take(self)

            def log_message(self, format: str, *args: object) -> None:
                """Nothing: the requests are kept."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Line)
        self._server.daemon_threads = False
        if tls is not None:  # the handshake is whoever answers's, not the one's who accepts
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="device")
        self._thread.start()

    def answer(self, asked: Asked) -> Answer:
        """What this device says; told by each kind of device."""
        raise NotImplementedError

    @property
    def url(self) -> str:
        """Where it is."""
        return f"{self._scheme}://127.0.0.1:{self.port}"

    def close(self) -> None:
        """Nobody is answered any more, and no thread is left."""
        self._over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _take(self, line: BaseHTTPRequestHandler) -> None:
        """One request."""
        parts = urlsplit(line.path)
        body = line.rfile.read(int(line.headers.get("Content-Length") or 0))
        asked = Asked(line.command, parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)), dict(line.headers), body)
        self.asked.append(asked)
        line.close_connection = True
        with contextlib.suppress(OSError):  # whoever asked may have gone
            self._say(line, asked)

    def _say(self, line: BaseHTTPRequestHandler, asked: Asked) -> None:
        if self.fault == "slow":
            self._over.wait(30.0)
            return
        if self.fault == "cut":
            line.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Le")
            return
        answer = self.answer(asked)
        if self.fault == "html":
            answer = Answer(b"<html><body>404</body></html>", 200, "text/html")
        if self.fault == "huge":
            answer = Answer(b"[" + b"0," * 2_000_000 + b"0]")
        line.send_response(answer.status)
        for name, value in (answer.headers | {"Content-Type": answer.kind, "Content-Length": str(len(answer.body))}).items():
            line.send_header(name, value)
        line.send_header("Connection", "close")
        line.end_headers()
        if self.fault == "drip":
            for byte in answer.body:
                if self._over.wait(DRIP_S):
                    return
                line.wfile.write(bytes((byte,)))
                line.wfile.flush()
            return
        line.wfile.write(answer.body)
