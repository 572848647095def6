"""F1: the keys that work right now; those that do not are greyed and say why."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.command.now import orders_now
from desktop.command.verbs import Verb
from desktop.seat import Seat
from desktop.shortcuts import GROUPS, SHORTCUTS

WIDE_PX = 1340


class KeyOverlay(QWidget):
    """A sheet over the window; Esc, F1 or a click takes it away.

    Each key is a button too: `wanted` with its action. Each verb begins a line: `said` with its initials.
    """

    wanted = Signal(str)
    said = Signal(str)

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
        self.verbs = QLabel()
        self.verbs.setTextFormat(Qt.TextFormat.RichText)
        self.verbs.setWordWrap(True)
        self.verbs.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.verbs.linkActivated.connect(self.said)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 14, 24, 14)
        column.setSpacing(10)
        column.addLayout(head)
        column.addLayout(columns)
        column.addWidget(self.verbs)
        self.hide()

    def toggle(self) -> None:
        """Show or hide it."""
        if self.isVisible():
            self.hide()
            return
        self.retell()
        parent = self.parentWidget()
        assert parent is not None
        width = min(WIDE_PX, parent.width() - 24)
        self.resize(width, self.heightForWidth(width) if self.hasHeightForWidth() else self.sizeHint().height())
        self.move((parent.width() - self.width()) // 2, max((parent.height() - self.height()) // 2, 4))
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
                    said = f'{said}&nbsp; <span style="font-size:12px">{escape(reason)}</span>'
                rows.append(
                    f'<tr><td style="color:{key};padding:1px 12px 1px 0" nowrap>{escape(shortcut.shown)}</td>'
                    f'<td style="color:{ink};padding:1px 0">{said}</td></tr>'
                )
            label.setText(f'<table cellspacing="0">{"".join(rows)}</table>')
            label.setWordWrap(True)

        self.verbs.setText(self._verbs())

    def _verbs(self) -> str:
        """The verbs of the command line: those that work now, the others by why they do not."""
        seat, words, palette = self._seat, self._seat.words, self._seat.palette
        case = seat.situation.cases.get(seat.selection.incident) if seat.selection.incident is not None else None
        works, groups = orders_now(seat, case)
        lines = [f'<span style="color:{palette.dim}">{words("keys.commands")}</span>']
        if works:
            lines.append(f"{words('keys.now')}&nbsp; {self._named(works, palette.text, palette.focus)}")
        single: list[str] = []
        for why, verbs in groups:
            told = (
                f'<span style="color:{palette.dim}">{escape(why)}</span>&nbsp; {self._named(verbs, palette.dim, palette.dim)}'
            )
            (lines if len(verbs) > 1 else single).append(told)
        lines.append("&nbsp; &nbsp; ".join(single))
        return "".join(f'<p style="margin:0 0 3px 0">{line}</p>' for line in lines)

    def _named(self, verbs: tuple[Verb, ...], ink: str, key: str) -> str:
        """Names with their initials, each a link."""
        language = self._seat.words.language
        return "&nbsp; ".join(
            f'<a href="{verb.initials[0]}" style="color:{ink};text-decoration:none">{escape(verb.name(language))}&nbsp;'
            f'<span style="color:{key};font-size:12px">{verb.initials[0]}</span></a>'
            for verb in verbs
        )

    def mousePressEvent(self, _event: object) -> None:
        """A click takes it away."""
        self.hide()
