"""Brings tiles from a service: a thread of its own, few requests at once, a cache on disk, growing pauses where it fails.

No address is ever logged: it may hold the district's key.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path

import httpx

from desktop.basemap.http_words import MISSING_S, asked_pause_s, body_of, fresh_for_s, tag_of, wrong_of
from desktop.basemap.tile_cache import Kept, TileCache
from gis_data.basemap.packed import gunzipped, is_gzip
from gis_data.basemap.source import MOST_TILE_BYTES, Kind, Unreadable, Wrong, is_markup, is_picture
from gis_data.basemap.squares import Square

AT_ONCE = 6
FIRST_PAUSE_S, LONGEST_PAUSE_S = 2.0, 120.0
TIMEOUT_S = 10.0
WHOLE_OF_TIMEOUT = 3.0
"""A whole answer may take so many times as long as one piece of it."""
MOST_REDIRECTS = 3
LAYERS = 8
OF_ONE_TILE = frozenset({Wrong.MISSING, Wrong.TOO_LARGE, Wrong.DAMAGED, Wrong.REFUSED})
"""What is wrong with a tile and says nothing of the service: the others are asked for all the same."""
SAYS_WHO = {"User-Agent": "Gridwarden/0.1", "Accept-Encoding": "identity"}

log = logging.getLogger("desktop.basemap")
for _name in ("httpx", "httpcore"):  # they would log every address, keys and all
    logging.getLogger(_name).setLevel(logging.WARNING)


def no_cookies() -> CookieJar:
    """A jar that takes none: a service might fill the memory with them, and no tile needs one."""
    return CookieJar(DefaultCookiePolicy(allowed_domains=[]))


async def _all_ended() -> None:
    """Wait for what the library leaves behind of an answer that was broken off: layers of readers, each ends the next."""
    for _ in range(2 * LAYERS):
        await asyncio.sleep(0)
        await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()}, return_exceptions=True)


@dataclass(frozen=True, slots=True, eq=False)
class Brought:
    """One tile that came, or word that there is none."""

    square: Square
    data: bytes
    """Empty where there is no tile."""
    fetched_s: float
    is_old: bool
    is_same: bool = False
    """The tile of before is the one of now: no other picture has to be made."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the service does: whether it fails now and why, and how often what went wrong so far."""

    failing: Wrong | None = None
    counts: tuple[tuple[Wrong, int], ...] = ()
    under_way: int = 0


class Network:
    """One service. `want`, `taken`, `standing` and `close` belong to the main thread."""

    def __init__(
        self,
        address_of: Callable[[Square], str],
        kind: Kind,
        cache_file: Path,
        has_come: Callable[[], None],
        first_pause_s: float = FIRST_PAUSE_S,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        """A thread that waits. `has_come` is called in it when something came or the standing changed."""
        self._address_of, self._kind, self._cache_file, self._has_come = address_of, kind, cache_file, has_come
        self._first_pause_s, self._timeout_s = first_pause_s, timeout_s
        self.standing = Standing()
        self._counts: dict[Wrong, int] = {}
        self._failing: Wrong | None = None
        self._failures, self._pause_until = 0, 0.0
        self._brought: list[Brought] = []
        self._lock = threading.Lock()
        self._tasks: dict[Square, asyncio.Task[None]] = {}
        self._loop = asyncio.new_event_loop()
        self._ended = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="basemap network")
        self._thread.start()

    def want(self, squares: Sequence[Square]) -> None:
        """Bring these, the first first; what was wanted before and is not any more is broken off."""
        self._loop.call_soon_threadsafe(self._replace, tuple(squares))

    def taken(self) -> list[Brought]:
        """What came since this was last asked."""
        with self._lock:
            brought, self._brought = self._brought, []
            return brought

    def close(self) -> None:
        """Break everything off and wait until the thread has ended."""
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join()

    # ---- in its own thread -----------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._live())
        except Exception:
            log.exception("the basemap's network has ended")
        finally:
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.run_until_complete(_all_ended())
            self._loop.close()

    async def _live(self) -> None:
        self._cache = TileCache(self._cache_file)
        self._turn, self._alone = asyncio.Semaphore(AT_ONCE), asyncio.Lock()
        limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
        try:
            async with httpx.AsyncClient(
                headers=SAYS_WHO, timeout=self._timeout_s, limits=limits, cookies=no_cookies(),
                verify=ssl.create_default_context(),
            ) as self._client:  # fmt: skip
                await self._ended.wait()
                tasks = list(self._tasks.values())
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
            await _all_ended()
        finally:
            self._cache.close()

    def _replace(self, squares: tuple[Square, ...]) -> None:
        wanted = set(squares)
        for square, task in list(self._tasks.items()):
            if square not in wanted:
                task.cancel()
        for square in squares:
            if square not in self._tasks and not self._ended.is_set():
                task = self._tasks[square] = self._loop.create_task(self._bring(square))
                task.add_done_callback(partial(self._end, square))
        self._tell()

    def _end(self, square: Square, task: asyncio.Task[None]) -> None:
        if self._tasks.get(square) is task:
            del self._tasks[square]
        if not task.cancelled() and (bug := task.exception()) is not None:
            log.error("no tile for a bug: %s", type(bug).__name__)
        self._tell()

    async def _bring(self, square: Square) -> None:
        """Bring one tile, however long it takes; what is on disk comes at once."""
        kept = self._cache.find(square, time.time())
        if kept is not None:
            is_old = kept.fresh_until_s <= time.time()
            self._put(Brought(square, kept.data, kept.fetched_s, is_old))
            if not is_old:
                return
        while True:
            async with self._turn:
                if not self._failing:
                    if await self._asked(square, kept):
                        return
                    continue
            async with self._alone:  # while it fails, one request at a time finds out whether it still does
                await asyncio.sleep(max(self._pause_until - self._loop.time(), 0.0))
                if self._failing and await self._asked(square, kept):
                    return

    async def _asked(self, square: Square, kept: Kept | None) -> bool:
        """Ask the service once; False where it has to be asked again."""
        pause_s = 0.0
        try:
            status, headers, data = await self._got_in_time(self._address_of(square), kept)
            why = wrong_of(status)
            if why is None:
                self._succeed()
                self._take(square, kept, status, headers, data)
                return True
            pause_s = asked_pause_s(headers)
        except Unreadable as problem:
            why = problem.why
        except (httpx.TimeoutException, TimeoutError):
            why = Wrong.TIMEOUT
        except httpx.TooManyRedirects:
            why = Wrong.NOT_A_TILE
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as problem:
            why = Wrong.OFFLINE if isinstance(problem, httpx.TransportError | OSError) else Wrong.REFUSED
        self._counts[why] = self._counts.get(why, 0) + 1
        if why in OF_ONE_TILE:
            self._succeed()
            self._tell()
            self._take_none(square, keeps=why is Wrong.MISSING)
            return True
        self._fail(why, pause_s)
        return False

    async def _got_in_time(self, address: str, kept: Kept | None) -> tuple[int, httpx.Headers, bytes]:
        """Status, headers and body of one answer; raises Unreadable where the body is no tile, or too large."""
        asks = dict[str, str]()
        if kept is not None and kept.etag:
            asks["If-None-Match"] = kept.etag
        if kept is not None and kept.last_modified:
            asks["If-Modified-Since"] = kept.last_modified
        async with asyncio.timeout(WHOLE_OF_TIMEOUT * self._timeout_s):
            return await self._got(self._client.build_request("GET", address, headers=asks))

    async def _got(self, request: httpx.Request) -> tuple[int, httpx.Headers, bytes]:
        for _ in range(1 + MOST_REDIRECTS):
            answer = await self._client.send(request, stream=True)
            try:
                if answer.next_request is not None:  # what comes with it is not read: the library would read it all
                    request = answer.next_request
                    continue
                sent = bytearray()
                if answer.status_code == 200:
                    async for piece in answer.aiter_raw():
                        sent += piece
                        if len(sent) > MOST_TILE_BYTES:
                            raise Unreadable(Wrong.TOO_LARGE)
                data = body_of(answer.headers, bytes(sent), MOST_TILE_BYTES) if sent else b""
                return answer.status_code, answer.headers, self._checked(data) if data else b""
            finally:
                await answer.aclose()
        raise httpx.TooManyRedirects("redirected without an end", request=request)

    def _checked(self, data: bytes) -> bytes:
        """The tile, unpacked; a page of whoever stands between is none."""
        tile = gunzipped(data) if is_gzip(data) else data
        if is_markup(tile):
            raise Unreadable(Wrong.NOT_A_TILE if b"html" in tile[:1024].lower() else Wrong.REFUSED)
        if self._kind is Kind.PICTURE and not is_picture(tile):
            raise Unreadable(Wrong.DAMAGED)
        return tile

    def _take(self, square: Square, kept: Kept | None, status: int, headers: httpx.Headers, data: bytes) -> None:
        now_s = time.time()
        fresh_s = fresh_for_s(headers, now_s)
        if status == 304 and kept is not None:
            self._cache.refresh(square, now_s, now_s + (fresh_s or 0.0))
            self._put(Brought(square, kept.data, now_s, is_old=False, is_same=True))
            return
        if fresh_s is not None:
            said = (tag_of(headers, "etag"), tag_of(headers, "last-modified"))
            self._cache.keep(square, Kept(data, *said, now_s, now_s + fresh_s))
        is_same = kept is not None and kept.data == data
        self._put(Brought(square, data, now_s, is_old=False, is_same=is_same))

    def _take_none(self, square: Square, *, keeps: bool) -> None:
        now_s = time.time()
        if keeps:
            self._cache.keep(square, Kept(b"", "", "", now_s, now_s + MISSING_S))
        self._put(Brought(square, b"", now_s, is_old=False))

    def _fail(self, why: Wrong, pause_s: float) -> None:
        if self._failing != why:
            log.warning("the basemap's service fails: %s", why)
        if self._failing is not None and self._loop.time() < self._pause_until:
            return  # it was asked before the pause began, together with the one that failed first
        self._failures += 1
        pause = min(self._first_pause_s * 2 ** (min(self._failures, 20) - 1), LONGEST_PAUSE_S)
        self._failing, self._pause_until = why, self._loop.time() + max(pause, pause_s)
        self._tell()

    def _succeed(self) -> None:
        was_failing = self._failing is not None
        self._failures, self._failing, self._pause_until = 0, None, 0.0
        if was_failing:
            log.info("the basemap's service answers again")
            self._tell()

    def _put(self, brought: Brought) -> None:
        with self._lock:
            self._brought.append(brought)
            is_first = len(self._brought) == 1
        if is_first:
            self._has_come()

    def _tell(self) -> None:
        standing = Standing(self._failing, tuple(sorted(self._counts.items())), len(self._tasks))
        if standing != self.standing:
            self.standing = standing
            self._has_come()
