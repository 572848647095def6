"""The changes of boundaries at the desk: read when opened, each with what it moves, and the next step for whose it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.boundaries.boundary_desk import BoundaryDesk
from desktop.boundaries.told import may
from desktop.link.from_server import Enquired
from desktop.link.to_server import Enquire
from desktop.sheet import Answer
from governance.people import Role
from governance.redivision import Act, Stage
from governance.refusal import Refused
from tests.fakes import situations
from tests.fakes.desks import FakeDesk
from tests.fakes.seats import a_seat
from wire.boundary_requests import (
    ActOnBoundaries,
    AncestryIs,
    BoundaryChangeIs,
    BoundaryChangesAre,
    BoundaryOutcomeIs,
    MovedIs,
    ReadBoundaryChanges,
    ReadBoundaryOutcome,
)

NewDesk = Callable[..., FakeDesk]
FIRST, SECOND = UUID(int=1), UUID(int=2)
GRID, NEW = "330104005051003", "330104005051009"


def change(key: UUID = FIRST, stage: Stage = Stage.CHECKED, **more: Any) -> BoundaryChangeIs:
    """A change of boundaries as the server tells of it."""
    said: dict[str, Any] = {
        "title": "网格分设", "reason": "人口增长", "document": "民政〔2026〕1号", "area": "330104005", "version": 3,
        "made_at": datetime(2026, 11, 20, 1, 0, tzinfo=UTC), "effective_on": None, "editors": ("李图",), "approver": "",
        "publisher": "", "trouble": "", "counts": {"incident": 2, "worker": 1}, "unstaffed": (),
    } | more  # fmt: skip
    return BoundaryChangeIs(id=key, stage=stage.value, **said)


def outcome(key: UUID = FIRST) -> BoundaryOutcomeIs:
    """What it moves."""
    ancestry = (AncestryIs(GRID, GRID, "split", 0.6), AncestryIs(GRID, NEW, "split", 0.4))
    moved = (MovedIs("incident", "x", "QX01-1", GRID, NEW), MovedIs("worker", "y", "王芳 #3", GRID, NEW))
    return BoundaryOutcomeIs(1, key, 3, datetime(2026, 11, 24, tzinfo=UTC), ancestry, (), moved, False)


def asked(desk: FakeDesk) -> list[Enquire]:
    """What was asked of the server about boundaries."""
    kinds = (ReadBoundaryChanges, ReadBoundaryOutcome, ActOnBoundaries)
    return [wish for wish in desk.wishes if isinstance(wish, Enquire) and isinstance(wish.request, kinds)]


def answer(desk: FakeDesk, reply: Any, refused: Refused | None = None) -> None:
    """The server answers what was asked last."""
    desk.shifts.talk.came(Enquired(asked(desk)[-1].key, reply, refused))


def opened(new_desk: NewDesk, role: Role, *changes: BoundaryChangeIs, **how: Any) -> FakeDesk:
    """A desk of a role with the sheet open over these changes."""
    desk = new_desk(officer=replace(situations.OFFICER, role=role), **how)
    desk.window.act("boundaries")
    answer(desk, BoundaryChangesAre(1, changes))
    if changes:
        answer(desk, outcome(changes[0].id))
    return desk


@pytest.mark.parametrize(
    ("stage", "role", "acts"),
    [
        (Stage.DRAFT, Role.GIS_STAFF, (Act.CHECK, Act.WITHDRAW)),
        (Stage.DRAFT, Role.AUDITOR, ()),
        (Stage.CHECKED, Role.AUDITOR, (Act.APPROVE, Act.SEND_BACK)),
        (Stage.APPROVED, Role.ADMINISTRATOR, (Act.PUBLISH, Act.WITHDRAW)),
        (Stage.PUBLISHED, Role.GIS_STAFF, (Act.WITHDRAW,)),
        (Stage.IN_FORCE, Role.ADMINISTRATOR, (Act.TAKE_BACK,)),
        (Stage.TAKEN_BACK, Role.ADMINISTRATOR, ()),
        (Stage.DRAFT, Role.DUTY_OFFICER, ()),
    ],
)
def test_each_stage_has_its_steps_for_whose_they_are(stage: Stage, role: Role, acts: tuple[Act, ...]) -> None:
    assert may(change(stage=stage), role) == acts


def test_who_does_not_keep_boundaries_is_told_why(qtbot: QtBot, new_desk: NewDesk) -> None:
    desk = new_desk()
    desk.window.act("boundaries")
    assert asked(desk) == []
    assert not desk.window.sheets.boundaries.view.isVisible()


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768)])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_change_is_shown_with_all_that_it_moves(
    qtbot: QtBot, new_desk: NewDesk, language: str, size: tuple[int, int]
) -> None:
    desk = new_desk(*size, officer=replace(situations.OFFICER, role=Role.GIS_STAFF), language=language)
    qtbot.keyClick(desk.board.view, Qt.Key.Key_B, Qt.KeyboardModifier.ShiftModifier)
    view = desk.window.sheets.boundaries.view
    qtbot.waitUntil(view.isVisible)
    assert view.empty.text() == desk.seat.words("redivision.none")
    answer(desk, BoundaryChangesAre(1, (change(), change(SECOND, Stage.IN_FORCE, effective_on=date(2026, 11, 1)))))
    assert asked(desk)[-1].request == ReadBoundaryOutcome(0, FIRST)
    answer(desk, outcome())
    assert view.list.count() == 2
    assert "人口增长" in view.facts.text()
    rows = [[view.table.item(row, column).text() for column in range(4)] for row in range(view.table.rowCount())]
    assert len(rows) == 4
    assert rows[2][1] == "QX01-1"
    assert [row[3] for row in rows[1:]] == [NEW] * 3
    view.list.setCurrentRow(1)
    assert asked(desk)[-1].request == ReadBoundaryOutcome(0, SECOND)
    answer(desk, None, Refused("not_checked"))
    assert not view.table.isVisible()
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not view.isVisible())


def test_an_act_is_of_the_version_that_was_seen_and_its_end_is_said(qtbot: QtBot, new_desk: NewDesk) -> None:
    desk = opened(new_desk, Role.AUDITOR, change())
    view = desk.window.sheets.boundaries.view
    qtbot.keyClick(view, Qt.Key.Key_A)
    assert asked(desk)[-1].request == ActOnBoundaries(0, FIRST, 3, "approve")
    answer(desk, BoundaryChangesAre(1, (change(stage=Stage.APPROVED, version=4, approver="督考"),)))
    assert view.said.text() == desk.seat.words("redivision.act.approve.done", title="网格分设")
    assert "督考" in view.facts.text()
    assert [act for act, button in view.buttons.items() if button.isVisible()] == [Act.SEND_BACK]


def test_what_concerns_everybody_is_pressed_twice_and_on_the_day_that_is_chosen(qtbot: QtBot) -> None:
    seat, window = a_seat(), QWidget()
    seat.officer = replace(seat.officer, role=Role.ADMINISTRATOR)
    qtbot.addWidget(window)
    window.resize(1366, 700)
    window.show()
    sent: list[tuple[Any, Answer]] = []
    desk = BoundaryDesk(seat, lambda request, answered: sent.append((request, answered)))
    desk.live_in(window, window.rect)
    desk.switch()
    sent[-1][1](BoundaryChangesAre(1, (change(stage=Stage.APPROVED),)), None)
    view, before = desk.view, len(sent)
    view.day.setDate(QDate(2026, 12, 31))
    qtbot.keyClick(view, Qt.Key.Key_P)
    assert len(sent) == before
    assert "2026-12-31" in view.said.text()
    assert desk.step_out()
    assert view.isVisible()
    qtbot.keyClick(view, Qt.Key.Key_P)
    qtbot.keyClick(view, Qt.Key.Key_P)
    assert sent[-1][0] == ActOnBoundaries(0, FIRST, 3, "publish", date(2026, 12, 31))
    qtbot.keyClick(view, Qt.Key.Key_P)  # while it is on its way nothing is sent twice
    assert len([request for request, _ in sent if isinstance(request, ActOnBoundaries)]) == 1
    assert desk.step_out()
    assert not view.isVisible()


def test_a_refusal_is_said_and_the_changes_are_read_anew(qtbot: QtBot, new_desk: NewDesk) -> None:
    desk = opened(new_desk, Role.GIS_STAFF, change(stage=Stage.DRAFT, counts={}))
    view = desk.window.sheets.boundaries.view
    qtbot.mouseClick(view.buttons[Act.CHECK], Qt.MouseButton.LeftButton)
    answer(desk, None, Refused("boundaries_wrong", "grids", count="3", kind="gap", grids=GRID, at="120.1 30.2"))
    assert GRID in view.said.text()
    assert view.said.isVisible()
    assert asked(desk)[-1].request == ReadBoundaryChanges(0)


def test_texts_of_others_are_shown_letter_by_letter(qtbot: QtBot, new_desk: NewDesk) -> None:
    desk = opened(new_desk, Role.GIS_STAFF, change(title="<b>x</b>", reason="<img src='http://a/'>"))
    view = desk.window.sheets.boundaries.view
    assert view.name.text() == "<b>x</b>"
    for label in (view.name, view.facts, view.said):
        assert label.textFormat() == Qt.TextFormat.PlainText
