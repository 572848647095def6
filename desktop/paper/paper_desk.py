"""What leaves one officer's desk: the map as a file, briefings in the browser. Main thread only."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, QPoint, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.indicators.csv_file import require_writable
from desktop.map.scene import Geometry
from desktop.paper.brief import Brief, Briefing
from desktop.paper.leaving import Asked, is_confidential
from desktop.paper.map_content import map_sheet
from desktop.paper.map_sheet import MapSheet
from desktop.paper.on_record import as_it_was, put_on_record
from desktop.paper.page import page_of
from desktop.paper.pages_kept import PagesKept, written
from desktop.paper.paper_panel import AREAS, PaperPanel
from desktop.phrases import SHANGHAI, refusal_sentence
from desktop.seat import Seat
from desktop.words import Words
from gis_data.town.plane import Plane
from governance.refusal import Refused

EDGE_PX = 12
DIALOG_WORDS = {
    QFileDialog.DialogLabel.LookIn: "in",
    QFileDialog.DialogLabel.FileName: "name",
    QFileDialog.DialogLabel.FileType: "type",
    QFileDialog.DialogLabel.Accept: "accept",
    QFileDialog.DialogLabel.Reject: "reject",
}
"""What Qt's own dialog would say in English, whatever the officer's language."""
LETTERS_OUT = str.maketrans(dict.fromkeys('/\\:*?"<>|', "-"))

log = logging.getLogger(__name__)


class PaperDesk(QObject):
    """The panel and what its buttons do."""

    closed = Signal()
    """The panel was closed: the keys go back."""
    _made = Signal(int, object)
    """Number of the wish, and the page or what went wrong; from the thread that makes it."""

    def __init__(self, seat: Seat, map_panel: Any, window: QWidget) -> None:
        """Over the window of one officer."""
        super().__init__(window)
        self._seat, self._map, self._window = seat, map_panel, window
        self.panel = PaperPanel(seat, window)
        self.panel.has_subject = lambda: self._subject() is not None
        self.panel.is_past = lambda: getattr(self._map, "past", None) is not None
        self.panel.wanted.connect(self._wish)
        self.panel.closed.connect(self.step_out)
        self.pages = PagesKept(seat.folder.home / "briefings")
        self.browse: Callable[[QUrl], bool] = QDesktopServices.openUrl
        """How a page comes before the officer's eyes."""
        self._number = 0
        self._made.connect(self._show_page)

    def acts(self) -> dict[str, Callable[[], object]]:
        """What each action of the key table does that is about leaving the desk."""
        return {"print_map": self.switch, "briefing": self.brief}

    def switch(self) -> None:
        """Open the panel over the map, or close it."""
        if not self.step_out():
            self._open()

    def step_out(self) -> bool:
        """Close the panel; whether it was open."""
        if not self.panel.isVisible():
            return False
        self.panel.hide()
        self.closed.emit()
        return True

    def retell(self) -> None:
        """Say everything again, in the language of now."""
        if self.panel.isVisible():
            self.panel.retell()

    def put_away(self) -> None:
        """The officer leaves: no page of his stays."""
        self._number += 1
        self.panel.hide()
        self.pages.remove_all()

    def _open(self) -> None:
        """Below the buttons of the map, or at the window's own corner while the map is not in it."""
        within, room = self._window.isAncestorOf(self._map), getattr(self._map, "below_strip", None)
        corner = self._map.mapTo(self._window, QPoint(EDGE_PX, EDGE_PX)) if within else QPoint(EDGE_PX, EDGE_PX)
        self.panel.open_at(corner.x(), corner.y() + (room - EDGE_PX + 9 if room is not None else 0))

    def _geometry(self) -> Geometry:
        geometry: Geometry | None = getattr(self._map, "geometry_shown", None)
        if geometry is None:
            raise Refused("no_map")
        return geometry

    def _wish(self, name: str) -> None:
        if name in ("pdf", "png"):
            self._choose_file(name)
        else:
            self._brief_about(name, self.panel.asked)

    def _refuse(self, no: Refused) -> None:
        """Say why, where the officer can do better."""
        if not self.panel.isVisible():
            self._open()
        self.panel.say(refusal_sentence(self._seat.words, no), "refused")

    # ---- the map as a file ----------------------------------------------------------------------------------------

    def file_name(self, kind: str) -> str:
        """A name that says what and when."""
        past = getattr(self._map, "past", None)
        at = (past.moment() if past is not None else self._seat.now()).astimezone(SHANGHAI).strftime("%Y-%m-%d %H%M")
        name = self._seat.words("paper.file" if past is None else "paper.file.then", town=self._seat.situation.town.name, at=at)
        return f"{name.translate(LETTERS_OUT)}.{kind}"

    def _choose_file(self, kind: str) -> None:
        """Ask where to; nothing waits meanwhile."""
        try:
            self._geometry()
        except Refused as no:
            self._refuse(no)
            return
        words = self._seat.words
        start = str(Path.home() / self.file_name(kind))
        dialog = QFileDialog(self._window, words("paper.save.title"), start, f"{kind.upper()} (*.{kind})")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(kind)
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        for label, key in DIALOG_WORDS.items():
            dialog.setLabelText(label, words(f"paper.save.{key}"))
        dialog.fileSelected.connect(lambda chosen: self.export_to(Path(chosen), self.panel.asked))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def export_to(self, file: Path, asked: Asked) -> None:
        """The map as it is now stands in a file, a PNG where its name says so and else a PDF; or the panel says why not.

        Where it shows what is confidential, or what was selected on the map, that is on record at the server before.
        """
        try:
            self._geometry()
            require_writable(file)
            seat = self._map.seat_shown
            sheet = map_sheet(seat, self._map, asked)
        except Refused as no:
            self._refuse(no)
            return
        selected, tracks = self._map.tools.selected(), self._tracks(asked)
        if not sheet.secret and selected is None and not tracks:
            self._write(file, sheet, None)
            return

        def recorded(number: UUID | None, no: Refused | None) -> None:
            if no is not None:
                self._refuse(no)
            else:
                self._write(file, sheet, number)

        self._tell_waiting()
        count, shape = selected or (0, "")
        chosen = {"figure": sheet.figure, "shape": shape, "format": file.suffix.lower(), **as_it_was(seat)}
        chosen |= {"tracks": " ".join(tracks)} if tracks else {}
        put_on_record(self._seat, "map", max(count, len(tracks)), sheet.secret, chosen, recorded)

    def _tracks(self, asked: Asked) -> tuple[str, ...]:
        """Whose tracks go on paper with the map, by their numbers."""
        past, visible = self._map.past, self._map.canvas.shown.layer_visible["tracks"]
        if past is None or not past.tracks or not asked.people or not visible:
            return ()
        return tuple(track.id for track in past.tracks)

    def _write(self, file: Path, sheet: MapSheet, number: UUID | None) -> None:
        no_file = written(file, sheet.png() if file.suffix.lower() == ".png" else sheet.pdf())
        if no_file is not None:
            self._refuse(no_file)
            return
        if not self.panel.isVisible():
            self._open()
        key = "paper.saved" if number is None else "paper.saved.recorded"
        self.panel.say(self._seat.words(key, file=str(file), number=number), "live")

    def _tell_waiting(self) -> None:
        if self.panel.isVisible():
            self.panel.say(self._seat.words("paper.recording"), "dim")

    # ---- briefings ------------------------------------------------------------------------------------------------

    def brief(self) -> None:
        """A page about the selected incident; where none is selected, about the middle of the map."""
        asked = self.panel.asked if self.panel.isVisible() else Asked()
        self._brief_about("incident" if self._subject() is not None else "place", asked)

    def _subject(self) -> UUID | None:
        """The incident a page would be about: the selected one; in the past rather the one that is watched."""
        past = getattr(self._map, "past", None)
        return (past.looked_at if past is not None else None) or self._seat.selection.incident

    def brief_area(self, code: str) -> None:
        """A page about a grid, community or street."""
        asked = self.panel.asked if self.panel.isVisible() else Asked()
        self._make(lambda briefing: briefing.of_area(code), asked)

    def _brief_about(self, subject: str, asked: Asked) -> None:
        seat = self._seat
        chosen, past = self._subject(), getattr(self._map, "past", None)
        known = seat.situation.cases.get if past is None else past.case
        case = known(chosen) if chosen is not None else None
        centre = getattr(self._map, "centre", lambda: None)()
        grid = seat.grid_at(centre.lon, centre.lat) if centre is not None else ""
        if subject == "incident":
            if case is None:
                self._refuse(Refused("not_there_then" if past is not None and chosen is not None else "no_incident"))
            elif is_confidential(case) and not asked.confidential:
                self._refuse(Refused("paper_confidential"))
            else:
                self._make(lambda briefing: briefing.of_incident(case), asked)
        elif subject == "place" or not grid:
            self._make(lambda briefing: briefing.of_place(centre) if centre is not None else None, asked)
        else:
            self.brief_area(grid[: AREAS[subject]])

    def _make(self, gather: Callable[[Briefing], Brief | None], asked: Asked) -> None:
        """Gather what is told now; the page is made beside the main thread, for it takes a second or two."""
        try:
            geometry = self._geometry()
            seat = getattr(self._map, "seat_shown", self._seat)
            brief = gather(Briefing(seat, geometry, asked))
            if brief is None:
                raise Refused("no_map")
        except Refused as no:
            self._refuse(no)
            return
        self._number += 1
        if not brief.secret:
            self._print(brief, geometry)
            return
        wish = self._number

        def recorded(_record: UUID | None, no: Refused | None) -> None:
            if wish != self._number:
                return
            if no is not None:
                self._refuse(no)
            else:
                self._print(brief, geometry)

        self._tell_waiting()
        told = {"title": brief.title, **as_it_was(seat)}
        put_on_record(self._seat, "briefing", brief.count, brief.secret, told, recorded)

    def _print(self, brief: Brief, geometry: Geometry) -> None:
        """Make the page beside the main thread."""
        if self.panel.isVisible():
            self.panel.say(self._seat.words("paper.working"), "dim")
        apart = replace(geometry, plane=Plane(geometry.plane.origin))  # a plane serves one thread at a time
        words, source = Words(brief.language), self._map.canvas.furniture.attribution.text()
        work = (self._number, brief, apart, words, source)
        threading.Thread(target=self._work, args=work, name="briefing", daemon=True).start()

    def _work(self, number: int, brief: Brief, geometry: Geometry, words: Words, source: str) -> None:
        try:
            made: object = page_of(brief, geometry, words, source)
        except Exception as problem:
            log.exception("the briefing could not be made")
            made = problem
        self._made.emit(number, made)

    def _show_page(self, number: int, made: object) -> None:
        """The page is there: into a file of the officer's own, and before his eyes."""
        if number != self._number:
            return
        try:
            if not isinstance(made, str):
                raise Refused("paper_not_drawn", why=str(made))
            file = self.pages.keep(made)
            if not self.browse(QUrl.fromLocalFile(str(file))):
                raise Refused("paper_no_browser", file=str(file))
        except Refused as no:
            self._refuse(no)
            return
        if self.panel.isVisible():
            self.panel.say(self._seat.words("paper.opened"), "live")
