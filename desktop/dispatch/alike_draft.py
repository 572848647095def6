"""What is open and may be the same as a report that is being typed: listed, chosen by Alt and a number, never merged unseen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.dispatch.case_view import state_text
from desktop.dispatch.category_clues import suggestion
from desktop.dispatch.merge_list import Line, MergeList
from desktop.phrases import ago, distance, title_of
from desktop.seat import Seat
from governance.duplicates import MOST, Alike, alike_to_draft, is_repeatable, repeated_by
from governance.incident import Case
from governance.joining import OPEN_MASTER
from governance.places import LonLat

LOOK_MS = 60


@dataclass(frozen=True, slots=True)
class Typed:
    """What a report says so far."""

    text: str = ""
    place: LonLat | None = None
    place_text: str = ""
    category: str = ""


class AlikeDraft(QWidget):
    """Up to three rows while a report is typed, and one that it may repeat. Wish: `chosen` when another was chosen, or none."""

    chosen = Signal()

    def __init__(self, seat: Seat, typed: Callable[[], Typed]) -> None:
        """Nothing yet; `typed` tells what the report says when it is looked at."""
        super().__init__()
        self._seat, self._typed = seat, typed
        self.target: UUID | None = None
        """The incident the report is attached to; None: it becomes one of its own."""
        self.repeat: UUID | None = None
        """The closed incident that it is said to repeat."""
        self.listed: tuple[Alike, ...] = ()
        self.repeated: UUID | None = None
        self._kinds: dict[str, str] = {}
        """Category that the words of an open report speak for, by these words."""
        self.heading, self.list, self.again, self.told = QLabel(), MergeList(seat), QPushButton(), QLabel()
        self.heading.setProperty("look", "urgent")
        self.told.setProperty("look", "live")
        self.again.setProperty("look", "choice")
        self.again.setCheckable(True)
        self.again.setAutoDefault(False)
        self.again.setMinimumWidth(80)
        for label in (self.heading, self.told):
            label.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for part in (self.heading, self.list, self.again, self.told):
            column.addWidget(part)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(LOOK_MS)
        self._pause.timeout.connect(self.look)
        self.list.toggled.connect(self._toggle)
        self.list.led.connect(self._toggle)
        self.again.clicked.connect(self._mark)
        for number in range(MOST + 1):
            key = QShortcut(QKeySequence(f"Alt+{number}"), self)
            key.setContext(Qt.ShortcutContext.WindowShortcut)
            key.setAutoRepeat(False)
            key.activated.connect(lambda row=number - 1: self._toggle(row) if row >= 0 else self._mark())
        self.look()

    def begin_looking(self) -> None:
        """Something was typed: look as soon as the hand rests for a moment."""
        self._pause.start()

    def stop(self) -> None:
        """Look no more."""
        self._pause.stop()

    def attach_to(self, incident: UUID) -> None:
        """Attach to an incident that was named, whether it is alike or not."""
        self.target, self.repeat = incident, None
        self.look()
        self.chosen.emit()

    def look(self) -> None:
        """Find what is alike now; what was chosen stays chosen while it can take the report."""
        seat, typed = self._seat, self._typed()
        cases, rules, now = seat.situation.cases, seat.situation.rules, seat.now()
        words = typed.text, typed.place
        found = alike_to_draft(*words, typed.category, now, cases.values(), rules, typed.place_text)
        clue = suggestion(rules, typed.text) if not typed.category else None
        if clue is not None:  # callers name one thing in many words: what the words mean counts beside the words
            more = alike_to_draft(*words, clue.code, now, cases.values(), rules, typed.place_text, kind_of=self._kind_of)
            known = {each.incident for each in found}
            found = (*found, *(each for each in more if each.incident not in known))[:MOST]
        category = typed.category or (clue.code if clue is not None else "")
        before = repeated_by(*words, category, now, cases.values(), rules, typed.place_text)
        self.repeated = before.incident if before is not None and not found else None
        if self.target is not None and not self._takes(self.target):
            self.target = None
        if self.repeat is not None and self.repeat != self.repeated and not self._was_closed(self.repeat):
            self.repeat = None
        self.listed = found
        self._tell()

    # ---- within ------------------------------------------------------------------------------------------------

    def _kind_of(self, text: str) -> str:
        """What the words of an open report speak for; kept, since it is asked at every key."""
        if text not in self._kinds:
            clue = suggestion(self._seat.situation.rules, text)
            self._kinds[text] = clue.code if clue is not None else ""
        return self._kinds[text]

    def _takes(self, incident: UUID) -> bool:
        case = self._seat.situation.cases.get(incident)
        return case is not None and case.incident.state in OPEN_MASTER

    def _was_closed(self, incident: UUID) -> bool:
        case = self._seat.situation.cases.get(incident)
        return case is not None and is_repeatable(case.incident, self._seat.now())

    def _rows(self) -> tuple[UUID, ...]:
        """What is listed, and before it what was named without being alike."""
        rows = tuple(each.incident for each in self.listed)
        return rows if self.target is None or self.target in rows else (self.target, *rows)

    def _toggle(self, number: int) -> None:
        rows = self._rows()
        if not 0 <= number < len(rows):
            return
        self.target, self.repeat = (None if self.target == rows[number] else rows[number]), None
        self._tell()
        self.chosen.emit()

    def _mark(self) -> None:
        if self.repeated is None:
            return
        self.repeat, self.target = (None if self.repeat == self.repeated else self.repeated), None
        self._tell()
        self.chosen.emit()

    def _tell(self) -> None:
        words, cases, rows = self._seat.words, self._seat.situation.cases, self._rows()
        self.list.show_lines(tuple(self._line(cases[i]) for i in rows if i in cases))
        self.list.setVisible(bool(rows))
        self.heading.setText(words("alike.heading", count=len(rows)) if rows else words("alike.repeat"))
        self.heading.setVisible(bool(rows) or self.repeated is not None)
        case = cases.get(self.repeated) if self.repeated is not None else None
        self.again.setVisible(case is not None)
        self.again.setChecked(self.repeat is not None)
        if case is not None:
            self.again.setText(f"0  {self._closed(case)}")
            tip = words(
                "alike.tip.repeat", number=case.incident.number, title=title_of(words, self._seat.situation.rules, case)
            )
            self.again.setToolTip(tip)
        target = cases.get(self.target) if self.target is not None else None
        repeat = cases.get(self.repeat) if self.repeat is not None else None
        said = words("alike.chosen", number=target.incident.number) if target is not None else ""
        said = words("alike.repeat.chosen", number=repeat.incident.number) if repeat is not None else said
        self.told.setText(said)
        self.told.setVisible(bool(said))
        self.setVisible(not self.heading.isHidden() or bool(said))

    def _line(self, case: Case) -> Line:
        words, seat, incident = self._seat.words, self._seat, case.incident
        found = next((each for each in self.listed if each.incident == incident.id), None)
        title = words("sep").join((incident.number.rpartition("-")[2], title_of(words, seat.situation.rules, case)))
        parts = [
            distance(words, found.distance_m) if found is not None else "",
            ago(words, incident.reported_at, seat.now()),
            state_text(words, case),
            words("alike.reports", count=len(case.reports)) if len(case.reports) > 1 else "",
        ]
        return Line(title, words("sep").join(part for part in parts if part), False, incident.id == self.target)

    def _closed(self, case: Case) -> str:
        words, seat = self._seat.words, self._seat
        since = case.incident.closed_at or case.incident.reported_at
        title = title_of(words, seat.situation.rules, case)
        ended = words("alike.closed", ago=ago(words, since, seat.now()))
        return words("sep").join((case.incident.number.rpartition("-")[2], title, ended))
