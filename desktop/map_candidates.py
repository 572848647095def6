"""Who could go, on the map: a line from each to the place, with the number of the key, how far, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from desktop.map_sheet import MapSheet
from desktop.seat import Seat
from desktop.selection import Ranked, RankedWorker
from desktop.style.type_face import SMALL_PX, face
from governance.places import LonLat

if TYPE_CHECKING:
    from desktop.map_panel import MapPanel

WIDEST_PX, PAD_PX, APART_PX, DOT_PX, PLACE_PX, PIN_PX = 250.0, 5.0, 14.0, 11.0, 9.0, 24.0
MOST = 9
ROWS = (0, -1, 1, -2, 2, -3, 3)
"""Where beside a dot there is room for what is said: at its height, else so many lines above or below."""


@dataclass(frozen=True, slots=True)
class Label:
    """What is said beside one, and where it found room; None where it found none."""

    person: RankedWorker
    number: int
    at: QPointF
    text: str
    """One line, or two where one is too long."""
    box: QRectF | None


class CandidateLines(MapSheet):
    """Hidden while nobody is being chosen. Main thread only."""

    on_paper = "paper.mark.candidates"
    tells_of_people = True

    def __init__(self, seat: Seat, panel: MapPanel) -> None:
        """Nobody yet."""
        self._ranked: Ranked | None = None
        super().__init__(seat, panel)
        seat.selection.ranked_changed.connect(self._show)
        seat.selection.pointed_changed.connect(self._pointed)
        panel.fix_shown.connect(self._moved)

    def has_something(self) -> bool:
        """Whether anybody is being chosen from."""
        return self._ranked is not None and bool(self._ranked.people) and self._seat.held_back is None

    def follow_canvas(self) -> None:
        """Whom the pointer is at on the canvas there is now is so in the lists."""
        super().follow_canvas()
        self._panel.canvas.hovered.connect(self._hovered)

    def places(self) -> list[LonLat]:
        """The place and where those who could go are: what a view has to show."""
        return [] if self._ranked is None else [self._ranked.place, *(place for _, place in self._people())]

    def labels(self) -> list[Label]:
        """Everybody who has a position, with what is said beside him where there is room; the pointed and chosen first."""
        if self._ranked is None or self._panel.geometry_shown is None:
            return []
        people = self._people()
        spots = self.screen_of([place for _, place in people])
        taken = [QRectF(spot.x() - DOT_PX, spot.y() - DOT_PX, 2 * DOT_PX, 2 * DOT_PX) for spot in spots]
        target = self.screen_of([self._ranked.place])[0]
        taken.append(QRectF(target.x() - PIN_PX, target.y() - 2 * PIN_PX, 2 * PIN_PX, 2 * PIN_PX + PLACE_PX))
        taken += [QRectF(*box) for box in self._covered()] if self._paper is None else []
        numbers = {each.worker: number for number, each in enumerate(self._ranked.people, start=1)}
        order = sorted(range(len(people)), key=lambda n: (people[n][0].worker not in self._marked(), n))
        found: dict[int, Label] = {}
        for n in order:
            person, number = people[n][0], numbers[people[n][0].worker]
            text = self._text(person, number)
            box = self._room_for(spots[n], text, taken)
            if box is not None:
                taken.append(box)
            found[n] = Label(person, number, spots[n], text, box)
        return [found[n] for n in range(len(people))]

    def draw_marks(self, painter: QPainter) -> None:
        """The lines, the place, and what is said beside each; greyed and dashed who is out of the run."""
        if self._ranked is None:
            return
        target, labels = self.screen_of([self._ranked.place])[0], self.labels()
        last = sorted(labels, key=lambda label: label.person.worker in self._marked())
        for label in last:
            self._line(painter, label, target)
        focus = QColor(self.ink.focus)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in (QPen(QColor(self.ink.ground), 4.5), QPen(focus, 2.0)):
            painter.setPen(pen)
            painter.drawEllipse(target, PLACE_PX, PLACE_PX)
        for label in last:
            self._label(painter, label)

    # ---- within --------------------------------------------------------------------------------------------------

    def _show(self, ranked: Ranked | None) -> None:
        self._ranked = ranked
        self.refresh()

    def _hovered(self, kind: str, name: str) -> None:
        workers = self._seat.situation.workers
        row = workers.row_of_number(int(name)) if kind == "worker" else None
        self._seat.selection.point_at(workers.ids[row] if row is not None else None)

    def _pointed(self, _worker: UUID | None) -> None:
        if self.isVisible():
            self.update()

    def _moved(self, rows: NDArray[np.int32]) -> None:
        """Somebody moved: lines follow those who are chosen from."""
        if self._ranked is None or not self.isVisible():
            return
        row_of = self._seat.situation.workers.row_of
        if not set(rows.tolist()).isdisjoint(row_of.get(each.worker, -1) for each in self._ranked.people):
            self.update()

    def _people(self) -> list[tuple[RankedWorker, LonLat]]:
        assert self._ranked is not None, "somebody is chosen from"
        workers = self._seat.situation.workers
        found = ((each, workers.place(each.worker)) for each in self._ranked.people[:MOST])
        return [(each, place) for each, place in found if place is not None]

    def _marked(self) -> set[UUID | None]:
        """Who is chosen and who is pointed at."""
        return {self._ranked.chosen if self._ranked else None, self._seat.selection.pointed} - {None}

    def _text(self, person: RankedWorker, number: int) -> str:
        name, sep = f"{number} {person.name}", self._seat.words("sep")
        metrics = QFontMetricsF(face(SMALL_PX))
        if metrics.horizontalAdvance(f"{name}{sep}{person.why}") <= WIDEST_PX:
            return f"{name}{sep}{person.why}"
        is_marked = person.worker in self._marked()
        return f"{name}\n{person.why if is_marked else fitting(person.why.split(sep), sep, metrics)}"

    def _covered(self) -> list[tuple[float, float, float, float]]:
        boxes = self._panel.canvas.furniture.covered()
        return [(left, top, right - left, bottom - top) for left, top, right, bottom in boxes.tolist()]

    def _room_for(self, spot: QPointF, text: str, taken: list[QRectF]) -> QRectF | None:
        """A free box beside, below or above somebody; None where all of them are taken or off the map."""
        metrics = QFontMetricsF(face(SMALL_PX))
        lines = text.split("\n")
        wide = max(metrics.horizontalAdvance(line) for line in lines) + 2 * PAD_PX
        high = len(lines) * metrics.height() + 4.0
        x, y = spot.x(), spot.y()
        beside = [(side, y - high / 2 + step * (high + 3.0)) for step in ROWS for side in (x + APART_PX, x - APART_PX - wide)]
        for left, top in (*beside[:2], (x - wide / 2, y + APART_PX), (x - wide / 2, y - APART_PX - high), *beside[2:]):
            box = QRectF(left, top, wide, high)
            if self.room.contains(box) and not any(box.intersects(other) for other in taken):
                return box
        return None

    def _line(self, painter: QPainter, label: Label, target: QPointF) -> None:
        is_marked, is_out = label.person.worker in self._marked(), label.person.is_out
        colour = QColor(self.ink.dim if is_out else self.ink.focus if is_marked else self.ink.map.candidate)
        width = 2.6 if is_marked else 1.4
        for pen in (QPen(QColor(self.ink.ground), width + 2.4), QPen(colour, width)):
            if is_out:
                pen.setStyle(Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.drawLine(*between(label.at, target, DOT_PX - 1.0, PLACE_PX))
        if is_marked:
            painter.setPen(QPen(colour, 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(label.at, DOT_PX + 2.0, DOT_PX + 2.0)

    def _label(self, painter: QPainter, label: Label) -> None:
        if label.box is None:
            return
        is_marked, is_out = label.person.worker in self._marked(), label.person.is_out
        painter.setFont(face(SMALL_PX))
        painter.setPen(QPen(QColor(self.ink.focus if is_marked else self.ink.line), 1.0))
        painter.setBrush(QColor(self.ink.chosen if is_marked else self.ink.panel))
        painter.drawRoundedRect(label.box, 3.0, 3.0)
        painter.setPen(QColor(self.ink.dim if is_out and not is_marked else self.ink.text))
        lines = label.text.count("\n")
        inner = label.box.adjusted(PAD_PX, 0, -PAD_PX, 0)
        painter.drawText(
            inner,
            Qt.AlignmentFlag.AlignVCenter | (Qt.AlignmentFlag.AlignLeft if lines else Qt.AlignmentFlag.AlignHCenter),
            label.text,
        )


def fitting(reasons: list[str], sep: str, metrics: QFontMetricsF) -> str:
    """As many of the reasons, the first of them first, as one line has room for; the tooltip has them all."""
    count = len(reasons)
    while count > 1 and metrics.horizontalAdvance(sep.join(reasons[:count])) > WIDEST_PX:
        count -= 1
    return metrics.elidedText(sep.join(reasons[:count]), Qt.TextElideMode.ElideRight, WIDEST_PX)


def between(begin: QPointF, end: QPointF, from_px: float, to_px: float) -> tuple[QPointF, QPointF]:
    """The part of a line that leaves the marks at both of its ends free."""
    along = end - begin
    length = max((along.x() ** 2 + along.y() ** 2) ** 0.5, 1e-6)
    if length <= from_px + to_px:
        return begin, begin
    return begin + along * (from_px / length), end - along * (to_px / length)
