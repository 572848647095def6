"""Cameras that break: how soon it is noticed, how soon they are back, and that no tile passes an old picture for live."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bench.video_tiles import SUB_FPS, Street, TileWindow, age_s, pixels_of
from desktop.video_wall.watchdog import Sight
from server.drill.camera_strip import read

NOTICED = (("stall", Sight.STALE, "stale_noticed_s"), ("freeze", Sight.FROZEN, "frozen_noticed_s"))
RETURNING = ("dead", "hang", "404", "stall", "freeze")
AWAY_S = 7.0
SOAK_TILES = 16
KINDS = ("dead", "stall", "freeze", "hang", "404", "corrupt")
QUIET_S, FAULT_S = (1.0, 6.0), (2.0, 25.0)
SILENT_S = 5.0
"""A picture that has not changed for longer and is called live is silently stale."""
BEHIND_S = 1.5
"""So is one that changes, and is older than this."""
LOOK_EVERY_S = 0.5


def noticed_and_back(street: Street) -> dict[str, Any]:
    """Seconds until a silent and a frozen stream are called so, and until cameras are live again after their return."""
    ids = street.ids[:4]
    window = TileWindow(street, ids)
    window.run_until(window.is_complete, 20.0)
    figures: dict[str, Any] = {}
    for fault, sight, name in NOTICED:
        worst = 0.0
        for k, camera in enumerate(ids[:2]):
            street.set_fault(camera, fault)
            worst = max(worst, window.run_until(_shows(window, k, sight), 12.0))
            street.set_fault(camera, None)
            window.run_until(window.is_complete, 15.0)
        figures[name] = round(worst, 2)
    back = {}
    for fault in RETURNING:
        _break(street, ids[2], fault)
        window.run_until(lambda: False, AWAY_S)
        street.set_fault(ids[2], None)
        back[fault] = round(window.run_until(_shows(window, 2, Sight.LIVE), 20.0), 2)
    window.close()
    figures |= {f"back_after_{fault}_s": took for fault, took in back.items()}
    return figures | {"back_to_live_max_s": max(back.values())}


def _shows(window: TileWindow, number: int, sight: Sight) -> Callable[[], bool]:
    return lambda: window.feed(number).watch().sight(time.monotonic()) is sight


def _break(street: Street, camera: str, fault: str) -> None:
    """Some faults are of the log-on: the connection has to be lost first."""
    if fault in ("hang", "404"):
        street.set_fault(camera, "dead")
        time.sleep(0.15)
    street.set_fault(camera, fault)


@dataclass
class Fate:
    """What becomes of one camera."""

    next_at: float
    fault: str | None = None
    mended_at: float | None = None
    frame: int = -1
    changed_at: float = field(default_factory=time.monotonic)
    suspected: int = 0
    """Looks in a row at which it was live and unchanged: one may be of a picture that bears the old number by chance."""


class Soak:
    """Sixteen tiles whose cameras break and are mended by chance, looked at twice a second."""

    def __init__(self, street: Street, seed: int) -> None:
        self._street, self._chance = street, random.Random(seed)
        self._window = TileWindow(street, street.ids[:SOAK_TILES])
        now = time.monotonic()
        self._fates = {camera: Fate(now + 5.0 + self._chance.uniform(*QUIET_S)) for camera in self._window.ids}
        self._looked_at = 0.0
        self._returns: list[float] = []
        self._late: list[str] = []
        self._silent: list[str] = []
        self._faults = 0

    def run(self, minutes: float) -> dict[str, Any]:
        """The figures of so many minutes."""
        self._window.run_until(self._window.is_complete, 20.0)
        for fate in self._fates.values():
            fate.changed_at = time.monotonic()
        self._window.ticked = self._tick
        self._window.run_until(lambda: False, 60.0 * minutes)
        for camera, fate in self._fates.items():
            if fate.fault is not None:
                self._mend(camera, fate)
        self._window.run_until(lambda: all(fate.mended_at is None for fate in self._fates.values()), 10.0)
        unreturned = sum(fate.mended_at is not None for fate in self._fates.values())
        self._window.close()
        return {
            "soak_minutes": minutes, "soak_faults": self._faults, "soak_returns": len(self._returns),
            "soak_back_max_s": round(max(self._returns), 2) if self._returns else None,
            "soak_late": len(self._late) + unreturned, "soak_silently_stale": len(self._silent),
            "soak_of": "; ".join((self._late + self._silent)[:5]),
        }  # fmt: skip

    def _tick(self, now: float) -> None:
        for k, (camera, fate) in enumerate(self._fates.items()):
            if fate.mended_at is not None and self._is_live(k, now):
                took = now - fate.mended_at
                self._returns.append(took)
                if took > 5.0:
                    self._late.append(f"{camera[-3:]} {took:.1f} s after {fate.fault}")
                fate.mended_at, fate.fault, fate.next_at = None, None, now + self._chance.uniform(*QUIET_S)
            elif fate.mended_at is None and now >= fate.next_at:
                if fate.fault is None:
                    fate.fault, fate.next_at = self._chance.choice(KINDS), now + self._chance.uniform(*FAULT_S)
                    self._faults += 1
                    _break(self._street, camera, fate.fault)
                else:
                    self._mend(camera, fate)
        if now - self._looked_at >= LOOK_EVERY_S:
            self._looked_at = now
            for k, (camera, fate) in enumerate(self._fates.items()):
                self._look(k, camera, fate, now)

    def _mend(self, camera: str, fate: Fate) -> None:
        self._street.set_fault(camera, None)
        fate.mended_at = time.monotonic()

    def _is_live(self, number: int, now: float) -> bool:
        """Whether a tile is live with a picture that changed since its camera was mended."""
        fate = list(self._fates.values())[number]
        watch = self._window.feed(number).watch()
        is_new = watch.frame_at is not None and fate.mended_at is not None and watch.frame_at > fate.mended_at
        return watch.sight(now) is Sight.LIVE and is_new

    def _look(self, number: int, camera: str, fate: Fate, now: float) -> None:
        """Note it where a tile calls a picture live that is not."""
        feed = self._window.feed(number)
        picture = feed.picture()
        strip = None if picture is None else read(pixels_of(picture.image)[:, : picture.image.width()])
        if strip is not None and strip.frame != fate.frame:
            fate.frame, fate.changed_at = strip.frame, now
        if feed.watch().sight(now) is not Sight.LIVE:
            fate.suspected = 0
            return
        unchanged_s = now - fate.changed_at
        fate.suspected = fate.suspected + 1 if unchanged_s > SILENT_S else 0
        if strip is not None and not strip.is_of(camera):
            self._silent.append(f"{camera[-3:]} shows another camera")
        elif fate.suspected > 1:
            self._silent.append(f"{camera[-3:]} live, unchanged for {unchanged_s:.1f} s, {fate.fault}")
        elif strip is not None and unchanged_s < LOOK_EVERY_S and age_s(strip, SUB_FPS, time.time()) > BEHIND_S:
            behind_s = age_s(strip, SUB_FPS, time.time())
            if fate.fault != "freeze":
                self._silent.append(f"{camera[-3:]} live, {behind_s:.1f} s behind, {fate.fault}")


def soaked(street: Street, minutes: float, seed: int = 20_261_130) -> dict[str, Any]:
    """The figures of a soak."""
    return Soak(street, seed).run(minutes)
