"""The canvas this machine can paint."""

from __future__ import annotations

import logging

from PySide6.QtWidgets import QWidget

from desktop.map.canvas import MapCanvas
from desktop.map.gl_check import gl_is_usable
from desktop.map.plain_canvas import PlainCanvas

log = logging.getLogger(__name__)


def new_canvas(parent: QWidget | None = None) -> MapCanvas | PlainCanvas:
    """The 2.5D map where OpenGL works, else the plain one, which says so."""
    usable, reason = gl_is_usable()
    if usable:
        log.info("the map draws with %s", reason)
        return MapCanvas(parent)
    log.info("plain map: %s", reason)
    return PlainCanvas(parent)
