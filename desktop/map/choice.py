"""The canvas this machine can paint."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QWidget

from desktop.map.canvas import MapCanvas
from desktop.map.gl_check import gl_is_usable
from desktop.map.plain_canvas import PlainCanvas

log = logging.getLogger(__name__)


Canvas = MapCanvas | PlainCanvas


def canvas_of(kept: Mapping[str, object]) -> Callable[[QWidget | None], Canvas]:
    """What makes the canvas of a workstation, by what is kept of its wishes: `map` is plain where it keeps to that map."""
    return _plain_as_wished if kept.get("map") == "plain" else new_canvas


def _plain_as_wished(parent: QWidget | None = None) -> PlainCanvas:
    log.info("plain map: set on this workstation")
    return PlainCanvas(parent, as_wished=True)


def new_canvas(parent: QWidget | None = None) -> Canvas:
    """The 2.5D map where OpenGL works, else the plain one, which says so."""
    usable, reason = gl_is_usable()
    if usable:
        log.info("the map draws with %s", reason)
        return MapCanvas(parent)
    log.info("plain map: %s", reason)
    return PlainCanvas(parent)
