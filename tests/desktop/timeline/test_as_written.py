"""What a reporter wrote is shown letter by letter wherever it stands: no mark in it means anything, and nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import Qt as Gui
from PySide6.QtWidgets import QLabel, QToolTip, QWidget

from desktop.inside_area import Inside
from desktop.map.picking import Found
from desktop.map_panel import MapPanel
from desktop.style.as_written import tip_as_written
from governance.incident import Case
from tests.desktop.timeline.conftest import ToldPast
from tests.fakes.desks import FakeDesk

MARKED = '<img src="//elsewhere/x.png">采荷'


def marked(case: Case) -> Case:
    incident = replace(case.incident, title=MARKED, text=MARKED, place_text=MARKED, category="")
    return replace(case, incident=incident)


def read_by_qt(root: QWidget) -> Iterator[str]:
    """Where Qt would read the marks: in a label, or in a tooltip."""
    for each in (root, *root.findChildren(QWidget)):
        kind = f"{type(each).__name__} of {type(each.parent()).__name__}"
        if isinstance(each, QLabel) and MARKED in each.text():
            is_read = Gui.mightBeRichText(each.text()) and each.textFormat() is Qt.TextFormat.AutoText
            if is_read or each.textFormat() is Qt.TextFormat.RichText:
                yield kind
        if MARKED in each.toolTip() and Gui.mightBeRichText(each.toolTip()):
            yield f"tooltip of {kind}"


def test_marks_in_a_report_mean_nothing_to_the_desk(
    panel: MapPanel, desk: FakeDesk, told: ToldPast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = desk.seat.situation.cases
    cases.update({key: marked(case) for key, case in cases.items()})
    told.lives = {number: [(at, marked(case)) for at, case in life] for number, life in told.lives.items()}
    for key in list(cases)[:6]:
        desk.seat.selection.choose_incident(key)
        assert list(read_by_qt(desk.window)) == []
    shown: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _at, text, _of: shown.append(text))
    panel.timeline.read_typed("2小时")
    for _ in range(6):
        panel.timeline.step(1)
        assert list(read_by_qt(panel)) == []
    assert MARKED in panel.timeline.strip.said.text()
    canvas = panel.canvas
    monkeypatch.setattr(canvas, "thing_at", lambda _x, _y: Found("incident", canvas.shown.pins.ids[0]))
    canvas._pointer_moved(31.0, 31.0)
    assert "&lt;img src=" in shown[-1]
    assert "<br>" in shown[-1]
    assert MARKED not in shown[-1]
    listed = panel.tools.inside
    listed.show_inside(Inside(cases=tuple(cases.values())[:3]))
    assert not any(MARKED in listed.rows.item(row).toolTip() for row in range(listed.rows.count()))
    listed.hide()


def test_a_text_without_marks_is_a_tooltip_as_it_is() -> None:
    assert [tip_as_written(text) for text in ("", "a < b\nc", "凯旋路")] == ["", "a < b\nc", "凯旋路"]
    assert tip_as_written("<b>x</b>\ny") == "<p>&lt;b&gt;x&lt;/b&gt;<br>y</p>"
