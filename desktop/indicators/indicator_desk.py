"""The indicators of one officer's desk: asks for them, shows them, writes them to a file. Main thread only."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.indicators.csv_file import require_writable, write
from desktop.indicators.freezing import Freezing
from desktop.indicators.indicator_view import IndicatorView
from desktop.phrases import moment_text, refusal_sentence
from desktop.seat import Seat
from governance.indicator_csv import table
from governance.indicators import Month
from governance.refusal import Refused
from wire.indicator_requests import ExportIndicators, IndicatorsAre, ReadIndicators

STAYS = frozenset({"indicators", "back", "keys", "language", "theme", "seen", "mute", "send"})
"""Actions that leave the sheet where it is."""
Answer = Callable[[Any, Refused | None], None]
Ask = Callable[[Any, Answer], None]


class IndicatorDesk(QObject):
    """What the action `indicators` opens. Nothing is asked for before it is opened."""

    closed = Signal()
    """The sheet was closed: the keys go back."""

    def __init__(self, seat: Seat, ask: Ask) -> None:
        """`ask` puts a question to the server and answers once, on the main thread."""
        super().__init__()
        self._seat, self._ask = seat, ask
        self._asked = 0
        self.view = IndicatorView(seat)
        self.view.wanted.connect(self.read)
        self.view.export_wanted.connect(self._choose_file)
        self.freezing = Freezing(seat, ask, self.view, self.read, self)

    def live_in(self, window: QWidget, room: Callable[[], QRect]) -> None:
        """The sheet lies over this window, within the room between its bars."""
        self.setParent(window)
        self.view.room = room
        self.view.setParent(window)
        self.view.hide()
        window.installEventFilter(self.view)

    def acts(self) -> dict[str, Callable[[], object]]:
        """What the action of the key table does."""
        return {"indicators": self.switch}

    def switch(self) -> None:
        """Show the indicators, or put them away."""
        if not self.step_out():
            self.view.begin()
            self.read()

    def step_out(self) -> bool:
        """Put the sheet away; whether it was there."""
        if not self.view.isVisible():
            return False
        if self.freezing.disarm():
            return True
        self.view.hide()
        self.closed.emit()
        return True

    def send(self) -> bool:
        """Ctrl+Enter: freeze or publish the month, when it was confirmed; whether the sheet had the keys."""
        if not self.view.isVisible():
            return False
        self.freezing.go()
        return True

    def leave_for(self, name: str) -> None:
        """Another action is done: those that would work behind the sheet put it away."""
        if name not in STAYS:
            self.freezing.disarm()
            self.step_out()

    def retell(self) -> None:
        """Say everything again, in the language and the colours of now."""
        if self.view.isVisible():
            self.view.retell()

    def read(self) -> None:
        """Ask for what is chosen; an answer to an earlier choice is not shown any more."""
        view = self.view
        wish = ReadIndicators(0, view.chosen_month(), view.chosen_area(), view.chosen_boundaries(), view.chosen_by())
        self._asked += 1
        number = self._asked
        self.freezing.disarm()
        view.wait()

        def came(reply: Any, refused: Refused | None) -> None:
            if number != self._asked:
                return
            if refused is not None:
                view.tell(refusal_sentence(self._seat.words, refused), "refused")
                view.empty.setText(self._seat.words("indicators.none"))
            elif isinstance(reply, IndicatorsAre):
                view.show_month(reply)

        self._ask(wish, came)

    # ---- into a file -----------------------------------------------------------------------------------------------

    def _choose_file(self) -> None:
        """Ask where to; nothing waits meanwhile."""
        words, view = self._seat.words, self.view
        name = words("indicators.export.file", area=view.area.currentText().strip(), month=view.chosen_month())
        dialog = QFileDialog(view, words("indicators.export.title"), str(Path.home() / name), "CSV (*.csv)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.fileSelected.connect(lambda chosen: self.export_to(Path(chosen)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def export_to(self, file: Path) -> None:
        """Write what is shown to a file: first whether it can be written, then the record at the server, then the file."""
        view, shown = self.view, self.view.reply
        if shown is None:
            return
        try:
            require_writable(file)
        except Refused as no:
            view.tell(refusal_sentence(self._seat.words, no), "refused")
            return

        def came(reply: Any, refused: Refused | None) -> None:
            if refused is None and isinstance(reply, IndicatorsAre):
                refused = self._written(file, reply)
            if refused is not None:
                view.tell(refusal_sentence(self._seat.words, refused), "refused")

        self._ask(ExportIndicators(0, shown.month, shown.area, shown.boundaries, shown.by), came)

    def _written(self, file: Path, reply: IndicatorsAre) -> Refused | None:
        """The file stands, and the sheet says so; else why not."""
        words, seat = self._seat.words, self._seat
        at = moment_text(seat.now(), seat.now())
        remark = words("indicators.export.remark", number=reply.export, name=seat.officer.name, at=at)
        month = Month.of(reply.month)
        said = lambda key: words(f"indicators.csv.{key}")  # noqa: E731
        text = table(
            month, reply.boundaries, reply.state, reply.definitions, reply.figures, reply.names, said, words.language, remark
        )
        try:
            write(file, text)
        except Refused as no:
            return no
        self.view.tell(words("indicators.exported", rows=len(reply.figures), file=file, number=reply.export), "live")
        return None
