"""The desk process: requests in, replies out, one answer per order id; the feed beside it, bulk on its own thread.

One asyncio loop owns the request and feed sockets: it waits for readiness and then drains plain sockets without awaiting
per message. Whatever waits for the ledger runs on a few pool threads, behind bounded counters: above them it is "busy".
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

import psycopg
import structlog
import zmq

from governance.refusal import Refused
from server import sessions
from server.bulk import BulkCounter
from server.feed import Feed
from server.keys import ServerKeys
from server.ledger import change_log
from server.ledger.ledger import Ledger
from server.positions.doorkeeper import Doorkeeper, address_of, key_of
from server.replies import Replies
from server.service_window import ServiceWindow
from server.sessions import Session, WrongPassword
from server.settings import Settings
from server.waiting_room import KINDS, THREADS, THREADS_OF, Place, WaitingRoom, Waits, places_of
from server.walls.watch import free_walls
from wire.codec import decode_request, encode
from wire.frames import REPLY_LIMIT, REQUEST_LIMIT, Malformed
from wire.requests import Ping, Pong, Refusal, Reply, Request, SignOn
from wire.shift_requests import TakeOver
from wire.wall_requests import SignOnWall

DOMAIN = "desk"
POOL_THREADS, DRAINED_AT_ONCE = 4, 500
FEED_POLL_S = 0.03
KNOCK_EVERY_MS, SILENT_FOR_MS = 5_000, 30_000
"""A desk whose connection takes nothing for so long is cut off, and what waited for it is freed."""
SESSIONS_EVERY_S = 0.5
FAIL_CLOSED_S = 2.0
"""Without a fresh reading of the sessions nothing more is published: nobody knows any more who may listen."""
BEAT_EVERY_S, TELL_EVERY_S, SLOWEST_ANSWER_S = 1.0, 60.0, 4.0

log = structlog.get_logger()


class Desk:
    """The sockets and the sessions of the desk process."""

    def __init__(self, settings: Settings, keys: ServerKeys, ledger: Ledger) -> None:
        """Everything is bound; nothing is answered before `run`."""
        self.counted: Counter[str] = Counter()
        self._ledger = ledger
        self._window = ServiceWindow(settings, keys, ledger)
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._sessions: dict[str, Session] = {}
        self._begun_at: dict[UUID, float] = {}
        self._epoch: UUID | None = None
        self._room = WaitingRoom()
        self._pool = ThreadPoolExecutor(POOL_THREADS, "ledger")
        self._gate = ThreadPoolExecutor(2, "sign-on")
        self._slow = {name: ThreadPoolExecutor(count, name) for name, count in THREADS.items()}
        self._reader = ThreadPoolExecutor(2, "feed")
        self._ender = ThreadPoolExecutor(1, "session-end")
        self._read_at = -1e9
        anybody: Callable[[bytes], bool] = lambda _key: True  # noqa: E731
        doors = {DOMAIN: anybody, "bulk": anybody, "feed": lambda key: key.hex() in self._sessions}
        self._doorkeeper = Doorkeeper(self._context, doors)
        self._socket = self._bound(settings.desk_endpoint, keys.curve_secret)
        self._replies = Replies(self._socket)
        self._feed = Feed(self._context, settings.feed_endpoint, keys.curve_secret)
        self._feed.prying = self._pries
        self.bulk = BulkCounter(
            self._context,
            settings.bulk_endpoint,
            keys.curve_secret,
            settings.packs,
            settings.attachments,
            self._session_of,
            self._window.may_fetch,
            self._window.is_for_desks,
            self._window.bring,
        )

    async def run(self, stop: asyncio.Event, ready: Callable[[], None]) -> None:
        """Serve until told to stop; `ready` is called when everything answers."""
        self._loop = asyncio.get_running_loop()
        self._wake = asyncio.Event()
        await self._catch_up()
        drains = {
            self._socket: self._drain,
            self._doorkeeper.socket: self._doorkeeper.answer_all,
            self._feed.socket: self._admit,
        }
        for socket, drain in drains.items():
            self._loop.add_reader(socket.FD, drain)
        self.bulk.start()
        freeing = free_walls(self._window.walls.leases, self._reader, self._wake)
        chores = (self._publish(), self._watch_sessions(), self._beat(), self._tell(), freeing)
        tasks = [asyncio.create_task(each) for each in chores]
        stopped = asyncio.create_task(stop.wait())
        ready()
        try:
            done, _ = await asyncio.wait({stopped, *tasks}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in (*tasks, stopped):
                task.cancel()
            await asyncio.gather(*tasks, stopped, return_exceptions=True)
            for socket in drains:
                self._loop.remove_reader(socket.FD)
            self._close()

    # ---- requests -------------------------------------------------------------------------------------------------

    def _drain(self) -> None:
        """Send what found no room, and take the requests that wait; after a good many the loop gets its turn first."""
        self._replies.send_late()
        for _ in range(DRAINED_AT_ONCE):
            try:
                frames = self._socket.recv_multipart(zmq.NOBLOCK, copy=False)
            except zmq.Again:
                return
            self._take(frames)
        self._loop.call_soon(self._drain)

    def _take(self, frames: list[zmq.Frame]) -> None:
        """Answer one request now, or give it to a thread."""
        sender = frames[0].bytes
        try:
            if len(frames) != 2:
                raise Malformed("frames", str(len(frames)))
            request = decode_request(frames[1].bytes)
        except Malformed as problem:
            self.counted[problem.reason] += 1
            self._reply(sender, Refusal(0, problem.reason))
            return
        key = key_of(frames[1])
        if isinstance(request, SignOn | SignOnWall):
            address = address_of(frames[1])
            places = (("sign_on", key), ("sign_on_from", address))
            self._hand_over(places, sender, request, partial(self._signed_on, key, address, request))
            return
        session = self._session_of(key)
        if session is None:
            self.counted["no_session"] += 1
            self._reply(sender, Refusal(request.n, "no_session"))
        elif isinstance(request, Ping):
            self._window.walls.leases.heard(session.officer.staff)
            self._reply(sender, Pong(request.n, datetime.now(UTC)))
        elif not self._room.may_ask(kind := KINDS.get(type(request), "order"), session.id):
            self.counted["busy"] += 1
            self._reply(sender, Refusal(request.n, "busy"))
        else:
            self._let_wait(kind, key, session, sender, request)

    def _let_wait(self, kind: str, key: str, session: Session, sender: bytes, request: Request) -> None:
        """A session's request goes to a thread; where the session ends before one takes it, it is dropped."""
        places = places_of(kind, key, session.account)
        work = self._hand_over(places, sender, request, partial(self._window.answer, session, request))
        if work is not None:
            over = Refusal(request.n, "no_session", order_id=getattr(request, "order_id", None))
            self._room.seat(session.id, Waits(work, places, sender, over))

    def _session_of(self, key: str) -> Session | None:
        """The session of a key, unless it has expired. Any thread."""
        session = self._sessions.get(key)
        return session if session is not None and session.expires_at > datetime.now(UTC) else None

    def _hand_over(
        self, places: tuple[Place, ...], sender: bytes, request: Request, work: Callable[[], Reply]
    ) -> Future[None] | None:
        """A thread does it, if not too many wait already, of all, of this desk and of this account; None where they do."""
        if not self._room.enter(*places):
            self.counted["busy"] += 1
            self._reply(sender, Refusal(request.n, "busy", order_id=getattr(request, "order_id", None)))
            return None
        slow = self._slow.get(THREADS_OF.get(KINDS.get(type(request), ""), ""))
        pool = self._gate if isinstance(request, SignOn | SignOnWall | TakeOver) else slow or self._pool
        return pool.submit(self._worked, places, sender, request, work)

    def _worked(self, places: tuple[Place, ...], sender: bytes, request: Request, work: Callable[[], Reply]) -> None:
        """On a pool thread: the reply, encoded here, goes back to the loop."""
        delay_s = 0.0
        order_id = getattr(request, "order_id", None)
        try:
            reply = work()
        except Refused as no:
            reply = Refusal(request.n, no.code, no.about, no.details)
        except WrongPassword as wrong:
            delay_s = min(0.1 * 2**wrong.tries, SLOWEST_ANSWER_S)
            reply = Refusal(request.n, "wrong_login", "password")
        except Malformed as problem:
            reply = Refusal(request.n, problem.reason, problem.field, order_id=order_id)
        except psycopg.DataError:
            reply = Refusal(request.n, "bad_value", order_id=order_id)
        except psycopg.OperationalError as problem:
            log.warning("ledger unreachable", problem=str(problem)[:200])
            reply = Refusal(request.n, "ledger_unreachable", order_id=order_id)
        except Exception:
            log.exception("a request failed", request=type(request).__name__)
            reply = Refusal(request.n, "internal_error", order_id=order_id)
        body = encode(reply)
        if len(body) > REPLY_LIMIT:
            log.error("a reply is too large to send", reply=type(reply).__name__, size=len(body), limit=REPLY_LIMIT)
            reply = Refusal(request.n, "reply_too_large", about=type(request).__name__.lower(), order_id=order_id)
            body = encode(reply)
        self._soon(self._answered, places, sender, body, reply, delay_s)

    def _answered(self, places: tuple[Place, ...], sender: bytes, body: bytes, reply: Reply, delay_s: float) -> None:
        """Send what a thread made; where the answer is slowed down later, and so long its place is taken."""
        if delay_s:
            self._loop.call_later(delay_s, self._answered, places, sender, body, reply, 0.0)
            return
        self._room.leave(*places)
        self.counted[type(reply).__name__] += 1
        if isinstance(reply, Refusal):
            self.counted[f"refusal_{reply.code}"] += 1  # a name of its own: codes must not meet the log line's words
        self._wake.set()
        self._send(sender, body)

    def _signed_on(self, key: str, address: str, request: SignOn | SignOnWall) -> Reply:
        """On a gate thread: the session is known to the loop before its desk hears of it."""
        reply, session = self._window.sign_on(key, request, address)
        if session is not None:
            self._soon(self._begin, session)
        return reply

    def _reply(self, sender: bytes, reply: Reply) -> None:
        self._send(sender, encode(reply))

    def _send(self, sender: bytes, body: bytes) -> None:
        """Send one reply."""
        self._replies.send(sender, body)
        self._loop.call_soon(self._drain)  # the descriptor is edge-triggered: a send may swallow its edge

    # ---- sessions and feed ----------------------------------------------------------------------------------------

    def _begin(self, session: Session) -> None:
        """The session counts from now on; an older one of the same key hears that it is over."""
        older = self._sessions.get(session.key)
        if older is not None:
            self._feed.end(older, "signed_on_again")
        self._sessions[session.key] = session
        self._begun_at[session.id] = time.monotonic()
        self._feed.serve(self._sessions.values())

    def _replace(self, found: dict[str, Session], ended: dict[UUID, str], read_at: float) -> None:
        """The sessions are what the ledger says, and those begun after it was read."""
        kept = dict(found)
        for key, session in self._sessions.items():
            if key in found and found[key].id == session.id:
                continue
            if self._begun_at.get(session.id, 0.0) >= read_at:
                kept[key] = session
            else:
                self._feed.end(session, ended.get(session.id, "unknown"))
                self._begun_at.pop(session.id, None)
        self._sessions = kept
        for dropped in self._room.forget_all_but(session.id for session in kept.values()):
            self.counted["dropped"] += 1
            self._reply(dropped.sender, dropped.over)
        self._feed.serve(kept.values())

    def _pries(self, session: Session) -> None:
        """On the loop: a session asked for too much that is not its own."""
        log.warning("a session pries", account=session.account)
        self._ender.submit(self._end_all, {session.id: "prying"})  # the next look at the sessions tells its desk

    def _end_all(self, over: dict[UUID, str]) -> None:
        """On a thread of its own, for it may wait for a row: these sessions are over in the ledger too."""
        try:
            sessions.end_all(self._ledger, over, datetime.now(UTC))
        except psycopg.OperationalError as problem:
            log.warning("sessions not ended", problem=str(problem)[:200])

    async def _catch_up(self) -> None:
        """Sessions and numbers as the ledger has them."""

        def read() -> tuple[UUID, dict[str, int], dict[str, Session]]:
            with self._ledger.transaction(snapshot=True) as connection:
                epoch, heads = self._ledger.epoch(connection), change_log.heads(connection)
            return epoch, heads, sessions.live(self._ledger, (), datetime.now(UTC))[0]

        self._read_at = time.monotonic()
        self._epoch, heads, self._sessions = await self._loop.run_in_executor(self._reader, read)
        self._feed.start_from(heads)
        self._feed.serve(self._sessions.values())

    async def _watch_sessions(self) -> None:
        """Every half second: whose right has ended hears nothing more."""
        ending = self._ender.submit(self._end_all, {})
        while True:
            await asyncio.sleep(SESSIONS_EVERY_S)
            known, read_at = [session.id for session in self._sessions.values()], time.monotonic()
            try:
                read = partial(sessions.live, self._ledger, known, datetime.now(UTC))
                found, ended = await self._loop.run_in_executor(self._reader, read)
            except psycopg.OperationalError as problem:
                log.warning("sessions unread", problem=str(problem)[:200])
                continue
            self._read_at = read_at
            self._replace(found, ended, read_at)
            if ended and ending.done():
                ending = self._ender.submit(self._end_all, ended)

    def _knows_who_listens(self) -> bool:
        """Whether the sessions were read lately enough to publish to them."""
        return time.monotonic() - self._read_at <= FAIL_CLOSED_S

    async def _publish(self) -> None:
        """What was committed goes out: at once where this process committed it, else at the next look."""
        while True:
            try:
                await asyncio.wait_for(self._wake.wait(), FEED_POLL_S)
            except TimeoutError:
                self._drain()
                self._admit()
            self._wake.clear()
            if not self._knows_who_listens():
                await asyncio.sleep(FEED_POLL_S)  # what is not read from the ledger is not lost either
                continue
            try:
                changes = await self._loop.run_in_executor(self._reader, self._feed.fetch, self._ledger)
            except psycopg.OperationalError as problem:
                log.warning("feed unread", problem=str(problem)[:200])
                await asyncio.sleep(SESSIONS_EVERY_S)
                continue
            if changes and self._knows_who_listens():  # else the same is read again
                self.counted["published"] += self._feed.publish(changes, datetime.now(UTC))
                self._wake.set()

    async def _beat(self) -> None:
        """A heartbeat a second."""
        assert self._epoch is not None
        while True:
            if not self.bulk.is_serving:
                raise RuntimeError("the bulk thread has ended")  # nobody would get a pack: whoever watches starts us anew
            if self._knows_who_listens():
                self._feed.beat(self._epoch, datetime.now(UTC))
            await asyncio.sleep(BEAT_EVERY_S)

    async def _tell(self) -> None:
        """Once a minute: what was answered, refused and published since the start."""
        while True:
            await asyncio.sleep(TELL_EVERY_S)
            refused = self._replies.counted + self._feed.refused + self.bulk.refused_so_far() + self._doorkeeper.refused
            log.info("counted", sessions=len(self._sessions), **self.counted, **{f"refused_{k}": n for k, n in refused.items()})

    def _admit(self) -> None:
        self._doorkeeper.answer_all()
        self._feed.admit_subscribers()

    # ---- inside ---------------------------------------------------------------------------------------------------

    def _bound(self, endpoint: str, secret_key: bytes) -> zmq.Socket[bytes]:
        """The ROUTER of the requests."""
        socket = self._context.socket(zmq.ROUTER)
        socket.linger = 200
        socket.curve_server = True
        socket.curve_secretkey = secret_key
        socket.zap_domain = DOMAIN.encode()
        socket.setsockopt(zmq.ROUTER_MANDATORY, 1)
        socket.setsockopt(zmq.HEARTBEAT_IVL, KNOCK_EVERY_MS)
        socket.setsockopt(zmq.HEARTBEAT_TIMEOUT, SILENT_FOR_MS)
        socket.maxmsgsize = 2 * REQUEST_LIMIT  # up to here we answer "too_large", beyond it the connection is cut
        socket.bind(endpoint)
        return socket

    def _soon(self, call: Callable[..., None], *arguments: Any) -> None:
        """From a pool thread: the loop does it, unless it has ended."""
        try:
            self._loop.call_soon_threadsafe(call, *arguments)
        except RuntimeError:
            self.counted["too_late"] += 1

    def _close(self) -> None:
        """Threads ended, sockets closed."""
        pools = (self._gate, *self._slow.values(), self._pool, self._reader, self._ender)
        for pool in pools:
            pool.shutdown(cancel_futures=True)
        self.bulk.stop()
        for each in (self._feed, self._doorkeeper, self._socket):
            each.close()
        self._context.term()
