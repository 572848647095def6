"""The link's thread: it alone owns sockets; the desk hands it wishes and takes frozen batches from its queue."""

from __future__ import annotations

import logging
import queue
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import zmq

from desktop.link.conversation import Conversation
from desktop.link.from_server import FromServer
from desktop.link.pack_cache import PackCache
from desktop.link.sockets import ServerAddress, Socket, Sockets
from desktop.link.to_server import ToServer
from desktop.link.town_packs import TownPacks

log = logging.getLogger("desktop.link")

IDLE_MS = 200
DRAINED_AT_ONCE = 500
"""Messages taken of one socket before the others are looked at."""


class Link:
    """One desk's connection to one server. `submit` may be called from any thread, `arrived` read by one."""

    def __init__(self, address: ServerAddress, cache_folder: Path) -> None:
        """Nothing runs and nothing is connected before `start` and a LogOn."""
        self.arrived: queue.SimpleQueue[FromServer] = queue.SimpleQueue()
        """What the server said, in order."""
        self._address, self._cache_folder = address, cache_folder
        self._wishes: queue.SimpleQueue[ToServer | None] = queue.SimpleQueue()
        self._waking, self._woken = socket.socketpair()
        for end in (self._waking, self._woken):
            end.setblocking(False)
        self._thread = threading.Thread(target=self._run, name="link")

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def submit(self, wish: ToServer) -> None:
        """Hand over a wish; returns at once."""
        self._wishes.put(wish)
        self._wake()

    def stop(self, timeout_s: float = 5.0) -> None:
        """End the thread; what was handed over before is sent, if the server takes it within a moment."""
        self._wishes.put(None)
        self._wake()
        if self._thread.ident is None:
            self._woken.close()
        else:
            self._thread.join(timeout_s)
        self._waking.close()

    def _wake(self) -> None:
        """Make the thread look; a full pipe means it will anyway."""
        try:
            self._waking.send(b"\0")
        except (BlockingIOError, OSError):
            return

    def _run(self) -> None:
        """The thread's life."""
        context: zmq.Context[Socket] = zmq.Context()
        sockets = Sockets(context, self._address.public_key)
        packs = TownPacks(PackCache(self._cache_folder), self.arrived.put)
        talk = Conversation(self._address, sockets, packs, self.arrived.put)
        try:
            while self._turn(talk, sockets):
                pass
        except Exception:
            log.exception("the link has ended")
            talk.break_off()
        finally:
            sockets.close()
            context.term()
            self._woken.close()

    def _turn(self, talk: Conversation, sockets: Sockets) -> bool:
        """Wait for anything, deal with all of it; False once told to stop."""
        poller = zmq.Poller()
        poller.register(self._woken.fileno(), zmq.POLLIN)
        for each in sockets.opened():
            poller.register(each, zmq.POLLIN)
        wait_s = min(talk.next_s() - time.monotonic(), IDLE_MS / 1000)
        poller.poll(max(int(wait_s * 1000), 0))
        try:
            while self._woken.recv(4096):
                pass
        except BlockingIOError:
            pass
        while not self._wishes.empty():
            wish = self._wishes.get()
            if wish is None:
                return False
            _attempt(talk.take, wish, time.monotonic())
        for each in sockets.opened():
            self._drain(each, talk)
        _attempt(talk.tick, time.monotonic())
        return True

    def _drain(self, each: Socket, talk: Conversation) -> None:
        """Deal with the messages of one socket; one that a message closed is left."""
        for _ in range(DRAINED_AT_ONCE):
            if each.closed:
                return
            try:
                frames = each.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                return
            _attempt(talk.receive, each, frames, time.monotonic())


def _attempt(act: Callable[..., None], *what: object) -> None:
    """Do one thing; a bug in it is logged and harms nothing else."""
    try:
        act(*what)
    except Exception:
        log.exception("the link could not deal with something")
