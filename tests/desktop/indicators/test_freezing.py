"""An auditor freezes and publishes a month by a second Ctrl+Enter; everybody else sees when, and by whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.link.from_server import Enquired
from desktop.link.to_server import Enquire
from governance.people import Officer, Role
from governance.refusal import Refused
from tests.desktop.indicators.month import month
from tests.fakes import situations
from tests.fakes.desks import FakeDesk
from wire.indicator_requests import FreezeIndicators, PeriodIs, PublishIndicators, ReadIndicators, Signed

NewDesk = Callable[..., FakeDesk]
AUDITOR: Officer = replace(situations.OFFICER, role=Role.AUDITOR, shift=None, name="陈督考")
FROZEN = Signed(datetime(2026, 11, 5, 1, 0, tzinfo=UTC), "陈督考")
PUBLISHED = structs.replace(FROZEN, published_at=datetime(2026, 11, 6, 1, 0, tzinfo=UTC), published_by="李督考")


def asked(desk: FakeDesk, kind: type) -> list[Any]:
    return [wish for wish in desk.wishes if isinstance(wish, Enquire) and isinstance(wish.request, kind)]


def answer(desk: FakeDesk, kind: type, reply: Any, refused: Refused | None = None) -> None:
    desk.shifts.talk.came(Enquired(asked(desk, kind)[-1].key, reply, refused))


def opened(new_desk: NewDesk, officer: Officer = AUDITOR, text: str = "2026-10", state: str = "open", **how: Any) -> FakeDesk:
    desk = new_desk(officer=officer, **how)
    desk.window.act("indicators")
    signed = {"open": None, "frozen": FROZEN, "published": PUBLISHED}[state]
    answer(desk, ReadIndicators, structs.replace(month(text, state=state), signed=signed))
    return desk


def confirm(qtbot: QtBot, desk: FakeDesk) -> None:
    qtbot.keyClick(desk.window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_a_month_is_frozen_by_a_second_ctrl_enter_and_read_anew(qtbot: QtBot, new_desk: NewDesk) -> None:
    desk = opened(new_desk)
    view, words = desk.window.indicators.view, desk.seat.words
    assert view.freeze.text() == words("indicators.freeze", month="2026-10")
    confirm(qtbot, desk)
    assert asked(desk, FreezeIndicators) == []
    assert view.said.text() == words("indicators.freeze.confirm", month="2026-10")
    assert view.freeze.text() == words("indicators.freeze.again", month="2026-10")
    qtbot.keyClick(desk.window, Qt.Key.Key_Escape)
    assert view.isVisible()
    assert view.freeze.text() == words("indicators.freeze", month="2026-10")
    for _ in range(3):
        confirm(qtbot, desk)
    (wish,) = asked(desk, FreezeIndicators)
    assert wish.request == FreezeIndicators(0, "2026-10")
    assert not view.freeze.isEnabled() or view.freeze.isHidden()
    answer(desk, FreezeIndicators, PeriodIs(0, "2026-10", "frozen", FROZEN))
    assert view.said.text() == words("indicators.freeze.done", month="2026-10")
    answer(desk, ReadIndicators, structs.replace(month(state="frozen"), signed=FROZEN))
    assert view.freeze.text() == words("indicators.publish", month="2026-10")
    assert "陈督考" in view.state.text()


def test_a_frozen_month_is_published_and_then_nothing_is_left_to_do(qtbot: QtBot, new_desk: NewDesk) -> None:
    desk = opened(new_desk, state="frozen")
    for _ in range(2):
        desk.window.indicators.view.freeze.click()
    (wish,) = asked(desk, PublishIndicators)
    assert wish.request == PublishIndicators(0, "2026-10")
    answer(desk, PublishIndicators, PeriodIs(0, "2026-10", "published", PUBLISHED))
    answer(desk, ReadIndicators, structs.replace(month(state="published"), signed=PUBLISHED))
    view = desk.window.indicators.view
    assert not view.freeze.isVisible()
    assert "李督考" in view.state.text()


def test_a_month_that_runs_cannot_be_frozen_and_says_why(qtbot: QtBot, new_desk: NewDesk) -> None:
    desk = opened(new_desk, text="2026-11")
    view = desk.window.indicators.view
    assert not view.freeze.isEnabled()
    assert view.freeze.toolTip() == desk.seat.words("refused.month_not_over", month="2026-11")
    confirm(qtbot, desk)
    assert view.said.text() == desk.seat.words("refused.month_not_over", month="2026-11")
    assert asked(desk, FreezeIndicators) == []


@pytest.mark.parametrize("code", ["month_frozen", "not_your_role", "no_answer"])
def test_what_is_refused_is_said_and_the_month_is_read_anew(qtbot: QtBot, new_desk: NewDesk, code: str) -> None:
    desk = opened(new_desk)
    count = len(asked(desk, ReadIndicators))
    for _ in range(2):
        confirm(qtbot, desk)
    answer(desk, FreezeIndicators, None, Refused(code, "month", month="2026-10", role="AU"))
    assert desk.window.indicators.view.said.isVisible()
    assert len(asked(desk, ReadIndicators)) == count + 1


@pytest.mark.parametrize("officer", [situations.OFFICER, situations.SHIFT_LEAD], ids=lambda each: each.role)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_others_see_when_and_by_whom_and_have_no_button(new_desk: NewDesk, officer: Officer, language: str) -> None:
    desk = opened(new_desk, officer, state="published", language=language)
    view = desk.window.indicators.view
    assert not view.freeze.isVisible()
    assert "陈督考" in view.state.text()
    assert "李督考" in view.state.text()
    desk.window.act("send")
    assert asked(desk, FreezeIndicators) == asked(desk, PublishIndicators) == []


def test_another_month_is_not_frozen_by_a_confirmation_of_the_one_before(qtbot: QtBot, new_desk: NewDesk) -> None:
    desk = opened(new_desk)
    confirm(qtbot, desk)
    view = desk.window.indicators.view
    view.month.setCurrentIndex(2)
    view.month.activated.emit(2)
    answer(desk, ReadIndicators, month("2026-09"))
    confirm(qtbot, desk)
    assert asked(desk, FreezeIndicators) == []


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768)])
@pytest.mark.parametrize("state", ["open", "published"])
def test_everything_has_its_place(new_desk: NewDesk, language: str, size: tuple[int, int], state: str) -> None:
    desk = opened(new_desk, language=language, state=state)
    desk.window.resize(*size)
    if state == "open":
        desk.window.act("send")
    QApplication.processEvents()
    view = desk.window.indicators.view
    assert view.rect().contains(view.export.geometry())
    assert view.rect().contains(view.hint.geometry())
    assert not view.freeze.isVisible() or view.freeze.width() >= view.freeze.sizeHint().width()
