"""Grids in classes by a figure - open, overdue, coverage, last visit - the quietest class first; plain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop.map.grid_figures import FULL_LOAD, GridFigures

FIGURES = ("open", "overdue", "coverage", "visited")
VISITED = ("coverage", "visited")
"""Figures that the server is asked for."""
CLASSES = 6
UNKNOWN = -1
COUNT_FROM = (1, 2, 3, 5, 10)
"""So many incidents begin the next class."""
PERCENT_FROM = (1, 20, 40, 60, 80)
"""So many percent of a grid covered end a class: the less, the stronger."""
DAYS_FROM = (1, 4, 8, 31)
"""So many days since the last visit begin the next class; never is the last."""
CHINA_S, DAY_S = 8 * 3600, 86_400


@dataclass(frozen=True, slots=True, eq=False)
class GridTold:
    """What is known of every grid, in the order of the geometry."""

    open: NDArray[np.int32]
    overdue: NDArray[np.int32]
    covered: NDArray[np.int64]
    """Percent, UNKNOWN where the server told nothing."""
    visited: NDArray[np.int64]
    """Seconds since 1970, 0 never, UNKNOWN where the server told nothing."""


def days_ago(visited_s: NDArray[np.int64], now_s: float) -> NDArray[np.int64]:
    """How many midnights in China lie between; 0 today."""
    return np.maximum((int(now_s) + CHINA_S) // DAY_S - (visited_s + CHINA_S) // DAY_S, 0)


def classes_of(told: GridTold, figure: str, now_s: float) -> NDArray[np.int64]:
    """The class of every grid, 0 to CLASSES - 1, the one that needs somebody most last; UNKNOWN where nothing is known."""
    if figure in ("open", "overdue"):
        return np.digitize(told.open if figure == "open" else told.overdue, COUNT_FROM)
    if figure == "coverage":
        return np.where(told.covered < 0, UNKNOWN, CLASSES - 1 - np.digitize(told.covered, PERCENT_FROM))
    classes = np.where(told.visited == 0, CLASSES - 1, np.digitize(days_ago(told.visited, now_s), DAYS_FROM))
    return np.where(told.visited < 0, UNKNOWN, classes)


def heights_of(told: GridTold, figure: str, now_s: float) -> NDArray[np.float64]:
    """How high every grid stands, 0 to 1: the more it needs somebody, the higher; flat where nothing is known."""
    if figure in ("open", "overdue"):
        counts = told.open if figure == "open" else told.overdue
        return np.asarray(counts / max(FULL_LOAD, int(counts.max(initial=0))))
    if figure == "coverage":
        return np.asarray(np.where(told.covered < 0, 0.0, 1.0 - told.covered / 100))
    return np.asarray(np.maximum(classes_of(told, figure, now_s), 0) / (CLASSES - 1))


def drawn(told: GridTold, colour: str, height: str, lit: int | None, now_s: float) -> GridFigures:
    """How the grids look: coloured by one figure (off: none), raised by another, one class pointed out or none."""
    ramp, chosen = np.zeros(len(told.open)), None
    if colour != "off":
        classes = classes_of(told, colour, now_s)
        ramp = np.maximum(classes, 0) / (CLASSES - 1)
        chosen = classes == lit if lit is not None else None
    late = told.overdue > 0 if colour != "off" else np.zeros(len(ramp), np.bool_)
    return GridFigures(np.asarray(ramp), heights_of(told, height, now_s), late, chosen)


def counted(classes: NDArray[np.int64]) -> list[int]:
    """How many grids are in each class, and last of how many nothing is known."""
    return [*(int((classes == each).sum()) for each in range(CLASSES)), int((classes == UNKNOWN).sum())]
