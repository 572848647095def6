"""The paper of a hand-over as a list: sections with their counts, one line an item, what is new or gone marked in words."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.phrases import moment_text, title_of
from desktop.seat import Seat
from desktop.style.type_face import BASE_PX, SMALL_PX, face
from governance.handover_paper import HandoverItem, Mark, Section
from governance.lifecycle import SYSTEM_OFFICER

HEAD_PX, ROW_PX, MARK_PX = 30, 26, 44
Index = QModelIndex | QPersistentModelIndex
Row = HandoverItem | Section


class PaperRows(QAbstractListModel):
    """Rows of the list: the name of a section, then its items. Read-only."""

    def __init__(self, seat: Seat) -> None:
        """No row."""
        super().__init__()
        self._seat = seat
        self.rows: list[Row] = []
        self.counts: dict[Section, tuple[int, int, int]] = {}
        """Items that stand, new ones and gone ones of each section."""

    def show_items(self, items: Sequence[HandoverItem]) -> None:
        """Show these instead."""
        self.beginResetModel()
        self.rows, self.counts = [], {}
        for section in Section:
            inside = [item for item in items if item.section is section]
            if inside:
                gone, new = (sum(item.mark is mark for item in inside) for mark in (Mark.GONE, Mark.NEW))
                self.counts[section] = (len(inside) - gone, new, gone)
                self.rows += [section, *inside]
        self.endResetModel()

    def rowCount(self, _parent: Index | None = None) -> int:
        """How many rows there are."""
        return len(self.rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Items can be chosen, names of sections cannot."""
        if isinstance(self.rows[index.row()], Section):
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The row itself, and what it says."""
        row = self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self.head(row) if isinstance(row, Section) else "  ".join(filter(None, self.parts(row)))
        return None

    def head(self, section: Section) -> str:
        """The name of a section with its counts."""
        words, (stand, new, gone) = self._seat.words, self.counts[section]
        told = [words("handover.count", count=stand)]
        told += [words("handover.count.new", new=new)] if new else []
        told += [words("handover.count.gone", gone=gone)] if gone else []
        return f"{words(f'handover.section.{section}')}  {words('sep').join(told)}"

    def parts(self, item: HandoverItem) -> tuple[str, str, str]:
        """Mark, what it is, how it stands and since when."""
        words, now = self._seat.words, self._seat.now()
        mark = "" if item.mark is Mark.SAME else words(f"handover.mark.{item.mark}")
        mark = words("handover.late_mark") if item.came_late else mark
        number, case = item.number.rpartition("-")[2], None
        if item.incident is not None and item.number:
            case = self._seat.situation.cases.get(item.incident)
        title = (
            title_of(words, self._seat.situation.rules, case)
            if case is not None and item.key == str(item.incident)
            else item.title
        )
        who = words("actor.timer") if item.who == SYSTEM_OFFICER.name else item.who
        stands = words("sep").join(filter(None, (self._stands(item), who, moment_text(item.at, now) if item.at else "")))
        return mark, f"{number}  {title}" if number else title, stands

    def _stands(self, item: HandoverItem) -> str:
        """The code words of an item in the officer's language; what no word stands for is said as it is."""
        words = self._seat.words
        if item.section is Section.DRAFTS and item.stands:
            return words("handover.drafts", count=item.stands)
        first, _, rest = item.stands.partition(" ")
        if first == "owed":
            return words("handover.owed", count=rest)
        if item.section is Section.SUPERVISED:
            return words("sep").join(self._word(*each) for each in (("grade", first), ("supervision.state", rest)))
        return self._word("approval" if item.section is Section.APPROVALS else "state", first)

    def _word(self, kind: str, code: str) -> str:
        words = self._seat.words
        return words(f"{kind}.{code}") if words.has(f"{kind}.{code}") else code


class PaperPainter(QStyledItemDelegate):
    """Draws the rows."""

    def __init__(self, seat: Seat, parent: QWidget) -> None:
        """For the rows of a seat's paper."""
        super().__init__(parent)
        self._seat = seat

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """Names of sections stand a little higher."""
        return QSize(100, HEAD_PX if isinstance(_row(index), Section) else ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row: mark, what it is, how it stands."""
        palette, row, model = self._seat.palette, _row(index), index.model()
        assert isinstance(model, PaperRows)
        box = option.rect.adjusted(8, 0, -8, 0)  # type: ignore[attr-defined]
        painter.save()
        if isinstance(row, Section):
            painter.setFont(face(SMALL_PX))
            painter.setPen(QColor(palette.dim))
            painter.drawText(box.adjusted(0, 0, 0, -3), Qt.AlignmentFlag.AlignBottom, model.head(row))
        else:
            if option.state & QStyle.StateFlag.State_Selected:  # type: ignore[attr-defined]
                painter.fillRect(option.rect, QColor(palette.chosen))  # type: ignore[attr-defined]
            self._paint_item(painter, box, row, model.parts(row))
        painter.restore()

    def _paint_item(self, painter: QPainter, box: QRect, item: HandoverItem, parts: tuple[str, str, str]) -> None:
        palette = self._seat.palette
        mark, title, stands = parts
        inks = {Mark.NEW: palette.live, Mark.CHANGED: palette.urgent}
        painter.setFont(face(SMALL_PX))
        painter.setPen(QColor(palette.urgent if item.came_late else inks.get(item.mark, palette.dim)))
        wide = max(MARK_PX, QFontMetrics(painter.font()).horizontalAdvance(mark) + 10)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, mark)
        small = QFontMetrics(painter.font())
        font = face(BASE_PX)
        left = box.width() - wide - QFontMetrics(font).horizontalAdvance(title) - 16  # a short title leaves more
        told = small.elidedText(stands, Qt.TextElideMode.ElideRight, max(box.width() * 2 // 5, left))
        painter.setPen(QColor(palette.dim))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, told)
        font.setStrikeOut(item.mark is Mark.GONE)
        painter.setFont(font)
        painter.setPen(QColor(palette.dim if item.mark is Mark.GONE else palette.text))
        room = box.adjusted(wide, 0, -small.horizontalAdvance(told) - 12, 0)
        shown = QFontMetrics(font).elidedText(title, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)


class PaperList(QListView):
    """The list itself. Wish: `opened` with the incident of an item."""

    opened = Signal(object)
    """UUID."""

    def __init__(self, seat: Seat) -> None:
        """An empty list."""
        super().__init__()
        self._rows = PaperRows(seat)
        self.setModel(self._rows)
        self.setItemDelegate(PaperPainter(seat, self))
        self.setUniformItemSizes(False)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.activated.connect(self._open)

    @property
    def rows(self) -> list[Row]:
        """What is shown."""
        return self._rows.rows

    def show_items(self, items: Sequence[HandoverItem]) -> None:
        """Show a paper; what was chosen stays chosen."""
        chosen = _row(self.currentIndex()) if self.currentIndex().isValid() else None
        self._rows.show_items(items)
        if not isinstance(chosen, HandoverItem):
            return
        for number, row in enumerate(self._rows.rows):
            if isinstance(row, HandoverItem) and (row.section, row.key) == (chosen.section, chosen.key):
                self.setCurrentIndex(self._rows.index(number))

    def retell(self) -> None:
        """Say everything again, in the language of now."""
        self.viewport().update()

    def _open(self, index: QModelIndex) -> None:
        row = _row(index)
        incident = row.incident if isinstance(row, HandoverItem) else None
        if isinstance(incident, UUID):
            self.opened.emit(incident)


def _row(index: Index) -> Row:
    """The row of an index; asked of the rows themselves, for Qt makes a plain text of an enumeration."""
    model = index.model()
    assert isinstance(model, PaperRows)
    return model.rows[index.row()]
