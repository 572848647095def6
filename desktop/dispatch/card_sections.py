"""The sections of the card: above its forms what is asked and who looks on, below them who was told and what it belongs to."""

from __future__ import annotations

from html import escape
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.dispatch.approval_list import ApprovalList
from desktop.dispatch.links import links_of
from desktop.dispatch.outside_told import dial_lines, outside_line
from desktop.dispatch.response_card import ResponseCardView
from desktop.dispatch.supervision_list import SupervisionList
from desktop.phrases import span
from desktop.seat import Seat
from governance.incident import Case

MOST_LINKS = 6
"""After a flood an incident has taken in hundreds: a card is no list of them."""


def rich_line() -> QLabel:
    """A label of rich text that wraps and can be copied from, without the keys."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.RichText)
    label.setWordWrap(True)
    label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.LinksAccessibleByMouse)
    return label


class CardSections(QWidget):
    """Sections that are there only where there is something to say. Wish: `chosen` with the incident a link leads to."""

    chosen = Signal(object)
    standing: QWidget
    """What waits for a person: requests and supervision. It stands above the forms, the rest below them."""

    def __init__(self, seat: Seat, parent: QWidget | None = None) -> None:
        """Nothing to say."""
        super().__init__(parent)
        self._seat = seat
        self._case: Case | None = None
        self.response, self.links = ResponseCardView(seat), rich_line()
        self.approvals, self.supervision = ApprovalList(seat), SupervisionList(seat)
        self.outside, self.cycles = rich_line(), rich_line()
        self.links.linkActivated.connect(lambda incident: self.chosen.emit(UUID(incident)))
        self._headings: dict[str, QLabel] = {}
        self._parts: list[tuple[QWidget, QWidget]] = []
        self.standing = QWidget()
        above, below = QVBoxLayout(self.standing), QVBoxLayout(self)
        for column in (above, below):
            column.setContentsMargins(16, 0, 16, 0)
            column.setSpacing(4)
        for part in (self.links, self.cycles, self.response):
            below.addWidget(part)
        placed = (
            ("approvals", self.approvals, above),
            ("supervision", self.supervision, above),
            ("outside", self.outside, below),
        )
        for key, part, column in placed:
            heading = self._heading(key)
            column.addWidget(heading)
            column.addWidget(part)
            self._parts.append((heading, part))

    def _heading(self, key: str) -> QWidget:
        holder, label, rule = QWidget(), QLabel(), QFrame()
        label.setProperty("look", "name")
        rule.setProperty("look", "rule")
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 8, 0, 2)
        line.setSpacing(8)
        line.addWidget(label)
        line.addWidget(rule, 1)
        self._headings[key] = label
        return holder

    def show_case(self, case: Case | None) -> None:
        """Show what there is to say of a case."""
        self._case = case
        self.setVisible(case is not None)
        for key, label in self._headings.items():
            label.setText(self._seat.words(f"card.{key}"))
        self.response.show_case(case)
        self.approvals.show_case(case)
        self.supervision.show_case(case)
        self.links.setText(self._linked(case) if case is not None else "")
        self.cycles.setText(self._went(case) if case is not None else "")
        self.outside.setText(self._told(case) if case is not None else "")
        self.response.setVisible(self.response.is_wanted)
        for label in (self.links, self.cycles):
            label.setVisible(bool(label.text()))
        wanted = (self.approvals.is_wanted, self.supervision.is_wanted, bool(self.outside.text()))
        self.standing.setVisible(case is not None and any(wanted[:2]))
        for (heading, part), is_wanted in zip(self._parts, wanted, strict=True):
            heading.setVisible(is_wanted)
            part.setVisible(is_wanted)

    def count_down(self) -> None:
        """Say again what has a clock: once a second."""
        self.approvals.count_down()
        self.supervision.count_down()

    def _linked(self, case: Case) -> str:
        """并入 0147 · 重复于 0112: a click leads there."""
        words, palette, parts = self._seat.words, self._seat.palette, []
        links = links_of(self._seat, case)
        for word, other, number in links[:MOST_LINKS]:
            said = escape(words(f"card.link.{word}", number=number or words("card.link.unseen")))
            parts.append(f'<a href="{other}" style="color:{palette.focus};text-decoration:none">{said}</a>' if number else said)
        if len(links) > MOST_LINKS:
            parts.append(escape(words("card.link.more", count=len(links) - MOST_LINKS)))
        return words("sep").join(parts)

    def _went(self, case: Case) -> str:
        """How the cycles before this one ended."""
        words, dim, lines = self._seat.words, self._seat.palette.dim, []
        for cycle in case.cycles:
            how = words(f"close.{cycle.close_type}") if cycle.close_type is not None else "-"
            said = words(
                "card.cycle.line",
                number=cycle.cycle,
                how=how,
                used=span(words, cycle.used_s),
                limit=span(words, cycle.limit_s),
                rework=cycle.rework_count,
                returned=cycle.return_count,
            )
            lines.append(f'<span style="color:{dim}">{escape(said)}</span>')
        return "<br>".join(lines)

    def _told(self, case: Case) -> str:
        """119 已通报 02:12 · 燃气公司 未通报, and the log of the calls below it."""
        dim = self._seat.palette.dim
        line, calls = outside_line(self._seat, case), dial_lines(self._seat, case)
        below = "".join(f'<br><span style="color:{dim}">{escape(call)}</span>' for call in calls)
        return f"{escape(line)}{below}" if line else ""
