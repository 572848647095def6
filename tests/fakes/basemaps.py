"""A server of tiles on this machine that can be told to fail; files of tiles are written by bench/tiles_written.py."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, slots=True)
class Dripping:
    """A body that comes a letter at a time, each soon enough after the one before, until somebody has had enough of it."""

    length: int
    pause_s: float
    ended: threading.Event = field(default_factory=threading.Event)

    def __len__(self) -> int:
        """As long as it says that it is."""
        return self.length

    def __iter__(self) -> Iterator[bytes]:
        """Letter by letter."""
        for _ in range(self.length):
            if self.ended.wait(self.pause_s):
                return
            yield b"x"


Answer = tuple[int, dict[str, str], bytes | Dripping]


class TileServer:
    """A real web server on the loopback; `answer` says what comes for a path, and `asked` keeps what was asked."""

    def __init__(self, answer: Callable[[str, Mapping[str, str]], Answer]) -> None:
        """It serves from now on."""
        self.answer = answer
        self.asked: list[str] = []
        outer = self

        class Answering(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer.asked.append(self.path)
                status, head, body = outer.answer(self.path, self.headers)
                self.send_response(status)
                for name, value in {**head, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                for piece in [body] if isinstance(body, bytes) else body:
                    self.wfile.write(piece)

            def log_message(self, *_said: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False

            def handle_error(self, *_who: object) -> None:
                """A desk that stopped listening is none of the server's business."""

        self._server = Server(("127.0.0.1", 0), Answering)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="tiles of a test")
        self._thread.start()

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        """It serves no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
