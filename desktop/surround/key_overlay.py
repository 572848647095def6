"""F1: the keys that work right now; those that do not are greyed and say why."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.seat import Seat
from desktop.shortcuts import GROUPS, SHORTCUTS


class KeyOverlay(QWidget):
    """A sheet over the window; Esc, F1 or a click takes it away. Each row is a button too: `wanted` with its action."""

    wanted = Signal(str)

    def __init__(self, seat: Seat, why_not: Callable[[str], str], parent: QWidget) -> None:
        """`why_not` says in words why an action does nothing now; empty where it works."""
        super().__init__(parent)
        self._seat, self._why_not = seat, why_not
        self.setProperty("look", "overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title, self.close_hint = QLabel(), QLabel()
        self.title.setProperty("look", "title")
        self.close_hint.setProperty("look", "dim")
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.close_hint)
        columns = QHBoxLayout()
        columns.setSpacing(28)
        self.columns = {group: QLabel() for group in GROUPS}
        for label in self.columns.values():
            label.setTextFormat(Qt.TextFormat.RichText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse)
            label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            label.linkActivated.connect(self.wanted)
            label.setAlignment(Qt.AlignmentFlag.AlignTop)
            columns.addWidget(label, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 18, 24, 20)
        column.setSpacing(14)
        column.addLayout(head)
        column.addLayout(columns)
        self.hide()

    def toggle(self) -> None:
        """Show or hide it."""
        if self.isVisible():
            self.hide()
            return
        self.retell()
        self.adjustSize()
        parent = self.parentWidget()
        assert parent is not None
        width = min(max(self.sizeHint().width(), 860), parent.width() - 40)
        self.resize(width, self.heightForWidth(width) if self.hasHeightForWidth() else self.sizeHint().height())
        self.move((parent.width() - self.width()) // 2, max((parent.height() - self.height()) // 2, 50))
        self.show()
        self.raise_()

    def retell(self) -> None:
        """Ask again which keys work."""
        words, palette = self._seat.words, self._seat.palette
        self.title.setText(words("keys.title"))
        self.close_hint.setText(words("keys.close"))
        for group, label in self.columns.items():
            rows = [f'<tr><td colspan="2" style="color:{palette.dim}">{words(f"keys.{group}")}</td></tr>']
            for shortcut in SHORTCUTS:
                if shortcut.group != group:
                    continue
                reason = self._why_not(shortcut.action)
                ink = palette.dim if reason else palette.text
                key = palette.dim if reason else palette.focus
                name = escape(words(f"action.{shortcut.action}"))
                said = f'<a href="{shortcut.action}" style="color:{ink};text-decoration:none">{name}</a>'
                if reason:
                    said = f'{said}<br><span style="font-size:12px">{escape(reason)}</span>'
                rows.append(
                    f'<tr><td style="color:{key};padding:3px 12px 3px 0" nowrap>{escape(shortcut.shown)}</td>'
                    f'<td style="color:{ink};padding:3px 0">{said}</td></tr>'
                )
            label.setText(f'<table cellspacing="0">{"".join(rows)}</table>')
            label.setWordWrap(True)

    def mousePressEvent(self, _event: object) -> None:
        """A click takes it away."""
        self.hide()
