"""Desks without windows: the real link thread, ticker, orders and situation; and an examiner who asks for fresh snapshots."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from pathlib import Path
from queue import Empty, SimpleQueue
from uuid import UUID

import zmq

from desktop.link import from_server as told
from desktop.link.sockets import ServerAddress
from desktop.link.thread import Link
from desktop.link.to_server import LogOn, Send
from desktop.orders import Orders, Outcome, Pending
from desktop.server_time import ServerTime
from desktop.situation.situation import Situation
from desktop.ticker import Ticker
from governance.changes import Change
from governance.commands import Command
from governance.incident import TERMINAL, Case
from tests.together.at_work import ServerAtWork, curve_socket, until
from wire.codec import decode_change, decode_reply, encode
from wire.requests import AskReplay, AskSnapshot, Refusal, Replay, Reply, Request, SignedOn, SignOn, Snapshot


class HeadlessDesk:
    """What a desk is behind its window, and a record of what it was told. One thread."""

    def __init__(self, work: ServerAtWork, login: str, folder: Path) -> None:
        """The link runs; nobody is signed on."""
        self.work, self.login = work, login
        self.link = Link(ServerAddress(work.settings.desk_endpoint, work.server_key), folder / login)
        self.situation, self.time = Situation(), ServerTime()
        self.orders = Orders(self._submit, self.time.now)
        self._queue: SimpleQueue[told.FromServer] = SimpleQueue()
        self.ticker = Ticker(self._queue, self.situation, self.orders, self.time, self.link.submit)
        self.sent: dict[UUID, Pending] = {}
        self.sent_at: dict[UUID, float] = {}
        self.acknowledged: dict[UUID, told.OrderAnswered] = {}
        self.answered_at: dict[UUID, float] = {}
        self.outcomes: dict[UUID, Outcome] = {}
        self.sessions: list[told.LoggedOn] = []
        self.overs: list[told.SessionOver] = []
        self.states: list[tuple[bool, float]] = []
        """Whether the server was heard, whenever that changed, and when."""
        self.snapshots = 0
        self.packs: set[str] = set()
        self.orders.ended.connect(lambda outcome: self.outcomes.update({outcome.order.order_id: outcome}))
        self.link.start()

    def sign_on(self) -> None:
        """Signed on, with a snapshot and an open feed."""
        self.link.submit(LogOn(self.login, self.work.passwords[self.login]))
        until(lambda: self.situation.epoch and self.states, f"{self.login} is at work", 30, self.turn)

    def turn(self) -> None:
        """One tick."""
        while True:
            try:
                said = self.link.arrived.get_nowait()
            except Empty:
                break
            self._note(said)
            self._queue.put(said)
        self.ticker.tick()

    def order(self, command: Command, case: Case | None = None) -> UUID:
        """Send a command; its order id."""
        return self.orders.send(command, *((case.incident.id, case.incident.version) if case else ()))

    def done(self, command: Command, case: Case | None = None) -> Outcome:
        """Send a command and wait until it is a fact before this desk, or refused."""
        order_id = self.order(command, case)
        until(lambda: order_id in self.outcomes, f"{type(command).__name__} of {self.login}", 30, self.turn)
        return self.outcomes[order_id]

    def close(self) -> None:
        """The link has ended."""
        self.link.stop()

    def _submit(self, order: Pending) -> None:
        self.sent[order.order_id], self.sent_at[order.order_id] = order, time.monotonic()
        self.link.submit(Send(order.order_id, order.command, order.incident, order.version, order.sent_at))

    def _note(self, said: told.FromServer) -> None:
        match said:
            case told.OrderAnswered():
                self.answered_at[said.order_id] = time.monotonic()
                if said.refused is None:
                    self.acknowledged[said.order_id] = said
            case told.LoggedOn():
                self.sessions.append(said)
            case told.SessionOver():
                self.overs.append(said)
            case told.SnapshotCame():
                self.snapshots += 1
            case told.PackReceived():
                self.packs.add(said.layer)
            case told.LinkState() if not self.states or self.states[-1][0] is not said.connected:
                self.states.append((said.connected, time.monotonic()))


class Examiner:
    """A raw session of an account's post: what the server says anew, to be compared with what a desk gathered."""

    def __init__(self, work: ServerAtWork, login: str) -> None:
        """Signed on."""
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        pair = zmq.curve_keypair()
        self._dealer = curve_socket(self._context, zmq.DEALER, work.settings.desk_endpoint, work.server_key, pair)
        self._n = 0
        self._login, self._password = login, work.passwords[login]
        self.signed = self.sign_on()

    def sign_on(self) -> SignedOn:
        """A session begins; one before it ends. Of each only two snapshots within four seconds are to be had."""
        signed = self.ask(lambda n: SignOn(n, self._login, self._password))
        assert isinstance(signed, SignedOn), signed
        self.signed = signed
        return signed

    def ask(self, request: Callable[[int], Request], patience_s: float = 30.0) -> Reply:
        """The answer to a request, asked again every two seconds while none comes or the server is busy."""
        give_up_at = time.monotonic() + patience_s
        while time.monotonic() < give_up_at:
            self._n += 1
            self._dealer.send(encode(request(self._n)))
            while self._dealer.poll(2000):
                reply = decode_reply(self._dealer.recv())
                if reply.n == self._n:
                    if isinstance(reply, Refusal) and reply.code in ("busy", "ledger_unreachable"):
                        time.sleep(0.2)
                        break
                    return reply
        raise AssertionError("no answer")

    def send(self, request: Callable[[int], Request]) -> int:
        """Ask without waiting; the number of the request."""
        self._n += 1
        self._dealer.send(encode(request(self._n)))
        return self._n

    def answers_to(self, numbers: Collection[int], patience_s: float = 30.0) -> dict[int, Reply]:
        """The answers to what was asked under these numbers, in whatever order they come."""
        found: dict[int, Reply] = {}
        while found.keys() != set(numbers):
            assert self._dealer.poll(int(1000 * patience_s)), f"{len(numbers) - len(found)} without an answer"
            reply = decode_reply(self._dealer.recv())
            if reply.n in numbers:
                found[reply.n] = reply
        return found

    def snapshot(self) -> Situation:
        """A situation that knows nothing but a fresh snapshot."""
        taken = self.ask(AskSnapshot)
        assert isinstance(taken, Snapshot), taken
        fresh = Situation()
        fresh.start_from(taken)
        return fresh

    def changes_after(self, numbers: dict[str, int]) -> list[Change]:
        """All changes of the session's streams after these numbers, checked to follow one another without holes."""
        found: list[Change] = []
        for stream, number in numbers.items():
            replay = self.ask(lambda n, stream=stream, number=number: AskReplay(n, stream, number))
            assert isinstance(replay, Replay), replay
            assert replay.complete
            changes = [decode_change(sent) for sent in replay.changes]
            assert [change.number for change in changes] == list(range(number + 1, number + len(changes) + 1)), stream
            found += changes
        return found

    def close(self) -> None:
        """Gone."""
        self._dealer.close()
        self._context.term()


def picture(situation: Situation, leave_out_ended: bool = True) -> dict[str, object]:
    """Everything by which two situations are compared; where workers stand is not (the lane may lose a fix).

    A fresh snapshot forgets incidents that ended a while ago, so these are left out.
    """
    cases = {i: case for i, case in situation.cases.items() if not (leave_out_ended and case.incident.state in TERMINAL)}
    codes = sorted(situation.load.open | situation.load.overdue)
    return {
        "cases": cases,
        "workers": situation.workers.people(),
        "duty": situation.workers.duty.tolist(),
        "cameras": situation.cameras.all(),
        "numbers": situation.numbers,
        "load": {
            code: (situation.load.open[code], situation.load.overdue[code]) for code in codes if situation.load.open[code]
        },
        "queues": situation.queues(),
        "rules": situation.rules,
    }


def equals_fresh_snapshot(desk: HeadlessDesk, examiner: Examiner, patience_s: float = 30.0) -> Situation:
    """The fresh snapshot of the desk's post, which its situation equals; both at the same numbers.

    The desk may lag behind the snapshot, and is waited for. Where the world moved on meanwhile the snapshot is led on by the
    changes to where the desk is: it need never stand still. At equal numbers nothing may differ.
    """
    fresh = examiner.snapshot()
    wanted = dict(fresh.numbers)
    until(
        lambda: all(desk.situation.numbers.get(stream, 0) >= number for stream, number in wanted.items()),
        f"{desk.login} catches up with {wanted} from {desk.situation.numbers}",
        patience_s,
        desk.turn,
    )
    reached = dict(desk.situation.numbers)
    while fresh.numbers != reached:  # a replay may end early
        missing = [each for each in examiner.changes_after(dict(fresh.numbers)) if each.number <= reached.get(each.stream, 0)]
        assert missing, (fresh.numbers, reached)
        fresh.apply_all(missing)
    gathered, anew = picture(desk.situation), picture(fresh)
    for what in anew:
        assert gathered[what] == anew[what], f"{desk.login}: {what}"
    return fresh
