"""What others wrote is shown letter by letter: Qt reads marks in a text that looks like HTML, and would fetch its pictures."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import Qt as Gui
from PySide6.QtWidgets import QLabel


def tip_as_written(text: str) -> str:
    """A text for a tooltip, in which no mark means anything."""
    if not Gui.mightBeRichText(text):
        return text
    return f"<p>{escape(text).replace(chr(10), '<br>')}</p>"


def show_as_written(*labels: QLabel) -> None:
    """Labels that show whatever text they get as it is written."""
    for label in labels:
        label.setTextFormat(Qt.TextFormat.PlainText)
