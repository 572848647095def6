"""How much may wait at once, of all desks and of one, and how often a session may ask for what is large."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from uuid import UUID

from wire import wall_requests as walls
from wire.archive_requests import FindEnded, OpenEnded
from wire.boundary_requests import ActOnBoundaries, ReadBoundaryDraft, ReadBoundaryOutcome, SaveBoundaries
from wire.camera_requests import GoToPreset, HoldCamera, RecordViewing, ReportHealth, TurnCamera
from wire.indicator_requests import ExportIndicators, FreezeIndicators, PublishIndicators, ReadIndicators
from wire.leaving_requests import RecordLeaving
from wire.past_requests import AskTrack, ReadPast, ReadTrack
from wire.requests import AskReplay, AskSnapshot, OpenCamera, Refusal
from wire.rules_requests import CheckRules, LoadRules, ReadRules
from wire.shift_requests import ReadHandover
from wire.visited_requests import ReadVisited

KINDS: dict[type, str] = {AskSnapshot: "snapshot", AskReplay: "replay", ReadHandover: "handover"}
KINDS |= dict.fromkeys((ReadIndicators, ExportIndicators, FreezeIndicators, PublishIndicators), "indicators")
KINDS |= dict.fromkeys((ReadRules, CheckRules, LoadRules), "rules")
KINDS |= {FindEnded: "archive", OpenEnded: "archive", ReadVisited: "visited"}
KINDS |= dict.fromkeys((ReadPast, AskTrack, ReadTrack), "past")
KINDS |= {RecordLeaving: "leaving", RecordViewing: "viewing", ReportHealth: "health"}
KINDS |= dict.fromkeys((OpenCamera, HoldCamera, TurnCamera, GoToPreset), "camera")
KINDS |= dict.fromkeys((walls.ReadWalls, walls.ReadWall, walls.ReadWallBoard), "wall")
KINDS |= dict.fromkeys((walls.TakeWall, walls.GiveWall, walls.PutLayout, walls.PutScene, walls.KeepScene), "wall_act")
KINDS |= {walls.PushSlot: "wall_act", walls.PutBack: "wall_act", walls.PopUpIncident: "wall_act"}
KINDS |= {walls.ReportWall: "wall_report"}
KINDS |= dict.fromkeys((ActOnBoundaries, ReadBoundaryDraft, ReadBoundaryOutcome, SaveBoundaries), "boundaries")
"""Kinds of requests that are counted by themselves."""

THREADS = {"reckoned": 1, "archive": 1, "past": 1, "cameras": 16}
"""Threads for what takes long beside those for everything else, by what is asked: none of it delays an order."""
THREADS_OF = {"indicators": "reckoned", "rules": "reckoned", "visited": "reckoned", "archive": "archive", "past": "past"}
THREADS_OF |= {"camera": "cameras", "boundaries": "reckoned"}

Place = tuple[str, str]
"""A kind of request and who asks: a key, an address, an account."""

MAY_WAIT = {"order": (256, 64), "sign_on": (128, 1), "sign_on_from": (128, 32), "snapshot": (32, 2), "replay": (64, 32)}
MAY_WAIT |= {"handover": (32, 4), "indicators": (16, 2), "rules": (16, 2), "archive": (16, 2), "visited": (32, 2)}
MAY_WAIT |= {"past": (16, 2), "leaving": (32, 8), "viewing": (64, 16), "camera": (256, 64), "health": (128, 16)}
MAY_WAIT |= {"boundaries": (16, 4)}
MAY_WAIT |= {"wall": (64, 8), "wall_act": (64, 8), "wall_report": (64, 2)}
SEVERAL_DESKS = {"order": 128, "snapshot": 8}
"""What an account may have waiting that is signed on at several desks; of any other kind no more than one desk may."""
MAY_WAIT |= {
    f"{kind}_of": (of_all, SEVERAL_DESKS.get(kind, of_one))
    for kind, (of_all, of_one) in MAY_WAIT.items()
    if not kind.startswith("sign_on")
}
"""Requests of a kind that may wait, of all and of one; more are answered 'busy' at once.

One is a key; with `_from` an address, with `_of` an account.
"""
MOST_KEPT = 512
"""Beyond so many requests of a session those that are answered are let go; that many never wait at once."""
MAY_ASK = {"snapshot": (2, 4.0), "replay": (64, 4.0), "handover": (8, 4.0), "indicators": (8, 4.0), "rules": (8, 4.0)}
MAY_ASK |= {"archive": (8, 4.0), "visited": (4, 4.0), "past": (24, 4.0), "leaving": (8, 4.0), "viewing": (24, 4.0)}
MAY_ASK |= {"wall": (24, 4.0), "wall_act": (24, 4.0), "wall_report": (8, 4.0), "health": (40, 4.0)}
"""So many answers of a kind a session gets within so many seconds, for each may wait long for a slow desk.

An honest desk asks again for a snapshot after five seconds, and for a replay when it has read the one before.
"""


def places_of(kind: str, key: str, account: str) -> tuple[Place, Place]:
    """Where a request waits: with those of its key, and with those of its account."""
    return (kind, key), (f"{kind}_of", account)


@dataclass(frozen=True, slots=True, eq=False)
class Waits:
    """A request that waits for a thread, or has one."""

    work: Future[None]
    places: tuple[Place, ...]
    sender: bytes
    over: Refusal
    """What it is answered where its session ends before a thread takes it."""


class WaitingRoom:
    """Counts what waits and what was asked lately. The desk process's loop only."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Nobody waits. `clock`: seconds that only grow."""
        self._clock = clock
        self._waiting: Counter[Place] = Counter()
        self._lately: dict[tuple[UUID, str], list[float]] = {}
        self._asks: defaultdict[UUID, list[Waits]] = defaultdict(list)

    def enter(self, *places: Place) -> bool:
        """Whether one more may wait in all of these places; if so it does, until it leaves."""
        for kind, who in places:
            of_all, of_one = MAY_WAIT[kind]
            if self._waiting[kind, ""] >= of_all or self._waiting[kind, who] >= of_one:
                return False
        for kind, who in places:
            self._waiting.update(((kind, ""), (kind, who)))
        return True

    def leave(self, *places: Place) -> None:
        """One that waited is answered."""
        for kind, who in places:
            for place in ((kind, ""), (kind, who)):
                self._waiting[place] -= 1
                if not self._waiting[place]:
                    del self._waiting[place]

    def may_ask(self, kind: str, session: UUID) -> bool:
        """Whether a session has not asked for too many of a kind lately; if not it has asked for one more."""
        if kind not in MAY_ASK:
            return True
        so_many, within_s = MAY_ASK[kind]
        now = self._clock()
        latest = [at for at in self._lately.get((session, kind), ()) if at > now - within_s]
        if len(latest) >= so_many:
            return False
        self._lately[session, kind] = [*latest, now]
        return True

    def seat(self, session: UUID, waits: Waits) -> None:
        """A session's request waits for its thread from now on; also while nobody can say which sessions are still there."""
        asks = self._asks[session]
        if len(asks) >= MOST_KEPT:
            asks[:] = [each for each in asks if not each.work.done()]
        asks.append(waits)

    def forget_all_but(self, living: Iterable[UUID]) -> list[Waits]:
        """Only these sessions are still there: what others wait for is dropped and returned, their places are free again.

        What a thread has taken already is not: it is answered as always.
        """
        kept = set(living)
        self._lately = {place: at for place, at in self._lately.items() if place[0] in kept}
        gone = [waits for session, asks in self._asks.items() if session not in kept for waits in asks if waits.work.cancel()]
        for waits in gone:
            self.leave(*waits.places)
        still = ((session, [waits for waits in asks if not waits.work.done()]) for session, asks in self._asks.items())
        self._asks = defaultdict(list, {session: asks for session, asks in still if asks})
        return gone
