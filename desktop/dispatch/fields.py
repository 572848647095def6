"""Fields the forms share: a choice of few, a tick, a category found by initials, several lines of text."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFormLayout,
    QGridLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QVBoxLayout,
    QWidget,
)

from desktop.dispatch.initials import is_found
from desktop.phrases import LANGUAGES, category_name, category_path
from desktop.seat import Seat
from desktop.style.as_written import tip_as_written

MOST_FOUND, FOUND_PX = 7, 24
GAP_PX = 6


class Choice(QWidget):
    """A few buttons of which one is on; arrows and clicks change it."""

    changed = Signal()

    def __init__(self, options: Sequence[tuple[str, str]], parent: QWidget | None = None, columns: int = 9) -> None:
        """Options as (value, text), at most so many beside each other and no more than fit; the first is chosen."""
        super().__init__(parent)
        self._most, self._beside = columns, 0
        self._group = QButtonGroup(self)
        self._values = [value for value, _ in options]
        self._places = places = QGridLayout(self)
        places.setContentsMargins(0, 0, 0, 0)
        places.setSpacing(GAP_PX)
        for number, (_, text) in enumerate(options):
            button = QPushButton(text)
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.setProperty("look", "choice")
            button.installEventFilter(self)
            self._group.addButton(button, number)
        self._lay_out(columns)
        self._group.button(0).setChecked(True)
        self._group.idClicked.connect(lambda _number: self.changed.emit())
        self._group.idToggled.connect(lambda number, on: self.setFocusProxy(self._group.button(number)) if on else None)
        self.setFocusProxy(self._group.button(0))
        self.setToolTip("← →")

    @property
    def value(self) -> str:
        """The chosen value."""
        return self._values[self._group.checkedId()]

    @property
    def values(self) -> tuple[str, ...]:
        """What there is to choose from."""
        return tuple(self._values)

    @property
    def is_open(self) -> bool:
        """Whether there is anything to choose between."""
        return len(self._values) > 1

    def choose(self, value: str) -> None:
        """Choose a value; one that is not offered changes nothing."""
        if value in self._values:
            self._group.button(self._values.index(value)).setChecked(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many beside each other as fit."""
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """Fit anew once the buttons have the face they are shown with."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(event)

    def _fit(self) -> None:
        columns = min(self._most, len(self._values))
        while columns > 1 and self._wide(columns) > self.width():
            columns -= 1
        self._lay_out(columns)

    def minimumSizeHint(self) -> QSize:
        """As narrow as the widest text, as high as the rows there are now."""
        return QSize(self._wide(1), super().minimumSizeHint().height())

    def _wide(self, columns: int) -> int:
        """How wide so many columns are, in pixels."""
        hints = [button.sizeHint().width() for button in self._group.buttons()]
        columns = max(columns, 1)
        return sum(max(hints[column::columns]) + GAP_PX for column in range(min(columns, len(hints)))) - GAP_PX

    def _lay_out(self, columns: int) -> None:
        columns = max(1, min(columns, len(self._values)))
        if columns == self._beside:
            return
        self._places.setColumnStretch(self._beside, 0)
        self._beside = columns
        for number, button in enumerate(self._group.buttons()):
            self._places.addWidget(button, number // columns, number % columns)
        self._places.setColumnStretch(columns, 1)
        self.updateGeometry()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Left and right change the choice, whichever button has the keys (Qt itself does so in an active window only)."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if not step:
            return False
        number = (self._group.checkedId() + step) % len(self._values)
        self._group.button(number).setChecked(True)
        self._group.button(number).setFocus(Qt.FocusReason.TabFocusReason)
        self.changed.emit()
        return True


class TickBox(QCheckBox):
    """A check box with a tick one can see: the style sheet gives the box, the tick is drawn into it."""

    def __init__(self, seat: Seat, text: str, parent: QWidget | None = None) -> None:
        """Not ticked."""
        super().__init__(text, parent)
        self._seat, self._said = seat, text
        self.setToolTip(tip_as_written(text))

    def minimumSizeHint(self) -> QSize:
        """As narrow as the column it stands in: the text is elided, and whole in the tooltip."""
        return QSize(80, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        """Wide enough for the whole text."""
        return QSize(self._room_px() + self.fontMetrics().horizontalAdvance(self._said) + 4, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Elide the text to the width."""
        super().resizeEvent(event)
        room = self.width() - self._room_px()
        self.setText(self.fontMetrics().elidedText(self._said, Qt.TextElideMode.ElideRight, room))

    def _room_px(self) -> int:
        """What the box itself takes."""
        style = self.style()
        return style.pixelMetric(QStyle.PixelMetric.PM_IndicatorWidth) + 8

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the tick over the box."""
        super().paintEvent(event)
        if not self.isChecked():
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        left, top, side = box.left(), box.top(), box.width()
        points = [QPointF(left + side * x, top + side * y) for x, y in ((0.24, 0.52), (0.43, 0.71), (0.77, 0.31))]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(self._seat.palette.on_go), 2.0)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF(points))


class CategoryField(QWidget):
    """A leaf category, found by its name in either language, its number or its initials; the lines that fit stand below."""

    textChanged = Signal(str)

    def __init__(self, seat: Seat, parent: QWidget | None = None) -> None:
        """All leaves of the rules in force."""
        super().__init__(parent)
        rules, words = seat.situation.rules, seat.words
        leaves = sorted((c for c in rules.categories.values() if c.is_leaf), key=lambda c: c.code)
        self._line_of = {c.code: f"{c.code}  {_leaf_first(category_path(words, rules, c.code))}" for c in leaves}
        self._names_of = {c.code: tuple(category_name(each, rules, c.code) for each in LANGUAGES) for c in leaves}
        self._found_by = {
            c.code: tuple(
                f"{c.code}  {said(category_path(each, rules, c.code))}" for each in LANGUAGES for said in (str, _leaf_first)
            )
            for c in leaves
        }
        """What a search finds a leaf by: number, root and name, in every language."""
        self.line, self.found = QLineEdit(), QListWidget()
        self.line.setPlaceholderText(words("field.category.hint"))
        self.line.installEventFilter(self)
        self.found.setProperty("look", "found")
        self.found.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.found.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.line)
        column.addWidget(self.found)
        self.setFocusProxy(self.line)
        self.line.textEdited.connect(self._narrow)
        self.line.textChanged.connect(self.textChanged)
        self.found.itemClicked.connect(lambda _item: self._take())

    def text(self) -> str:
        """What stands in the field."""
        return self.line.text()

    def setText(self, text: str) -> None:
        """Put a text in, as a draft has it."""
        self.line.setText(text)
        self.line.setCursorPosition(0)

    @property
    def code(self) -> str:
        """The category meant: the chosen line, the number, or the only one that fits; empty otherwise."""
        text = self.text().strip()
        for code, lines in self._found_by.items():
            if text.lower() in {each.lower() for each in (code, *lines, *self._names_of[code])}:
                return code
        fits = self._fitting(text) if text else []
        named = [code for code in fits if is_found(text, *self._names_of[code])]
        return next((only[0] for only in (fits, named) if len(only) == 1), "")

    def choose(self, code: str) -> None:
        """Put a category in."""
        self.setText(self._line_of.get(code, ""))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows choose among the lines that fit, Enter and Tab take the chosen one."""
        if watched is self.line and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event)
        if watched is self.line and event.type() == QEvent.Type.FocusOut:
            self.found.hide()
        return False

    def _key(self, event: QKeyEvent) -> bool:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        if step:
            if self.found.isHidden():
                self._narrow(self.text() if not self.code else "")
            row = self.found.currentRow() + step
            self.found.setCurrentRow(min(max(row, 0), self.found.count() - 1))
            return True
        if self.found.isHidden() or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take()
            return True
        if event.key() == Qt.Key.Key_Tab:
            self._take()
        return False

    def _narrow(self, text: str) -> None:
        lines = [self._line_of[code] for code in self._fitting(text)]
        self.found.clear()
        self.found.addItems(lines[:MOST_FOUND])
        self.found.setCurrentRow(0)
        self.found.setFixedHeight(min(len(lines), MOST_FOUND) * FOUND_PX + 4)
        self.found.setVisible(bool(lines))

    def _fitting(self, text: str) -> list[str]:
        """Codes of the leaves a text fits, those whose own name it fits before those whose root it fits."""
        fits = [code for code, lines in self._found_by.items() if is_found(text, *lines)]
        return sorted(fits, key=lambda code: not is_found(text, *self._names_of[code]))

    def _take(self) -> None:
        item = self.found.currentItem()
        if item is not None:
            self.setText(item.text())
        self.found.hide()


def _leaf_first(path: str) -> str:
    """What tells categories apart comes first: the end of a line is what a narrow card cuts off."""
    root, _, leaf = path.rpartition(" › ")
    return f"{leaf} · {root}" if root else leaf


class TextField(QPlainTextEdit):
    """Several lines; Tab leaves it, Ctrl+Enter is left to the window."""

    def __init__(self, hint: str, lines: int = 3, parent: QWidget | None = None) -> None:
        """An empty text with a hint."""
        super().__init__(parent)
        self.setPlaceholderText(hint)
        self.setTabChangesFocus(True)
        self.setFixedHeight(lines * 20 + 14)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Everything but Ctrl+Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return
        super().keyPressEvent(event)


class WrappedLine(QLabel):
    """A dim line that is always as high as its text needs: a form layout forgets to ask again when a row comes or changes."""

    def __init__(self, look: str = "dim", parent: QWidget | None = None) -> None:
        """An empty line with a look."""
        super().__init__(parent)
        self.setProperty("look", look)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:
        """Say something else."""
        super().setText(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, another height."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        high = self.heightForWidth(self.width())
        if high > 0 and high != self.minimumHeight():
            self.setFixedHeight(high)


def rows() -> QFormLayout:
    """A column of labelled fields."""
    layout = QFormLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setHorizontalSpacing(10)
    layout.setVerticalSpacing(6)
    layout.setLabelAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
    return layout


def label(text: str) -> QLabel:
    """The label of a field."""
    made = QLabel(text)
    made.setProperty("look", "field")
    return made
