"""F1: the keys that work right now; those that do not are greyed and say why."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.command.now import by_reason, orders_now
from desktop.command.verbs import Verb
from desktop.dispatch.actions import BY_NAME, said_as, why_not
from desktop.seat import Seat
from desktop.shortcuts import COLUMNS, GROUPS, SHORTCUTS, Shortcut
from governance.refusal import Refused

WIDE_PX = 1340
SIDE_PX, EDGE_PX, APART_PX, BETWEEN_PX = 24, 12, 28, 8


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
        self._in_lines = tuple(group for group in GROUPS if group not in COLUMNS)
        self._air_px = 1
        """Above and below each line."""
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
        columns.setSpacing(APART_PX)
        self.columns = {group: QLabel() for group in GROUPS}
        for label in self.columns.values():
            label.setTextFormat(Qt.TextFormat.RichText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse)
            label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            label.linkActivated.connect(self.wanted)
            label.setAlignment(Qt.AlignmentFlag.AlignTop)
        for group in COLUMNS:
            columns.addWidget(self.columns[group], 1)
        self.not_now, self.verbs = QLabel(), QLabel()
        for label, wish in ((self.not_now, self.wanted), (self.verbs, self.said)):
            label.setTextFormat(Qt.TextFormat.RichText)
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse)
            label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            label.linkActivated.connect(wish)
        column = QVBoxLayout(self)
        column.setContentsMargins(SIDE_PX, EDGE_PX, SIDE_PX, EDGE_PX)
        column.setSpacing(BETWEEN_PX)
        column.addLayout(head)
        column.addLayout(columns)
        for group in self._in_lines:
            column.addWidget(self.columns[group])
        column.addWidget(self.not_now)
        column.addWidget(self.verbs)
        self.hide()

    def toggle(self) -> None:
        """Show or hide it."""
        if self.isVisible():
            self.hide()
            return
        parent = self.parentWidget()
        assert parent is not None
        width = min(WIDE_PX, parent.width() - 24)
        for self._air_px in (1, 0):  # on a low screen the lines stand closer
            self.retell()
            if self._height_for(width) <= parent.height() - 8:
                break
        self.resize(width, self._height_for(width))
        self.move((parent.width() - self.width()) // 2, max((parent.height() - self.height()) // 2, 4))
        self.show()
        self.raise_()

    def _height_for(self, width: int) -> int:
        """How high all of it is: the labels know their heights for a width, not yet the layout while it is hidden."""
        room = width - 2 * SIDE_PX
        wide = (room - (len(COLUMNS) - 1) * APART_PX) // len(COLUMNS)
        parts = [self.title.sizeHint().height(), max(self.columns[group].heightForWidth(wide) for group in COLUMNS)]
        parts += [self.columns[group].heightForWidth(room) for group in self._in_lines]
        for label in (self.not_now, self.verbs):
            label.setVisible(bool(label.text()))
            parts += [label.heightForWidth(room)] if label.text() else []
        return sum(parts) + BETWEEN_PX * (len(parts) - 1) + 2 * EDGE_PX

    def retell(self) -> None:
        """Ask again which keys work."""
        words, palette, air = self._seat.words, self._seat.palette, self._air_px
        self.title.setText(words("keys.title"))
        self.close_hint.setText(words("keys.close"))
        why = {shortcut.action: self._why(shortcut.action) for shortcut in SHORTCUTS}
        for group in self._in_lines:
            keys = [each for each in SHORTCUTS if each.group == group and not why[each.action]]
            named = "&nbsp; ".join(self._key(each, palette.text, palette.focus) for each in keys)
            said = f'<span style="color:{palette.dim}">{words(f"keys.{group}")}</span>&nbsp; {named}'
            self.columns[group].setText(_lines([said]) if keys else "")
            self.columns[group].setWordWrap(True)
        for group in COLUMNS:
            label = self.columns[group]
            rows = [f'<tr><td colspan="2" style="color:{palette.dim}">{words(f"keys.{group}")}</td></tr>']
            rows += [
                f'<tr><td style="color:{palette.focus};padding:{air}px 12px {air}px 0" nowrap>{escape(shortcut.shown)}</td>'
                f'<td style="padding:{air}px 0">{self._link(shortcut, palette.text)}</td></tr>'
                for shortcut in SHORTCUTS
                if shortcut.group == group and not why[shortcut.action]
            ]
            label.setText(f'<table cellspacing="0">{"".join(rows)}</table>')
            label.setWordWrap(True)
        refused = [(each, no) for each in SHORTCUTS if each.group and (no := why[each.action])]
        self.not_now.setText(self._not_now(by_reason(self._seat, refused)))
        self.verbs.setText(self._verbs())

    def _why(self, action: str) -> Refused | str:
        """Why an action does nothing now; empty where it works."""
        seat = self._seat
        if action not in BY_NAME:
            return self._why_not(action)
        case = seat.situation.cases.get(seat.selection.incident) if seat.selection.incident is not None else None
        return seat.held_back or why_not(BY_NAME[action], case, seat.officer, seat.situation.rules, seat.now()) or ""

    def _said(self, action: str) -> str:
        """What a key is called for this post and this incident."""
        seat = self._seat
        case = seat.situation.cases.get(seat.selection.incident) if seat.selection.incident is not None else None
        return seat.words(said_as(action, case, seat.officer) if action in BY_NAME else f"action.{action}")

    def _key(self, shortcut: Shortcut, ink: str, key: str) -> str:
        """A key and what it does, in a line of several."""
        return f'<span style="color:{key}">{escape(shortcut.shown)}</span>&nbsp;{self._link(shortcut, ink)}'

    def _link(self, shortcut: Shortcut, ink: str) -> str:
        name = escape(self._said(shortcut.action))
        return f'<a href="{shortcut.action}" style="color:{ink};text-decoration:none">{name}</a>'

    def _not_now(self, groups: tuple[tuple[str, tuple[Shortcut, ...]], ...]) -> str:
        """The keys that do nothing now, by why."""
        dim = self._seat.palette.dim
        said = []
        for why, keys in groups:
            named = "&nbsp; ".join(self._key(each, dim, dim) for each in keys)
            said.append((f'<span style="color:{dim}">{escape(why)}&nbsp; {named}</span>', len(keys)))
        heading = f'<span style="color:{dim}">{self._seat.words("keys.not_now")}</span>'
        return _lines([heading, *_joined(said)]) if groups else ""

    def _verbs(self) -> str:
        """The verbs of the command line: those that work now, the others by why they do not."""
        seat, words, palette = self._seat, self._seat.words, self._seat.palette
        case = seat.situation.cases.get(seat.selection.incident) if seat.selection.incident is not None else None
        works, groups = orders_now(seat, case)
        lines = [f'<span style="color:{palette.dim}">{words("keys.commands")}</span>']
        if works:
            lines.append(f"{words('keys.now')}&nbsp; {self._named(works, palette.text, palette.focus)}")
        said = []
        for why, verbs in groups:
            told = (
                f'<span style="color:{palette.dim}">{escape(why)}</span>&nbsp; {self._named(verbs, palette.dim, palette.dim)}'
            )
            said.append((told, len(verbs)))
        lines += _joined(said)
        return _lines(lines)

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


def _lines(lines: list[str]) -> str:
    """Paragraphs close below each other."""
    return "".join(f'<p style="margin:0 0 3px 0">{line}</p>' for line in lines if line)


def _joined(said: list[tuple[str, int]]) -> list[str]:
    """What concerns one thing only shares a line; each has the number of things it concerns beside it."""
    several = [told for told, count in said if count > 1]
    return [*several, "&nbsp; &nbsp; ".join(told for told, count in said if count == 1)]
