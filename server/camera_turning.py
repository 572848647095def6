"""Moves cameras for a moment at a time: every movement is stopped again, whatever became of the desk that asked for it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

import structlog

from governance.refusal import Refused
from server.camera_devices import gb28181, onvif
from server.camera_devices.patience import ANSWER_S, DeviceFailed, in_time, within
from server.camera_devices.turning import Move, Preset
from server.ledger.camera_sources import Source, SourceKind

TURNABLE = frozenset({SourceKind.ONVIF, SourceKind.GB28181})
STOPS_AFTER_S = 1.0
"""A device that knows how stops so long after the moment it was to move, if our stop never comes."""
T = TypeVar("T")
log = structlog.get_logger()


class Turning:
    """Movements under way. Any thread; each call may wait for a device."""

    def __init__(self, patience_s: float = ANSWER_S) -> None:
        """A device is waited for so long."""
        self._patience_s = patience_s
        self._newest: dict[str, int] = {}
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

    def move(self, source: Source, wanted: Move, seconds: float) -> None:
        """The camera moves for so long and stops, unless a newer movement goes on from there."""
        mine = self._begin(source.camera)
        self._asked(self._pulse(source, wanted, seconds, mine), (self._patience_s + seconds) * 2)

    def presets(self, source: Source) -> tuple[Preset, ...]:
        """The views a camera remembers; none where it does not say: that keeps nobody from turning it."""
        asked = gb28181.presets(source) if source.kind is SourceKind.GB28181 else onvif.presets(source)
        try:
            return within(self._patience_s, asked)
        except DeviceFailed as no:
            log.info("no presets", camera=source.camera, code=no.code, why=no.why)
            return ()

    def go_to(self, source: Source, preset: str) -> None:
        """The camera turns to a view it remembers."""
        self._begin(source.camera)
        of_platform = source.kind is SourceKind.GB28181
        self._asked(gb28181.go_to(source, preset) if of_platform else onvif.go_to(source, preset), self._patience_s)

    def _begin(self, camera: str) -> int:
        """The number of a movement that is the camera's newest from now on."""
        with self._lock:
            self._newest[camera] = number = self._newest.get(camera, 0) + 1
            return number

    async def _pulse(self, source: Source, wanted: Move, seconds: float, mine: int) -> None:
        await in_time(self._patience_s, self._send(source, wanted, seconds))
        if wanted.is_stop:
            return
        try:
            await asyncio.sleep(seconds)
        finally:
            if self._newest.get(source.camera) == mine:
                await in_time(self._patience_s, self._send(source, Move(), 0.0))

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
