"""What may be the same matter is listed on the card of a report that waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from governance.incident import Case, State
from tests.fakes.desks import FakeDesk
from tests.fakes.situations import CENTRE, reported


def at_the_centre(desk: FakeDesk, number: int) -> Case:
    """A report from the middle of the district, of one kind with every other."""
    made = reported(number, desk.now, CENTRE)
    made = replace(made, incident=replace(made.incident, category="09.01", place_text="", text="楼道里有煤气味"))
    desk.change(None, made)
    return made


@pytest.mark.parametrize("language", ["zh", "en"])
def test_open_neighbours_are_listed_and_a_click_looks_at_one(
    qtbot: QtBot, new_desk: Callable[..., FakeDesk], language: str
) -> None:
    desk = new_desk(1366, 768, count=0, language=language)
    first, second = at_the_centre(desk, 1), at_the_centre(desk, 2)
    desk.selection.choose_incident(second.incident.id)
    listed = desk.card.alike
    assert listed.isVisible()
    assert listed.listed == (first.incident.id,)
    (line,) = [line for line in listed.lines if line.isVisible()]
    assert first.incident.number.rpartition("-")[2] in line.text()
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    assert desk.selection.incident == first.incident.id
    assert desk.card.alike.listed == (second.incident.id,)


def test_nothing_is_listed_once_it_is_filed_or_stands_alone(new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(count=0)
    alone = at_the_centre(desk, 1)
    desk.selection.choose_incident(alone.incident.id)
    assert not desk.card.alike.isVisible()
    other = at_the_centre(desk, 2)
    assert not desk.card.alike.isVisible()  # an arrival moves nothing on the card
    desk.selection.choose_incident(None)
    desk.selection.choose_incident(alone.incident.id)
    assert desk.card.alike.listed == (other.incident.id,)
    filed = replace(alone, incident=replace(alone.incident, state=State.FILED, version=alone.incident.version + 1))
    desk.change(alone, filed)
    assert not desk.card.alike.isVisible()
