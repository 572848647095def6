"""What a desk tells the server of the cameras it has open: that a picture does not come back, or is there again."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from desktop.link.to_server import Enquire, ToServer
from desktop.video_wall.watchdog import Sight
from governance.camera import Camera, CameraState
from wire.camera_requests import ReportHealth

DOWN = (Sight.RECONNECTING, Sight.WRONG_ADDRESS, Sight.NO_VIDEO)
"""What says something of the camera; that somebody is refused, or that it is being tried, does not."""
STANDS_S, AGAIN_S = 10.0, 30.0
"""So long a state stands before it is told, and so long until it is told again while the server has it otherwise."""

Told = Callable[[Camera, Sight], None]


class Health:
    """Listens to every tile and tells the server seldom. Main thread only."""

    def __init__(self, submit: Callable[[ToServer], object], clock: Callable[[], float] = time.monotonic) -> None:
        """`submit` takes what is asked of the link; `clock` gives seconds that only grow."""
        self._submit, self._clock = submit, clock
        self._since: dict[str, tuple[bool, float]] = {}
        self._told_s: dict[str, float] = {}

    def saw(self, camera: Camera, sight: Sight) -> None:
        """A tile shows this of a camera now."""
        if sight is not Sight.LIVE and sight not in DOWN:
            return
        is_live, now_s = sight is Sight.LIVE, self._clock()
        known = self._since.get(camera.id)
        if known is None or known[0] is not is_live:
            self._since[camera.id] = known = (is_live, now_s)
        otherwise = CameraState.OFFLINE if is_live else CameraState.ONLINE
        stands_s, silent_s = now_s - known[1], now_s - self._told_s.get(camera.id, float("-inf"))
        if camera.state is otherwise and stands_s >= STANDS_S and silent_s >= AGAIN_S:
            self._told_s[camera.id] = now_s
            since = datetime.now(UTC) - timedelta(seconds=stands_s)
            self._submit(Enquire(uuid4(), ReportHealth(0, camera.id, is_live, since)))
