"""Town packs and photos by hash, both ways, on a socket and a thread of their own, so that they never delay commands."""

from __future__ import annotations

import os
import re
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import psycopg
import structlog
import zmq

from governance.refusal import Refused
from server.sessions import Session
from wire.codec import decode_request, encode
from wire.frames import REQUEST_LIMIT, Malformed
from wire.photo_requests import BringPhoto, PhotoBrought
from wire.requests import AskBulk, Bulk, Refusal, Reply

DOMAIN = "bulk"
LONGEST_SLICE = 4_194_304
_HASH = re.compile(r"[0-9a-f]{64}")
_POLL_MS = 200
_WAITING_SLICES = 16
"""Slices that may wait for one slow desk; it asks again for what was dropped."""

log = structlog.get_logger()


class BulkCounter:
    """Hands out slices of files named by their hash. Its thread lives from `start` to `stop`."""

    def __init__(
        self,
        context: zmq.Context[zmq.Socket[bytes]],
        endpoint: str,
        secret_key: bytes,
        packs: Path,
        attachments: Path,
        session_of: Callable[[str], Session | None],
        may_fetch: Callable[[Session, str], bool],
        is_for_desks: Callable[[str], bool],
        bring: Callable[[Session, BringPhoto], int],
    ) -> None:
        """Listen. `session_of(key)`, `may_fetch(session, sha256)` of an attachment, `is_for_desks(sha256)` of a pack and

        `bring(session, slice)`, which says how much of a photo is here, are asked on this thread.
        """
        self.refused: Counter[str] = Counter()
        self._packs, self._attachments = packs, attachments
        self._session_of, self._may_fetch, self._is_for_desks = session_of, may_fetch, is_for_desks
        self._bring = bring
        self._socket = context.socket(zmq.ROUTER)
        self._socket.linger = 0
        self._socket.curve_server = True
        self._socket.curve_secretkey = secret_key
        self._socket.zap_domain = DOMAIN.encode()
        self._socket.sndhwm = _WAITING_SLICES
        self._socket.maxmsgsize = 2 * REQUEST_LIMIT
        self._socket.bind(endpoint)
        self.endpoint = self._socket.getsockopt_string(zmq.LAST_ENDPOINT)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="bulk")

    def start(self) -> None:
        """Answer from now on."""
        self._thread.start()

    @property
    def is_serving(self) -> bool:
        """Whether its thread lives; where it does not, nobody gets a pack any more. Any thread."""
        return self._thread.is_alive()

    def refused_so_far(self) -> Counter[str]:
        """A copy of what was refused. Any thread: copied in one step, as the thread may add a reason meanwhile."""
        return Counter(dict(self.refused))

    def stop(self) -> None:
        """Answer no more; returns when the thread has ended."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        """Until told to stop: one request after the other; nothing that is asked ends it."""
        while not self._stopping.is_set():
            if self._socket.poll(_POLL_MS):
                frames = self._socket.recv_multipart(copy=False)
                reply = self._answer(frames)
                try:
                    self._socket.send_multipart((frames[0].bytes, encode(reply)), zmq.NOBLOCK)
                except zmq.ZMQError:
                    self.refused["slow_desk"] += 1

    def _answer(self, frames: list[zmq.Frame]) -> Reply:
        """The slice asked for, or why not."""
        try:
            if len(frames) != 2:
                raise Malformed("frames", str(len(frames)))
            request = decode_request(frames[1].bytes)
        except Malformed as problem:
            return self._no(0, problem.reason)
        if not isinstance(request, AskBulk | BringPhoto):
            return self._no(request.n, "not_here")
        try:
            session = self._session_of(_key_of(frames[1]))
            if session is None:
                return self._no(request.n, "no_session")
            if isinstance(request, BringPhoto):
                return PhotoBrought(request.n, request.sha256, self._bring(session, request))
            return self._slice(session, request)
        except Refused as no:
            self.refused[no.code] += 1
            return Refusal(request.n, no.code, no.about, no.details)
        except psycopg.OperationalError as problem:
            log.warning("ledger unreachable", problem=str(problem)[:200])
            return self._no(request.n, "ledger_unreachable")
        except Exception:  # a bug or a bad disk: told to the one who asked, the others go on
            log.exception("a slice failed", sha256=request.sha256[:64])
            return self._no(request.n, "internal_error")

    def _slice(self, session: Session, request: AskBulk) -> Reply:
        """The bytes, where the session may have them."""
        if not _HASH.fullmatch(request.sha256) or request.offset < 0 or not 0 < request.length <= LONGEST_SLICE:
            return self._no(request.n, "bad_slice")
        path = self._packs / request.sha256
        if not path.is_file() or not self._is_for_desks(request.sha256):
            path = self._attachments / request.sha256
            if not path.is_file() or not self._may_fetch(session, request.sha256):
                return self._no(request.n, "no_such_bytes")
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if request.offset > size:
                return self._no(request.n, "bad_slice")
            file.seek(request.offset)
            data = file.read(request.length)
        return Bulk(request.n, request.sha256, request.offset, size, data)

    def _no(self, n: int, reason: str) -> Refusal:
        """A refusal, counted."""
        self.refused[reason] += 1
        return Refusal(n, reason)


def _key_of(frame: zmq.Frame) -> str:
    """The key in hex of the connection that sent a frame; empty where the transport knows none."""
    try:
        return str(frame.get("User-Id"))
    except (zmq.ZMQError, ValueError):
        return ""
