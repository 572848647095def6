"""Moves cameras for a moment at a time: every movement is stopped again, whatever became of the desk that asked for it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar
from uuid import UUID

import structlog

from governance.refusal import Refused
from server.camera_devices import gb28181, onvif
from server.camera_devices.patience import ANSWER_S, DeviceFailed, in_time, within
from server.camera_devices.turning import Move, Preset
from server.ledger.camera_sources import Source, SourceKind

TURNABLE = frozenset({SourceKind.ONVIF, SourceKind.GB28181})
STOPS_AFTER_S = 1.0
"""A device that knows how stops so long after the moment it was to move, if our stop never comes."""
Asked = tuple[UUID, int]
"""Who asked for a movement, and the number of his request: they grow."""
T = TypeVar("T")
log = structlog.get_logger()


class Turning:
    """Movements under way. Any thread; each call may wait for a device."""

    def __init__(self, patience_s: float = ANSWER_S) -> None:
        """A device is waited for so long."""
        self._patience_s = patience_s
        self._newest: dict[str, tuple[int, Asked | None]] = {}
        self._turns: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    @staticmethod
    def can(source: Source) -> bool:
        """Whether cameras reached this way can be turned from here."""
        return source.kind in TURNABLE

    @staticmethod
    def move_of(pan: float, tilt: float, zoom: float) -> Move:
        """A movement at these speeds; Refused where they are none."""
        wanted = Move(pan, tilt, zoom)
        if not wanted.is_possible:
            raise Refused("out_of_range", "pan", least="-1", most="1")
        return wanted

    def move(self, source: Source, wanted: Move, seconds: float, by: Asked | None = None) -> None:
        """The camera moves for so long and stops, unless a newer movement goes on from there.

        `by` says who asked and at what place among what he asked: what he asked before this and comes later moves nothing.
        """
        mine = self._begin(source.camera, by)
        if mine:
            self._asked(self._pulse(source, wanted, seconds, mine), (self._patience_s + seconds) * 2)

    def presets(self, source: Source) -> tuple[Preset, ...]:
        """The views a camera remembers; none where it does not say: that keeps nobody from turning it."""
        asked = gb28181.presets(source) if source.kind is SourceKind.GB28181 else onvif.presets(source)
        try:
            return within(self._patience_s, asked)
        except DeviceFailed as no:
            log.info("no presets", camera=source.camera, code=no.code, why=no.why)
            return ()

    def go_to(self, source: Source, preset: str, by: Asked | None = None) -> None:
        """The camera turns to a view it remembers."""
        self._begin(source.camera, by)
        of_platform = source.kind is SourceKind.GB28181
        self._asked(gb28181.go_to(source, preset) if of_platform else onvif.go_to(source, preset), self._patience_s)

    def _begin(self, camera: str, by: Asked | None = None) -> int:
        """The number of a movement that is the camera's newest from now on; 0 where its sender has asked for a newer one."""
        with self._lock:
            number, last = self._newest.get(camera, (0, None))
            if by is not None and last is not None and by[0] == last[0] and by[1] < last[1]:
                return 0
            self._newest[camera] = number + 1, by
            return number + 1

    def _is_newest(self, camera: str, mine: int) -> bool:
        return self._newest[camera][0] == mine

    async def _pulse(self, source: Source, wanted: Move, seconds: float, mine: int) -> None:
        await self._in_turn(source, wanted, seconds, mine)
        if wanted.is_stop or not self._is_newest(source.camera, mine):
            return
        try:
            await asyncio.sleep(seconds)
        finally:
            await self._in_turn(source, Move(), 0.0, mine)

    async def _in_turn(self, source: Source, wanted: Move, seconds: float, mine: int) -> None:
        """Sent after what is on its way to the camera, unless a newer movement waits for that too: a stop is not overtaken.

        Each movement has a loop and a thread of its own, so a lock of threads holds up nothing else.
        """
        with self._lock:
            turn = self._turns.setdefault(source.camera, threading.Lock())
        with turn:
            if self._is_newest(source.camera, mine):
                await in_time(self._patience_s, self._send(source, wanted, seconds))

    @staticmethod
    async def _send(source: Source, wanted: Move, seconds: float) -> None:
        if source.kind is SourceKind.GB28181:
            await gb28181.move(source, wanted)
        else:
            await onvif.move(source, wanted, seconds + STOPS_AFTER_S)

    @staticmethod
    def _asked(work: Coroutine[Any, Any, T], patience_s: float) -> T:
        """What comes of it; Refused with the reason where the device does not do it."""
        try:
            return within(patience_s, work)
        except DeviceFailed as no:
            log.info("a camera was not turned", code=no.code, why=no.why)
            raise Refused(no.code, "camera") from None
