"""The packs of the town, each told once: from the disk where they are there, else from the bulk socket; photos likewise.

Photos may show people: their bytes never touch the disk.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress

import zmq

from desktop.link.from_server import BytesCame, FromServer, PackFailed, PackReceived
from desktop.link.pack_cache import PackCache
from desktop.link.pack_fetch import PackFetch, Wanted
from desktop.link.photo_bringing import FIRST_NUMBER, PhotoBringing
from desktop.link.to_server import Bring, Fetch
from wire.codec import encode
from wire.requests import AskBulk, Bulk, Refusal, Reply, TownManifest

PHOTO_LIMIT = 33_554_432
"""Bytes: a larger photo or document is not fetched."""


class TownPacks:
    """What the desk has of the town. Link thread only."""

    def __init__(self, cache: PackCache, put: Callable[[FromServer], None]) -> None:
        """Nothing is wanted yet."""
        self._cache, self._put = cache, put
        self._fetch = PackFetch()
        self._bringing = PhotoBringing(put)
        self._told: set[tuple[str, str]] = set()
        self._number = 0

    def want(self, town: TownManifest, socket: zmq.Socket[bytes] | None, now_s: float) -> None:
        """Tell the packs that are on disk, fetch the others; those told in this session already are not told again."""
        for layer, (sha256, size) in town.packs.items():
            if (layer, sha256) in self._told:
                continue
            found = None
            try:
                with suppress(OSError):
                    found = self._cache.get(sha256)
            except ValueError:
                self._put(PackFailed(layer, "bad_hash"))
                continue
            if found is None:
                self._fetch.want(Wanted(layer, sha256, size))
            else:
                self._tell(layer, sha256, found)
        if town.packs and self._fetch.current is None:
            with suppress(OSError):
                self._cache.keep_only({sha256 for sha256, _ in town.packs.values()})
        self.tick(socket, now_s)

    def take(self, wish: Fetch | Bring, socket: zmq.Socket[bytes] | None, now_s: float) -> None:
        """Fetch a photo, or bring one."""
        if isinstance(wish, Fetch):
            self.want_photo(wish.sha256, wish.size, socket, now_s)
        else:
            self._bringing.want(wish, socket, now_s)

    def want_photo(self, sha256: str, size: int, socket: zmq.Socket[bytes] | None, now_s: float) -> None:
        """Fetch a photo; where that cannot be it is told at once."""
        if socket is None or not 0 < size <= PHOTO_LIMIT:
            self._put(BytesCame(sha256, reason="no_session" if socket is None else "too_large"))
            return
        self._fetch.want(Wanted("", sha256, size), soon=True)
        self.tick(socket, now_s)

    def answered(self, reply: Reply, socket: zmq.Socket[bytes], now_s: float) -> None:
        """Take a reply of the bulk socket."""
        if reply.n >= FIRST_NUMBER:
            self._bringing.answered(reply, socket, now_s)
            return
        wanted = self._fetch.current
        if wanted is None:
            return
        if isinstance(reply, Refusal):
            self._fetch.drop()
            self._fail(wanted, reply.code)
        elif isinstance(reply, Bulk):
            whole = self._fetch.came(reply.sha256, reply.offset, reply.total, reply.data)
            if whole is not None:
                self._fetch.drop()
                self._keep(wanted, whole)
        self.tick(socket, now_s)

    def tick(self, socket: zmq.Socket[bytes] | None, now_s: float) -> None:
        """Ask for the next slice, or for one that never came; give up a pack that does not come."""
        self._bringing.tick(socket, now_s)
        wanted = self._fetch.current
        if socket is None or wanted is None:
            return
        if self._fetch.has_given_up():
            self._fetch.drop()
            self._fail(wanted, "no_answer")
        asked = self._fetch.ask(now_s)
        if asked is not None:
            self._number += 1
            with suppress(zmq.Again):
                socket.send(encode(AskBulk(self._number, *asked)), zmq.NOBLOCK)

    def forget(self) -> None:
        """The session is over: nothing is wanted, and the next one is told everything anew."""
        for wanted in self._fetch.waiting():
            if not wanted.layer:
                self._fail(wanted, "no_session")
        self._fetch.clear()
        self._bringing.forget()
        self._told.clear()

    def _keep(self, wanted: Wanted, whole: bytes) -> None:
        """A pack is whole: it counts where its hash is right, on disk or not."""
        if not wanted.layer:
            is_its_own = hashlib.sha256(whole).hexdigest() == wanted.sha256
            self._put(BytesCame(wanted.sha256, whole) if is_its_own else BytesCame(wanted.sha256, reason="wrong_hash"))
            return
        try:
            is_right = self._cache.put(wanted.sha256, whole)
        except OSError:
            is_right = True  # the hash is checked before the disk is touched
        if is_right:
            self._tell(wanted.layer, wanted.sha256, whole)
        else:
            self._fail(wanted, "wrong_hash")

    def _fail(self, wanted: Wanted, reason: str) -> None:
        """Tell that something does not come."""
        self._put(PackFailed(wanted.layer, reason) if wanted.layer else BytesCame(wanted.sha256, reason=reason))

    def _tell(self, layer: str, sha256: str, data: bytes) -> None:
        """Tell a pack once."""
        self._told.add((layer, sha256))
        self._put(PackReceived(layer, sha256, data))
