"""Why an officer looks: what he says is on record before a tile shows what the desk holds of a camera. Main thread only."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from desktop.camera_reasons import FAR_M
from desktop.paper.on_record import UNREACHED
from desktop.phrases import refusal_sentence
from desktop.seat import Seat
from governance.camera import Camera
from governance.camera_rights import LONGEST_REASON, REASON_FROM_SHARE, SHORTEST_REASON, Watching, words_wanted
from governance.refusal import Refused
from wire.camera_requests import RecordViewing

WIDE_PX, TOP_PX, SIDE_PX = 460, 10, 14
Then = Callable[[Refused | None], None]
"""Hears why it may not be, or None where it may; once, or never where the officer left or thought better of it."""


class ReasonLine(QFrame):
    """Over the tiles, hidden until a reason is asked for: one line; Enter gives it, Esc leaves."""

    def __init__(self, seat: Seat, over: QWidget) -> None:
        """Hidden."""
        super().__init__(over)
        self._seat, self._over = seat, over
        self._then: Callable[[str], None] | None = None
        self._before: QWidget | None = None
        self._about = ("", "")
        self.setProperty("look", "overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title, self.line, self.said = QLabel(), QLineEdit(), QLabel()
        self.title.setProperty("look", "name")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.line.setMaxLength(LONGEST_REASON)
        column = QVBoxLayout(self)
        column.setContentsMargins(SIDE_PX, 10, SIDE_PX, 10)
        column.setSpacing(8)
        for part in (self.title, self.line, self.said):
            column.addWidget(part)
        for label in (self.title, self.said):
            label.setWordWrap(True)
        self.line.installEventFilter(self)
        self.line.textChanged.connect(lambda _text: self._hint())
        self.hide()

    def ask(self, camera: str, doing: str, then: Callable[[str], None], why: str = "", said: str = "") -> None:
        """Ask why this is done with a camera; `why` says what was wrong with what was `said`, which stays to be changed."""
        if self.isHidden():
            self._before = self.window().focusWidget()
            self.line.setText(said)
        self._then, self._about = then, (camera, doing)
        self.retell()
        if why:
            self._tell(why, "refused")
        self.show()
        self.raise_()
        self._place()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Go; nothing is done."""
        self._then = None
        before, self._before = self._before, None
        self.hide()
        if before is not None and isValid(before) and self.window().isAncestorOf(before):
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def retell(self) -> None:
        """Say everything again, in the language of now."""
        camera, doing = self._about
        words = self._seat.words
        if doing:
            self.title.setText(words("viewing.title", doing=words(f"viewing.{doing}"), camera=camera))
        self.line.setPlaceholderText(words("viewing.hint"))
        self._hint()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter gives what is written, Esc leaves."""
        if watched is not self.line or not isinstance(event, QKeyEvent):
            return False
        key = Qt.Key(event.key())
        if event.type() == QEvent.Type.ShortcutOverride and key == Qt.Key.Key_Escape:
            event.accept()
            return True
        if event.type() != QEvent.Type.KeyPress or key not in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            return False
        if key == Qt.Key.Key_Escape:
            self.leave()
        elif not event.isAutoRepeat():
            self._give()
        return True

    def _give(self) -> None:
        said, then = " ".join(self.line.text().split()), self._then
        if len(said) < SHORTEST_REASON:
            self._tell(self._seat.words("viewing.short", least=SHORTEST_REASON), "refused")
        elif then is not None:
            self.leave()
            then(said)

    def _hint(self) -> None:
        self._tell(self._seat.words("viewing.keys"), "dim")

    def _tell(self, text: str, look: str) -> None:
        self.said.setProperty("look", look)
        self.said.style().polish(self.said)
        self.said.setText(text)

    def _place(self) -> None:
        width = min(WIDE_PX, self._over.width() - 24)
        for part in (self.title, self.said):
            part.setFixedWidth(width - 2 * SIDE_PX)
        self.setFixedWidth(width)
        column = self.layout()
        assert column is not None
        column.activate()
        self.setGeometry((self._over.width() - width) // 2, TOP_PX, width, column.sizeHint().height())


class Viewing:
    """Has it put on record that something is looked at; what an officer said of a camera once holds until he leaves."""

    def __init__(self, seat: Seat, line: ReasonLine) -> None:
        """Nothing was said yet."""
        self._seat, self._line = seat, line
        self._reasons: dict[str, str] = {}
        self._sitting = 0
        """Rises when the officer leaves or takes back what he asked for: what was asked before is nobody's any more."""
        self._unanswered = 0

    def forget(self) -> None:
        """The officer leaves: reasons are his, and what was not answered yet is not shown."""
        self._reasons.clear()
        self.give_up()
        if not self._line.isHidden():
            self._line.leave()

    @property
    def is_waiting(self) -> bool:
        """Whether the server has not answered yet what is shown only then."""
        return self._unanswered > 0

    def give_up(self) -> None:
        """What waits for its record is not shown when that comes."""
        self._sitting += 1
        self._unanswered = 0

    def put(self, camera: Camera, doing: Watching, then: Then, clip: UUID | None = None, is_own: bool = False) -> None:
        """Have it on record; without the server nothing of a camera whose pictures are guarded is shown.

        Of any other the picture is there at once, and the record is written beside it. A clip always waits for its record.
        """

        def given(reason: str) -> None:
            sitting = self._sitting
            request = RecordViewing(0, camera.id, doing.value, reason, self.incident(camera), clip)
            if self._seat.ask is None:
                then(Refused("viewing_not_on_record") if waits else None)
                return
            self._unanswered += waits
            self._seat.ask(request, (lambda _reply, no: came(sitting, no)) if waits else lambda _reply, _no: None)
            if not waits:
                then(None)

        def came(sitting: int, refused: Refused | None) -> None:
            if sitting != self._sitting:
                return
            self._unanswered -= 1
            if refused is not None and refused.code == "reason_needed":
                self._again(camera, doing, given, refused)
            elif refused is not None and refused.code in UNREACHED:
                then(Refused("viewing_not_on_record"))
            else:
                then(refused)

        waits = self._is_guarded(camera) or doing is Watching.PLAYBACK
        self.why(camera, doing, given, is_own)

    def why(self, camera: Camera, doing: Watching, then: Callable[[str], None], is_own: bool = False) -> None:
        """Have the reason: what was said of this camera before, else what is asked for now where words alone count."""
        said = self._reasons.get(camera.id) or self._written(camera)
        has_to_say = words_wanted(camera, self.incident(camera) is not None, Watching.LIVE if is_own else doing) is not None
        if said or not has_to_say:
            then(said or self._usual(camera, doing))
        else:
            self._line.ask(camera.name, doing.value, lambda reason: self._said(camera, reason, then))

    def incident(self, camera: Camera) -> UUID | None:
        """The incident a camera is looked at for: the selected one, unless that lies far from it and out of its sight."""
        case = self._seat.situation.cases.get(chosen) if (chosen := self._seat.selection.incident) is not None else None
        place = case.incident.place if case is not None else None
        is_far = place is not None and not camera.sees(place) and camera.place.distance_m(place) > FAR_M
        return None if case is None or is_far else case.incident.id

    def _written(self, camera: Camera) -> str:
        """What the officer wrote to see the camera live: it holds for what the desk keeps of it as well."""
        if self._seat.reasons is None or words_wanted(camera, self.incident(camera) is not None) is None:
            return ""
        found = self._seat.reasons.why(camera.id)
        return found[0] if found is not None else ""

    def _again(self, camera: Camera, doing: Watching, then: Callable[[str], None], refused: Refused) -> None:
        """What was said was not enough."""
        said = self._reasons.pop(camera.id, "")
        why = refusal_sentence(self._seat.words, refused)
        self._line.ask(camera.name, doing.value, lambda reason: self._said(camera, reason, then), why, said)

    def _said(self, camera: Camera, reason: str, then: Callable[[str], None]) -> None:
        self._reasons[camera.id] = reason
        if self._seat.reasons is not None:
            self._seat.reasons.write([camera.id], reason)
        then(reason)

    def _usual(self, camera: Camera, doing: Watching) -> str:
        """The reason where nobody is asked for one: the incident that is looked into, else what is done."""
        incident = self.incident(camera)
        case = self._seat.situation.cases.get(incident) if incident is not None else None
        return case.incident.number if case is not None else self._seat.words(f"viewing.{doing.value}")

    @staticmethod
    def _is_guarded(camera: Camera) -> bool:
        return camera.is_sensitive or camera.share_level >= REASON_FROM_SHARE
