"""处置卡: what to ask, what to tell people for their safety, whom to ring; folded to one line until it is wanted."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.phrases import category_name
from desktop.seat import Seat
from governance.categories import ResponseCard
from governance.incident import Case, State, Urgency

OPEN_AT_FIRST = frozenset({State.REPORTED, State.VERIFYING, State.FILED})
"""While a caller may still be on the line, the card of an urgent matter lies open."""


class ResponseCardView(QWidget):
    """The card of the shown case's category."""

    def __init__(self, seat: Seat, parent: QWidget | None = None) -> None:
        """No card."""
        super().__init__(parent)
        self._seat = seat
        self._case: Case | None = None
        self._folded: dict[str, bool] = {}
        """Code of a category -> whether the officer has folded its card, or opened it."""
        self.head, self.lines = QPushButton(), QLabel()
        self.head.setProperty("look", "line")
        self.head.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.head.clicked.connect(self._switch)
        self.lines.setTextFormat(Qt.TextFormat.RichText)
        self.lines.setWordWrap(True)
        self.lines.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.lines.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 2)
        column.setSpacing(2)
        column.addWidget(self.head)
        column.addWidget(self.lines)

    @property
    def is_wanted(self) -> bool:
        """Whether the category has a card."""
        return self._card is not None

    @property
    def is_open(self) -> bool:
        """Whether its lines are shown: as the officer left them, else while an urgent report is taken in."""
        case = self._case
        if case is None:
            return False
        urgent = case.incident.urgency is not Urgency.NORMAL and case.incident.state in OPEN_AT_FIRST
        return not self._folded.get(case.incident.category, not urgent)

    def show_case(self, case: Case | None) -> None:
        """Show the card of a case's category."""
        self._case = case
        words, card = self._seat.words, self._card
        if case is None or card is None:
            return
        kind = category_name(words, self._seat.situation.rules, case.incident.category)
        self.head.setText(words("card.response.fold", sign="▾" if self.is_open else "▸", kind=kind))
        self.lines.setText(self._text(card))
        self.lines.setVisible(self.is_open)

    def _switch(self) -> None:
        if self._case is not None:
            self._folded[self._case.incident.category] = self.is_open
            self.show_case(self._case)

    @property
    def _card(self) -> ResponseCard | None:
        if self._case is None:
            return None
        category = self._seat.situation.rules.categories.get(self._case.incident.category)
        return category.card if category is not None else None

    def _text(self, card: ResponseCard) -> str:
        words, palette = self._seat.words, self._seat.palette
        chinese = words.language == "zh"
        rows = [(words("card.response.ask"), card.questions_zh if chinese else card.questions_en)]
        rows.append((words("card.response.say"), card.safety_zh if chinese else card.safety_en))
        ring = tuple(
            f"{each.name_zh if chinese else each.name_en} {each.number or words('card.response.no_number')}"
            for each in card.contacts
        )
        rows.append((words("card.response.ring"), ring))
        shown = [
            f'<tr><td style="color:{palette.dim};padding-right:8px" nowrap>{escape(name)}</td>'
            f"<td>{'<br>'.join(escape(line) for line in lines)}</td></tr>"
            for name, lines in rows
            if lines
        ]
        return f'<table cellspacing="0" cellpadding="2">{"".join(shown)}</table>'
