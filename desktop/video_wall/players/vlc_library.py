"""libVLC as it is on this machine: whether it is there at all, and whether it can open RTSP. It is asked, never guessed.

Debian 12's VLC has no module for RTSP (no live555); VideoLAN's own builds for Windows and macOS have it. Loading takes a
tenth of a second and more, so it happens in a thread.
"""

from __future__ import annotations

import importlib
import logging
import threading
from typing import Any

from desktop.video_wall.players.vlc_log import held_stderr, listen

QUIETLY = ("--quiet", "--no-audio", "--no-video-title-show")
RTSP_OPTION = "--rtsp-tcp"
"""An option of the module that opens RTSP: libVLC gives no instance for an option that no module of it knows."""

log = logging.getLogger(__name__)


class VlcLibrary:
    """libVLC, loaded once. look() on the main thread, then ask `is_here`; `instance` from threads that play."""

    def __init__(self, module: str = "vlc") -> None:
        """`module` is the binding that is imported."""
        self._module = module
        self._looked: threading.Thread | None = None
        self.vlc: Any = None
        self.instance: Any = None
        self.is_here: bool | None = None
        """None while nobody knows."""
        self.opens_rtsp = False
        self.reason = ""
        """What the system said where it is missing."""

    def look(self) -> None:
        """Begin to look, once; returns at once."""
        if self._looked is None:
            self._looked = threading.Thread(target=self._look, name="libVLC", daemon=True)
            self._looked.start()

    def join(self, wait_s: float) -> None:
        """Wait until it is known."""
        if self._looked is not None:
            self._looked.join(wait_s)

    def _look(self) -> None:
        try:
            self.vlc = importlib.import_module(self._module)
            self.instance = self.vlc.Instance(*QUIETLY)
            if self.instance is None:
                self.reason = "libvlc_new"
            else:
                listen(self.vlc, self.instance)
                with held_stderr():  # it says there what it thinks of an option it does not know
                    probe = self.vlc.Instance(RTSP_OPTION, *QUIETLY)
                self.opens_rtsp = probe is not None
                if probe is not None:
                    probe.release()
        except (ImportError, OSError, NameError, AttributeError, NotImplementedError) as problem:
            self.reason = str(problem).splitlines()[0] if str(problem) else type(problem).__name__
        if self.instance is None:
            log.info("there is no libVLC: %s", self.reason)
        self.is_here = self.instance is not None
