"""Whose trails are drawn, and in which colours, on either canvas; no Qt."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from desktop.map.scene import WorkerMark
from desktop.map.shown import Shown
from desktop.map.trails import MOST_IN_VIEW

Rows = NDArray[np.int32]


def trail_rows(shown: Shown) -> Rows:
    """Rows, ascending, of the workers whose trails are drawn.

    Who is selected, pointed at, followed or a candidate always leaves one; with the layer on everybody in view does, as long
    as that is no more than MOST_IN_VIEW.
    """
    if not shown.layer_visible["workers"]:
        return np.zeros(0, np.int32)
    told = [found.id for found in (shown.selected, shown.hovered) if found is not None and found.kind == "worker"]
    named = [row for row in map(shown.workers.row, (*told, *shown.followed)) if row is not None]
    rows = np.union1d(np.array(named, np.int32), shown.candidates)
    if shown.layer_visible["trails"] and not shown.in_view.is_crowd and len(shown.in_view.rows) <= MOST_IN_VIEW:
        rows = np.union1d(rows, shown.in_view.rows)
    rows = rows.astype(np.int32)
    found: Rows = rows[shown.workers.shown(rows)]
    return found


def trail_tones(shown: Shown, rows: Rows) -> NDArray[np.int32]:
    """The tint of each worker's trail, that of their dot."""
    tones = np.minimum(shown.workers.look[rows, 0], WorkerMark.STALE).astype(np.int32)
    tones[np.isin(rows, shown.candidates)] = 3
    return tones


def trail_tints(shown: Shown) -> tuple[str, str, str, str]:
    """The colours of the tints: on duty, on a task, stale, candidate."""
    colours = shown.colours
    return (colours.worker, colours.worker_on_task, colours.worker_stale, colours.candidate)
