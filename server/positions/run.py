"""The positions process: a plain loop that takes fixes, keeps the newest, publishes the lane and writes tracks."""

from __future__ import annotations

import math
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, date, datetime

import psycopg
import structlog
import zmq
from zmq.utils import z85

from governance.people import Duty
from server.keys import ServerKeys, ensure_keys
from server.ledger.ledger import Ledger
from server.ledger.worker_duty import set_duty
from server.positions import arrivals, lane
from server.positions.arrivals import Arrivals, Sender
from server.positions.doorkeeper import Doorkeeper
from server.positions.ground import Ground
from server.positions.lane import TICK_S, Lane, LaneSession
from server.positions.latest import Latest
from server.positions.questions import UNREACHABLE, Questions
from server.positions.register import Register, Staffing
from server.positions.sender_key import intake_keys
from server.positions.tracks import Tracks
from server.settings import Settings

TAKE_S = 0.02
"""Fixes are taken this often: batching them costs 20 ms and saves most of the work."""
SESSIONS_S = 0.5
STAFFING_S = 2.0
SILENCE_S = 30.0
"""Three beats of ten seconds missed: the worker is lost."""
SAVE_S = 10.0
TELL_S = 60.0
FAIL_CLOSED_S = 2.0
"""Without a reading of the sessions for so long the lane is silent: a right may have ended."""
ASKS_IN_HAND = 100.0
ASKS_A_SECOND = 50.0
ASK_S = 0.2
"""So long a stranger's knock may hold up the loop: less than a tick."""
SESSIONS = "sessions"

Edition = tuple[int, date]

log = structlog.get_logger()


class Loop:
    """All parts of the process and the order they take their turns in.

    One thread, which never waits for the ledger; questions, tracks and duty have theirs.
    """

    def __init__(self, settings: Settings, keys: ServerKeys, ledger: Ledger) -> None:
        """Read the ledger and open both doors."""
        self._ledger = ledger
        public, _ = intake_keys(keys.data_key)
        own = {z85.decode(public).hex(): Sender("intake", None)}
        self.register = Register(ledger, own)
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        doors = {arrivals.DOMAIN: self._admits_sender, lane.DOMAIN: self._admits_listener}
        self.doorkeeper = Doorkeeper(self._context, doors)
        self.arrivals = Arrivals(self._context, settings.intake_pull_endpoint, keys.curve_secret)
        self.arrivals.senders = own
        self.lane = Lane(self._context, settings.lane_endpoint, keys.curve_secret)
        self.lane.ask_sessions = self._ask_sessions
        self.tracks = Tracks(lambda: psycopg.connect(**settings.connect_arguments()))
        self.latest = Latest(self._ground())
        self._staffing = Staffing((), {})
        self._questions = Questions()
        self._is_stuck = False
        self._asked_at = time.monotonic()
        self._asks_left = ASKS_IN_HAND
        self._duties = ThreadPoolExecutor(1, "duty")
        self._telling_duty: Future[int] | None = None
        self._edition = self._edition_now()
        self._employ((self.register.staffing(), self._edition, None))
        self.latest.recall(self.register.last_known())
        self._serve(self._sessions_now())
        self._poller = zmq.Poller()
        for socket in (self.doorkeeper.socket, self.lane.socket):
            self._poller.register(socket, zmq.POLLIN)

    def run(self, is_over: Callable[[], bool]) -> None:
        """Turn until told to end."""
        every: list[tuple[float, Callable[[], None]]] = [
            (TAKE_S, self._take),
            (TICK_S, self._publish),
            (SESSIONS_S, self._read_sessions),
            (STAFFING_S, self._follow_staffing),
            (SAVE_S, self._save),
            (TELL_S, self._tell),
        ]
        due = [time.monotonic() + pause_s for pause_s, _ in every]
        while not is_over():
            self._poller.poll(max(0, math.ceil((min(due) - time.monotonic()) * 1000)))
            self._questions.fetch()
            self.doorkeeper.answer_all()
            self.lane.admit_subscribers()
            now = time.monotonic()
            for turn, (pause_s, action) in enumerate(every):
                if due[turn] <= now:
                    action()
                    due[turn] = max(due[turn] + pause_s, now)

    def close(self) -> None:
        """Save what is known, then close everything."""
        self._save()
        self.tracks.close()
        self._duties.shutdown()
        self._questions.close()
        for part in (self.doorkeeper, self.arrivals, self.lane):
            part.close()
        self._context.term()

    def _take(self) -> None:
        """Fixes that wait pass the gate."""
        fixes, enrolled = self.arrivals.take()
        if len(fixes) or self.latest.has_waiting():
            kept, _ = self.latest.take(fixes, enrolled, time.time())
            self.tracks.add(kept)

    def _publish(self) -> None:
        """The moved workers go out, unless nobody knows any more who may listen."""
        if time.monotonic() - self.register.sessions_read_at > FAIL_CLOSED_S:
            return
        fixes, grids = self.latest.moved()
        if len(fixes):
            self.lane.publish(fixes, grids, self.latest.ground, datetime.now(UTC))

    def _read_sessions(self) -> None:
        """Who may listen and who may send."""
        self._questions.ask(SESSIONS, self._sessions_now, self._serve)

    def _sessions_now(self) -> tuple[list[LaneSession], dict[str, Sender]]:
        """The same as the ledger has it now; in the thread of the question."""
        return self.register.sessions(datetime.now(UTC)), self.register.senders()

    def _serve(self, read: tuple[list[LaneSession], dict[str, Sender]]) -> None:
        sessions, self.arrivals.senders = read
        self.lane.serve(sessions)

    def _ask_sessions(self) -> bool:
        """The same at once, for somebody who is not known yet: libzmq does not knock twice where it was refused.

        Fifty times a second at most, with a hundred in hand, so that strangers who knock cannot stop the loop; a ledger
        that does not answer is waited for once, until it does.
        """
        now = time.monotonic()
        self._asks_left = min(ASKS_IN_HAND, self._asks_left + (now - self._asked_at) * ASKS_A_SECOND)
        self._asked_at = now
        if self._asks_left < 1:
            return False
        self._asks_left -= 1
        until_s = now if self._is_stuck else now + ASK_S
        answered = self._questions.settle(SESSIONS, until_s)  # what was asked before he knocked may not know him
        self._read_sessions()
        self._is_stuck = not (answered and self._questions.settle(SESSIONS, until_s))
        return not self._is_stuck

    def _admits_sender(self, key: bytes) -> bool | None:
        """Whether a key may send fixes; a key not known yet is looked up, None where that failed."""
        if self.arrivals.admits(key):
            return True
        asked = self._ask_sessions()
        return self.arrivals.admits(key) or (False if asked else None)

    def _admits_listener(self, key: bytes) -> bool | None:
        """Whether a key belongs to a live session; None where nobody could be asked."""
        return self.lane.admits(key)

    def _follow_staffing(self) -> None:
        """Who works now, on which ground; who fell silent is lost, who was heard again is found."""
        self._questions.ask("staffing", self._staffing_now, self._follow)

    def _staffing_now(self) -> tuple[Staffing, Edition, Ground | None]:
        """Who works, the edition in force, and its ground where it is another; in the thread of the question."""
        staffing, edition = self.register.staffing(), self._edition_now()
        return staffing, edition, self._ground() if edition != self._edition else None

    def _follow(self, read: tuple[Staffing, Edition, Ground | None]) -> None:
        self._employ(read)
        self._tell_silence()

    def _tell_silence(self) -> None:
        """Hand the lost and the found to the ledger, one batch at a time, off this thread."""
        if self._telling_duty is not None:
            if not self._telling_duty.done():
                return
            failed = self._telling_duty.exception()
            if failed is not None and not isinstance(failed, UNREACHABLE):
                raise failed
            self._telling_duty = None
        now = time.time()
        duties = {self._staffing.ids[n]: Duty.LOST for n in self.latest.silent(now, SILENCE_S).tolist()}
        duties |= {self._staffing.ids[n]: Duty.ON_DUTY for n in self.latest.returned(now, SILENCE_S).tolist()}
        if duties:
            self._telling_duty = self._duties.submit(set_duty, self._ledger, duties, datetime.now(UTC))

    def _employ(self, read: tuple[Staffing, Edition, Ground | None]) -> None:
        self._staffing, self._edition, ground = read
        self.latest.employ(self._staffing.workers, time.time())
        if ground is not None:
            self.latest.stand_on(ground)

    def _edition_now(self) -> tuple[int, date]:
        """The boundaries in force: their edition and the local day."""
        with self._ledger.transaction() as connection:
            grids = self._ledger.grids(connection, datetime.now(UTC))
        return grids.edition, grids.day

    def _ground(self) -> Ground:
        with self._ledger.transaction() as connection:
            grids = self._ledger.grids(connection, datetime.now(UTC))
        return Ground(grids.codes, list(grids.polygons))

    def _save(self) -> None:
        """The newest positions, for a snapshot and for the next start."""
        self.tracks.save_newest(self.latest.unsaved()[0])

    def _tell(self) -> None:
        """Once a minute: what was counted, and nothing about anybody."""
        refused = {**self.arrivals.refused, **self.lane.refused, **self.doorkeeper.refused}
        log.info("positions", fixes=dict(self.latest.stopped), refused=refused, tracks=dict(self.tracks.counted))


def main(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT; writes `ready` to standard output once both doors are open."""
    ending: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda signal_number, _: ending.append(signal_number))
    keys = ensure_keys(settings.keys)
    ledger = Ledger(settings.database_url(), keys.data_key, pool_size=3)
    loop = Loop(settings, keys, ledger)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    try:
        loop.run(lambda: bool(ending))
    finally:
        loop.close()
        ledger.close()
