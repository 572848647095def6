"""What stands on the screen in words, as far as it is in sight: for whoever checks a desk from outside."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtGui import Qt, QTextDocumentFragment
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QLabel, QLineEdit, QPlainTextEdit, QWidget

from desktop.dispatch.candidate_list import CandidateList
from desktop.dispatch.direct_board import StandingRows
from desktop.dispatch.merge_list import MergeList

IN, OUT = "[x]", "[ ]"
"""How a row that one puts in or out stands."""


def legible(window: QWidget) -> tuple[str, ...]:
    """Texts of labels, buttons, fields and rows of lists, in the order of the widgets; none that is hidden or scrolled away.

    A text that is in sight only in part counts; a password never does. Main thread only.
    """
    shown = (each for each in window.findChildren(QWidget) if each.isVisible() and not each.visibleRegion().isEmpty())
    return tuple(text for widget in shown for text in _said(widget) if text)


def _said(widget: QWidget) -> Iterator[str]:
    """What one widget says by itself."""
    if isinstance(widget, QLabel):
        yield _plain(widget.text()) if widget.textFormat() is not Qt.TextFormat.PlainText else widget.text()
    elif isinstance(widget, QAbstractButton):
        yield widget.text() or widget.accessibleName()
    elif isinstance(widget, QLineEdit):
        yield widget.text() if widget.echoMode() is QLineEdit.EchoMode.Normal else ""
    elif isinstance(widget, QPlainTextEdit):
        yield widget.toPlainText()
    elif isinstance(widget, QAbstractItemView):
        yield from _rows(widget)
    else:
        yield from _painted(widget)


def _plain(text: str) -> str:
    return QTextDocumentFragment.fromHtml(text).toPlainText() if Qt.mightBeRichText(text) else text


def _rows(view: QAbstractItemView) -> Iterator[str]:
    """The rows of a list, those in sight."""
    model, sight = view.model(), view.viewport().rect()
    if model is None:
        return
    for row in range(model.rowCount()):
        index = model.index(row, 0)
        if view.visualRect(index).intersects(sight):
            yield str(model.data(index) or "")


def _painted(widget: QWidget) -> Iterator[str]:
    """The rows of a list that paints itself."""
    if isinstance(widget, CandidateList):
        for number, offer in enumerate(widget.offers, 1):
            yield f"{number} {IN if number - 1 == widget.current else OUT} {offer.name} {offer.why}"
    elif isinstance(widget, MergeList):
        for number, line in enumerate(widget.lines, 1):
            yield f"{number} {IN if line.is_in or line.is_master else OUT} {line.title} {line.about}"
    elif isinstance(widget, StandingRows):
        for row in widget.rows:
            yield f"{row.name} {widget.said(row)}"
