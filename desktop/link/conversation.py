"""The talk with the server: what is asked, what comes back, what the desk is told. One thread, no blocking call."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime

import zmq
from msgspec import structs

from desktop.link import from_server as told
from desktop.link import to_server as asked
from desktop.link.backlog import Backlog
from desktop.link.catch_up import SILENCE_S, CatchUp, Step
from desktop.link.clockwork import ServerClock
from desktop.link.questions import InFlight, Questions
from desktop.link.sockets import ServerAddress, Sockets
from desktop.link.town_packs import TownPacks
from governance.commands import WORD_OF
from governance.refusal import Refused
from wire import requests as wire
from wire.codec import (
    decode_change,
    decode_positions,
    decode_publication,
    decode_reply,
    encode_command,
    measure_command,
    measure_request,
)
from wire.frames import Malformed
from wire.publications import Changes, Ended, Heartbeat
from wire.wall_requests import SignOnWall

log = logging.getLogger("desktop.link")

PING_EVERY_S = 5.0
PINGS_AT_ONCE = 3
COMPLAIN_EVERY_S = 60.0
LANE_SILENCE_S = 30.0
"""With nobody moving for so long the lane may be dead as well."""
TRANSIENT = frozenset({"busy", "ledger_unreachable"})
"""Refusals that say nothing about the order: it is sent again."""
NO_SESSION = frozenset({"no_session", "session_over"})


class Conversation:
    """One desk's talk with one server. `put` takes what the desk is told; times are seconds of a steady clock."""

    def __init__(
        self, address: ServerAddress, sockets: Sockets, packs: TownPacks, put: Callable[[told.FromServer], None]
    ) -> None:
        """Nothing is said before a LogOn comes."""
        self._address, self._sockets, self._packs, self._put = address, sockets, packs, put
        self._catch_up, self._clock, self._backlog = CatchUp(), ServerClock(), Backlog()
        self._owner = ""
        self._session: wire.SignedOn | None = None
        self._questions = Questions(sockets, put)
        self._heard_s = float("-inf")
        self._renewed_s = 0.0
        self._lane_s = 0.0
        self._ping_s = float("-inf")
        self._pings = 0
        self._connected: bool | None = None
        self._since = datetime.now(UTC)
        self._malformed = 0
        self._complained_s = float("-inf")

    # ---- from the desk --------------------------------------------------------------------------------------------

    def take(self, wish: asked.ToServer, now_s: float) -> None:
        """Carry out what the desk asks."""
        match wish:
            case asked.LogOn():
                self._log_on(wish, now_s)
            case asked.LogOnWall():
                self._log_on_wall(wish, now_s)
            case asked.Send():
                self._take_order(wish, now_s)
            case asked.LogOff() if self._session:
                self._questions.ask(wire.SignOff(self._questions.next()), now_s)
            case asked.Watch() if self._session:
                asking = wire.OpenCamera(self._questions.next(), wish.camera, wish.reason, wish.incident, wish.stream)
                self._questions.ask(asking, now_s)
            case asked.Watch():
                self._put(told.CameraAddress(wish.camera, refused=Refused("no_session"), stream=wish.stream))
            case asked.Uncover() if self._session:
                self._questions.ask(wire.Reveal(self._questions.next(), wish.report, wish.name, wish.purpose), now_s)
            case asked.Uncover():
                self._put(told.Uncovered(wish.report, wish.name, refused=Refused("no_session")))
            case asked.AskCaller() if self._session:
                self._questions.ask(wire.FindCaller(self._questions.next(), wish.phone), now_s)
            case asked.AskCaller():
                self._put(told.CallerTold(wish.phone, refused=Refused("no_session")))
            case asked.Enquire() if self._session:
                self._questions.enquire(wish, now_s)
            case asked.Enquire():
                self._put(told.Enquired(wish.key, refused=Refused("no_session")))
            case asked.Fetch() | asked.Bring():
                self._packs.take(wish, self._sockets.bulk if self._session else None, now_s)
            case asked.Resync() if self._session:
                self._carry_out(self._catch_up.resync(now_s), now_s)

    def next_s(self) -> float:
        """When an order is due, at the latest."""
        return self._backlog.next_s() if self._session else float("inf")

    def tick(self, now_s: float) -> None:
        """What the clock asks for: resent orders, pings, answers given up, silence."""
        for waiting in self._questions.late(now_s):
            self._gave_up(waiting)
        if self._session is None:
            return
        if now_s - self._heard_s > SILENCE_S:
            self._tell_state(False)
            self._renew_feed(now_s)
        elif now_s - self._lane_s > LANE_SILENCE_S:
            self._renew_lane(now_s)
        self._carry_out(self._catch_up.tick(now_s), now_s)
        self._send_due(now_s)
        if now_s - self._ping_s > (PING_EVERY_S if self._pings >= PINGS_AT_ONCE else 0.2):
            self._ping_s, self._pings = now_s, self._pings + 1
            self._questions.ask(wire.Ping(self._questions.next()), now_s)
        self._packs.tick(self._sockets.bulk, now_s)

    def break_off(self) -> None:
        """Nobody listens any more: the desk shows it as out of reach, and nobody waits for an answer."""
        self._questions.drop(Refused("no_answer"))
        self._tell_state(False)

    # ---- from the server ------------------------------------------------------------------------------------------

    def receive(self, socket: zmq.Socket[bytes], frames: list[bytes], now_s: float) -> None:
        """Take one message of one of the sockets; what is malformed is counted and left."""
        try:
            if socket is self._sockets.lane:
                self._lane_s = now_s
                self._put(told.Moved(decode_positions(self._body_of(frames))))
            elif socket is self._sockets.feed:
                self._published(self._body_of(frames), now_s)
            elif len(frames) != 1:
                raise Malformed("frames", str(len(frames)))
            elif socket is self._sockets.bulk:
                self._packs.answered(decode_reply(frames[0]), socket, now_s)
            else:
                self._replied(decode_reply(frames[0]), now_s)
        except Malformed as problem:
            self._malformed += 1
            if now_s - self._complained_s > COMPLAIN_EVERY_S:
                self._complained_s = now_s
                log.warning("malformed: %s %s (%d so far)", problem.reason, problem.detail, self._malformed)

    def _published(self, body: bytes, now_s: float) -> None:
        """Take a publication of the feed."""
        message = decode_publication(body)
        match message:
            case Changes():
                changes = tuple(decode_change(sent) for sent in message.changes)
                self._carry_out(self._catch_up.changes(changes, now_s), now_s)
            case Heartbeat():
                self._clock.beat(message.server_time, datetime.now(UTC))
                self._carry_out(self._catch_up.heartbeat(message.epoch, message.numbers, now_s), now_s)
                self._heard(now_s)
                self._tell_state(True, again=True)
            case Ended():
                self._over(message.reason)
        self._heard_s = now_s

    def _replied(self, reply: wire.Reply, now_s: float) -> None:
        """Take a reply of the desk socket."""
        waiting = self._questions.answered(reply.n)
        match reply:
            case wire.Committed():
                self._order_over(told.OrderAnswered(reply.order_id, None, reply.incident, reply.version))
            case wire.Refusal():
                self._refused(reply, waiting)
            case wire.Snapshot():
                self._carry_out(self._catch_up.snapshot(reply, now_s), now_s)
            case wire.Replay():
                changes = tuple(decode_change(sent) for sent in reply.changes)
                self._carry_out(self._catch_up.replay(reply.stream, changes, reply.complete, now_s), now_s)
            case _ if waiting is None:
                return
            case _ if self._questions.is_enquiry(reply.n):
                self._questions.tell(reply)
            case wire.SignedOn():
                self._begin(reply, waiting, now_s)
            case wire.ChoosePost():
                self._put(told.PostsOffered(reply.posts))
            case wire.Address() if isinstance(waiting.request, wire.OpenCamera):
                stream = waiting.request.stream
                self._put(told.CameraAddress(reply.camera, reply.url, reply.expires_at, stream=stream))
            case wire.Revealed():
                self._put(told.Uncovered(reply.report, reply.field, reply.value))
            case wire.CallerIs() if isinstance(waiting.request, wire.FindCaller):
                self._put(told.CallerTold(waiting.request.phone, reply.known))
            case wire.Pong():
                self._clock.answered(waiting.sent_at, reply.server_time, datetime.now(UTC))
            case wire.Done() if isinstance(waiting.request, wire.SignOff):
                self._over("signed_off")

    def _refused(self, reply: wire.Refusal, waiting: InFlight | None) -> None:
        """The server said no to something."""
        refused = Refused(reply.code, reply.about, **reply.details)
        request = waiting.request if waiting else None
        if isinstance(request, wire.SignOn | SignOnWall):
            self._put(told.LogOnRefused(refused))
        elif reply.code in NO_SESSION:
            self._questions.refuse(request, refused)
            self._over(reply.details.get("reason", reply.code))
        elif request is not None and self._questions.is_enquiry(request.n):
            self._questions.refuse(request, refused)
        elif reply.order_id is not None and reply.code not in TRANSIENT:
            self._order_over(told.OrderAnswered(reply.order_id, refused))
        else:
            self._questions.refuse(request, refused)

    def _gave_up(self, waiting: InFlight) -> None:
        """No answer came: whoever waits is told, what matters is asked for again elsewhere."""
        refused = Refused("no_answer")
        match waiting.request:
            case wire.SignOn() | SignOnWall():
                self._put(told.LogOnRefused(refused))
                self._sockets.close()
            case wire.SignOff():
                self._over("signed_off")
            case _:
                self._questions.refuse(waiting.request, refused)

    # ---- the session ----------------------------------------------------------------------------------------------

    def _log_on(self, wish: asked.LogOn, now_s: float) -> None:
        """A fresh key pair and a sign-on; the orders that wait are this account's."""
        self._begin_anew()
        if wish.login != self._owner:
            self._owner = wish.login
            try:
                self._backlog = Backlog(wish.kept)
            except ValueError as problem:
                self._backlog = Backlog()
                log.warning("orders kept on disk are unreadable: %s", problem)
        self._sockets.open_desk(self._address.desk_endpoint)
        self._questions.ask(wire.SignOn(self._questions.next(), wish.login, wish.password, wish.post, wish.seat), now_s)

    def _log_on_wall(self, wish: asked.LogOnWall, now_s: float) -> None:
        """The key pair of this machine, and no orders."""
        self._begin_anew()
        self._owner, self._backlog = "", Backlog()
        self._sockets.open_desk(self._address.desk_endpoint, (wish.public_key, wish.secret_key))
        self._questions.ask(SignOnWall(self._questions.next(), wish.wall, wish.seat), now_s)

    def _begin_anew(self) -> None:
        """What was asked in the session before is not waited for any more."""
        self._session, self._connected = None, None
        self._questions.drop(Refused("no_session"))
        self._packs.forget()

    def _begin(self, session: wire.SignedOn, waiting: InFlight, now_s: float) -> None:
        """Subscribe first, then ask for the snapshot; then say again what was not answered."""
        self._session, self._catch_up, self._clock = session, CatchUp(), ServerClock()
        self._clock.answered(waiting.sent_at, session.server_time, datetime.now(UTC))
        self._pings, self._ping_s = 0, float("-inf")
        self._renewed_s = self._lane_s = now_s
        self._sockets.open_feed(session.feed_endpoint, session.feed_topic)
        self._sockets.open_lane(session.lane_endpoint, session.lane_topic)
        self._sockets.open_bulk(session.bulk_endpoint)
        self._put(told.LoggedOn(session))
        self._heard(now_s)
        self._carry_out(self._catch_up.start(now_s), now_s)
        self._backlog.hurry()
        self._tell_backlog()
        self._send_due(now_s)

    def _over(self, reason: str) -> None:
        """The session has ended; orders wait for the next one."""
        if self._session is None:
            return
        self._session = None
        self._questions.drop(Refused("no_session"))
        self._packs.forget()
        self._sockets.close()
        self._tell_state(False)
        self._put(told.SessionOver(reason))

    def _renew_feed(self, now_s: float) -> None:
        """A subscription that is silent is made anew, now and then."""
        if self._session is None or now_s - self._renewed_s < SILENCE_S:
            return
        self._renewed_s = now_s
        self._sockets.open_feed(self._session.feed_endpoint, self._session.feed_topic)
        self._renew_lane(now_s)

    def _renew_lane(self, now_s: float) -> None:
        """Nobody says whether the lane should be heard: listen anew, now and then."""
        if self._session is not None:
            self._lane_s = now_s
            self._sockets.open_lane(self._session.lane_endpoint, self._session.lane_topic)

    # ---- inside ---------------------------------------------------------------------------------------------------

    def _carry_out(self, step: Step, now_s: float) -> None:
        """Deliver and ask what catching up says."""
        if step.snapshot is not None:
            self._put(told.SnapshotCame(step.snapshot))
            self._packs.want(step.snapshot.town, self._sockets.bulk, now_s)
        if step.changes:
            self._put(told.ChangesCame(step.changes))
        if step.ask_snapshot:
            self._questions.ask(wire.AskSnapshot(self._questions.next()), now_s)
        for stream, after in step.ask_replays:
            self._questions.ask(wire.AskReplay(self._questions.next(), stream, after), now_s)

    def _take_order(self, wish: asked.Send, now_s: float) -> None:
        """The order waits from now on; one the server would never read is refused here, and never kept."""
        try:
            measure_command(wish.command)
            order = self._order(wish)
            measure_request(order)
        except Malformed as problem:
            self._put(told.OrderAnswered(wish.order_id, Refused(problem.reason, problem.field)))
            return
        self._backlog.add(order, now_s)
        self._tell_backlog()
        self._send_due(now_s)

    def _order(self, wish: asked.Send) -> wire.Order:
        """The command as it goes on the wire."""
        word, body = WORD_OF[type(wish.command)], encode_command(wish.command)
        return wire.Order(0, wish.order_id, word, body, wish.incident, wish.version, wish.client_at, wish.reporter)

    def _send_due(self, now_s: float) -> None:
        """Send the orders that are due, where there is a session to send them in."""
        for order in self._backlog.due(now_s) if self._session else ():
            self._questions.send(structs.replace(order, n=self._questions.next()))

    def _order_over(self, answer: told.OrderAnswered) -> None:
        """An order was answered: it waits no more."""
        if self._backlog.answered(answer.order_id):
            self._put(answer)
            self._tell_backlog()

    def _heard(self, now_s: float) -> None:
        """The feed is heard; what waited while it was not goes out at once. Replies alone do not count: facts do."""
        self._heard_s = now_s
        if self._connected is not True:
            self._backlog.hurry()
            self._tell_state(True)

    def _tell_state(self, connected: bool, again: bool = False) -> None:
        """Tell how the connection stands, where that changed or is asked for."""
        if connected is not self._connected:
            self._connected, self._since = connected, datetime.now(UTC)
        elif not again:
            return
        clock = self._clock
        self._put(told.LinkState(connected, self._since, clock.lag_s, clock.offset_s, clock.round_trip_s, self._malformed))

    def _tell_backlog(self) -> None:
        """Tell what waits, for the disk."""
        self._put(told.BacklogStands(len(self._backlog), self._backlog.kept(), self._owner))

    def _body_of(self, frames: list[bytes]) -> bytes:
        """The body of a publication: two frames, topic and body."""
        if len(frames) != 2:
            raise Malformed("frames", str(len(frames)))
        return frames[1]
