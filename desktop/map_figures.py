"""By what the map colours and raises its grids: chosen apart, kept for this workstation, asked of the server if need be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from desktop.figure_legend import FigureLegend, LegendTold
from desktop.grid_classes import CLASSES, FIGURES, UNKNOWN, VISITED, GridTold, classes_of, counted, days_ago, drawn
from desktop.map.grid_figures import GridFigures
from desktop.phrases import clock_text, moment_text, refusal_sentence
from desktop.seat import Seat
from governance.deadline import has_missed
from governance.incident import TERMINAL, Case
from governance.refusal import Refused
from wire.visited_requests import ReadVisited, VisitedAre

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop.map_panel import MapPanel
    from desktop.past_shown import PastShown

COLOURS = (*FIGURES, "off")
FILE = "map_figures"
LOAD_PAUSE_MS = 400
"""Changes are gathered: the grids are coloured anew two or three times a second at most."""
ASK_EVERY_MS, FRESH_S, OLD_S = 60_000, 60.0, 180.0


class MapFigures(QObject):
    """The figures of one map panel. Main thread only."""

    chosen = Signal()
    """Something else is shown than before, or otherwise."""

    def __init__(self, seat: Seat, panel: MapPanel) -> None:
        """As this workstation was left; nothing is asked of the server yet."""
        super().__init__(panel)
        self._seat, self._panel = seat, panel
        kept = seat.folder.read(FILE)
        self.colour = kept["colour"] if kept.get("colour") in COLOURS else "open"
        self.height = kept["height"] if kept.get("height") in FIGURES else "open"
        self.raised: bool | None = kept["raised"] if kept.get("raised") in (True, False) else None
        self.lit: int | None = None
        self.reply: VisitedAre | None = None
        self.refused: Refused | None = None
        self._known: tuple[object, tuple[NDArray[np.int64], NDArray[np.int64]]] | None = None
        self._is_asking = False
        self.legend: FigureLegend | None = None
        self.past: PastShown | None = None
        """The past that is shown; None in the present."""
        self._due, self._minute = QTimer(self), QTimer(self)
        for timer, pause_ms in ((self._due, LOAD_PAUSE_MS), (self._minute, ASK_EVERY_MS)):
            timer.setSingleShot(True)
            timer.setInterval(pause_ms)
        self._due.timeout.connect(self.show_now)
        self._minute.timeout.connect(self._pass_minute)
        self._minute.start()

    def live_in(self, canvas: Any) -> None:
        """Show on a canvas, with the legend in its list of layers."""
        self.legend = FigureLegend(self._seat, canvas.shown.colours.load)
        self.legend.colour_wanted.connect(self.colour_by)
        self.legend.height_wanted.connect(self.raise_by)
        self.legend.class_wanted.connect(self.point_out)
        self.legend.seen.connect(self.tell)
        canvas.furniture.layers.hold(self.legend)
        canvas.set_raised(self.raised)
        self.tell()

    # ---- what is chosen -------------------------------------------------------------------------------------------

    def colour_by(self, figure: str) -> None:
        """Colour by a figure, or (off) not at all."""
        self.colour, self.lit = figure, None
        self._chosen()

    def raise_by(self, figure: str) -> None:
        """Raise by a figure."""
        self.height = figure
        self._chosen()

    def next_colour(self) -> None:
        """Colour by the next figure."""
        self.colour_by(COLOURS[(COLOURS.index(self.colour) + 1) % len(COLOURS)])

    def next_height(self) -> None:
        """Raise by the next figure."""
        self.raise_by(FIGURES[(FIGURES.index(self.height) + 1) % len(FIGURES)])

    def switch_raised(self) -> None:
        """Raise the grids always, never, or when the view is wide."""
        order: dict[bool | None, bool | None] = {None: True, True: False, False: None}
        self.raised = order[self.raised]
        self._panel.canvas.set_raised(self.raised)
        self._chosen()

    def point_out(self, number: int) -> None:
        """Point out the grids of a class; the same once more: none."""
        self.lit = None if number == self.lit or self.colour == "off" else number
        self.show_now()

    def next_class(self) -> None:
        """Point out the class that needs somebody most, then the next ones, then none."""
        if self.colour != "off":
            now = CLASSES if self.lit is None else self.lit
            self.lit = now - 1 if now > 0 else None
            self.show_now()

    def step_out(self) -> bool:
        """Point out nothing any more; False where nothing was."""
        had, self.lit = self.lit, None
        if had is not None:
            self.show_now()
        return had is not None

    def _chosen(self) -> None:
        self._seat.folder.write(FILE, {"colour": self.colour, "height": self.height, "raised": self.raised})
        self.ask()
        self.show_now()
        self.chosen.emit()

    # ---- what the server tells -------------------------------------------------------------------------------------

    def ask(self) -> None:
        """Ask how the grids were walked, where that is shown and was not told within the minute."""
        is_wanted = (self.colour in VISITED or self.height in VISITED) and self._panel.isVisible()
        if not is_wanted or self._seat.ask is None or self._is_asking or self._age_s() < FRESH_S - 5:
            return
        self._is_asking = True
        self._seat.ask(ReadVisited(0), self._came)

    def _came(self, reply: Any, refused: Refused | None) -> None:
        self._is_asking = False
        self.refused = refused
        if isinstance(reply, VisitedAre):
            self.reply = reply
        self.show_now()

    def _age_s(self) -> float:
        return (self._seat.now() - self.reply.at).total_seconds() if self.reply is not None else float("inf")

    def _pass_minute(self) -> None:
        self._minute.start()
        self.ask()
        self.show_soon()

    # ---- what is shown ---------------------------------------------------------------------------------------------

    def show_soon(self) -> None:
        """Show what changed, together with what changes within the next moment."""
        if not self._due.isActive():
            self._due.start()

    def show_now(self) -> None:
        """Colour and raise the grids, and say what the colours mean."""
        told = self.told()
        if told is not None:
            self._panel.canvas.set_grid_figures(self.figures(told))
        self.tell(at_once=False)

    def told(self, left_out: Iterable[Case] = ()) -> GridTold | None:
        """What is known of every grid, without some cases; None before there is a map."""
        geometry = self._panel.geometry_shown
        if geometry is None:
            return None
        load_of = self._seat.situation.load.of if self.past is None else self.past.load_of
        open_count, overdue = load_of(geometry.grids.codes)
        for case in left_out:
            number = geometry.grids.number_of.get(case.incident.grid)
            if number is not None and case.incident.state not in TERMINAL:
                open_count[number] -= 1
                overdue[number] -= has_missed(case)
        if self.past is not None:
            unknown = np.full(len(open_count), UNKNOWN, np.int64)
            return GridTold(open_count.clip(0), overdue.clip(0), unknown, unknown)
        visited, covered = self._columns(geometry.grids.number_of)
        return GridTold(open_count.clip(0), overdue.clip(0), covered, visited)

    def figures(self, told: GridTold) -> GridFigures:
        """How the grids look."""
        return drawn(told, self.colour, self.height, self.lit, self._seat.now().timestamp())

    def _columns(self, number_of: dict[str, int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        visited, covered = (np.full(len(number_of), UNKNOWN, np.int64) for _ in range(2))
        known_of = (id(self.reply), id(number_of))
        if self._known is not None and self._known[0] == known_of:
            return self._known[1]
        if self.reply is not None:
            rows = np.array([number_of.get(grid, UNKNOWN) for grid in self.reply.grids], np.int64)
            known = rows >= 0
            visited[rows[known]] = np.array(self.reply.visited, np.int64)[known]
            covered[rows[known]] = np.array(self.reply.covered, np.int64)[known]
        self._known = (known_of, (visited, covered))
        return visited, covered

    def tell(self, *, at_once: bool = True) -> None:
        """Say in the legend what is shown, in the language and the colours of now; else when it is next seen."""
        if self.legend is not None and (at_once or self.legend.isVisible()):
            as_of, is_old = self.as_of()
            told = LegendTold(self.colour, self.height, self.class_rows(), self.lit, as_of, "warn" if is_old else "dim")
            self.legend.tell(told, self._panel.canvas.shown.colours.load)
            self._panel.canvas.furniture.place()

    def class_rows(self, told: GridTold | None = None) -> tuple[tuple[str, int], ...]:
        """Name and number of grids of each class; those nothing is known of last, where there are any."""
        told = told or self.told()
        if told is None or self.colour == "off":
            return ()
        counts = counted(classes_of(told, self.colour, self._seat.now().timestamp()))
        names = [self._seat.words(f"figures.{self.colour}.{number}") for number in range(CLASSES)]
        rows = tuple(zip(names, counts, strict=False))
        return (*rows, (self._seat.words("figures.unknown"), counts[-1])) if counts[-1] else rows

    def as_of(self) -> tuple[str, bool]:
        """As of when the figures are, with their unit, and whether they are old or missing."""
        words, now = self._seat.words, self._seat.now()
        if self.past is not None:
            is_known = self.colour not in VISITED
            key = "figures.then" if is_known else "figures.then.unknown"
            return ("" if self.colour == "off" else words(key, at=moment_text(self.past.moment(), now))), not is_known
        if self.colour not in VISITED and self.height not in VISITED:
            return ("" if self.colour == "off" else words("figures.live", at=clock_text(now))), False
        if self.reply is None:
            why = refusal_sentence(words, self.refused) if self.refused is not None else words("figures.waiting")
            return why, self.refused is not None
        is_old = self._age_s() > OLD_S
        return words("figures.old" if is_old else "figures.as_of", at=moment_text(self.reply.at, now)), is_old

    def tip(self, grid: str) -> str:
        """Coverage and last visit of a grid in words; empty where the server did not tell."""
        if self.reply is None or grid not in self.reply.grids:
            return ""
        words, row = self._seat.words, self.reply.grids.index(grid)
        ended_s = self.reply.visited[row]
        days = int(days_ago(np.array([ended_s]), self._seat.now().timestamp())[0])
        when = "never" if ended_s == 0 else "today" if days == 0 else "days"
        said = words(f"figures.visited.{when}", days=days)
        return words("figures.tip", covered=self.reply.covered[row], visited=said)
