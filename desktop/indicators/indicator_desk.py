"""The indicators of one officer's desk: asks for them, shows them, writes them to a file. Main thread only."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog

from desktop.indicators.csv_file import require_writable, write
from desktop.indicators.freezing import Freezing
from desktop.indicators.indicator_view import IndicatorView
from desktop.phrases import moment_text, refusal_sentence
from desktop.seat import Seat
from desktop.sheet import Ask, Sheet
from governance.indicator_csv import table
from governance.indicators import Month
from governance.refusal import Refused
from wire.indicator_requests import ExportIndicators, IndicatorsAre, ReadIndicators


class IndicatorDesk(Sheet):
    """What the action `indicators` opens. Nothing is asked for before it is opened."""

    def __init__(self, seat: Seat, ask: Ask) -> None:
        """`ask` puts a question to the server and answers once, on the main thread."""
        self.view = IndicatorView(seat)
        super().__init__("indicators", self.view)
        self._seat, self._ask = seat, ask
        self._asked = 0
        self.view.wanted.connect(self.read)
        self.view.export_wanted.connect(self._choose_file)
        self.freezing = Freezing(seat, ask, self.view, self.read, self)

    def acts(self) -> dict[str, Callable[[], object]]:
        """What the action of the key table does."""
        return {"indicators": self.switch}

    def come(self) -> None:
        """Show the indicators, and ask for them."""
        self.view.begin()
        self.read()

    def step_within(self) -> bool:
        """Out of what is to be confirmed."""
        return self.freezing.disarm()

    def put_away(self) -> None:
        """Nothing is confirmed on a sheet that is not there."""
        self.freezing.disarm()

    def send(self) -> bool:
        """Ctrl+Enter: freeze or publish the month, when it was confirmed; whether the sheet had the keys."""
        if not self.view.isVisible():
            return False
        self.freezing.go()
        return True

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
