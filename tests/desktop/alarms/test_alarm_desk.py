"""Alarms on the desk: heard once, shown without moving anything, silenced, shelved and muted with an end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.alarms.alarm_chip import AlarmChip
from desktop.alarms.alarm_mark import draw_alarm
from desktop.alarms.alarm_panel import MOST_ROWS
from desktop.alarms.day_count import MOST_A_DAY
from desktop.alarms.kinds import AlarmKind, Priority, Sound
from desktop.alarms.sound_thread import Device
from desktop.alarms.standing import SHELF_MINUTES
from governance.incident import Case, Urgency
from tests.fakes import situations
from tests.fakes.desks import FakeDesk
from tests.fakes.quiet_link import WholeDesk

KEY = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
NO = Qt.KeyboardModifier.NoModifier
SIZES = [(1920, 1080), (1366, 768)]


def press(qtbot: QtBot, desk: FakeDesk, key: Qt.Key, modifier: Qt.KeyboardModifier = NO) -> None:
    """A key press of the officer: it goes to whatever has the focus."""
    qtbot.keyClick(QApplication.focusWidget() or desk.window, key, modifier)
    qtbot.waitUntil(lambda: not desk.window.keyboard.is_waiting)


def urgent(desk: FakeDesk, number: int, **fields: object) -> Case:
    """A 特急 report arrives."""
    case = situations.reported(number, desk.now)
    usual: dict[str, object] = {"urgency": Urgency.IMMEDIATE}
    case = replace(case, incident=replace(case.incident, **(usual | fields)))  # type: ignore[arg-type]
    desk.change(None, case)
    return case


def pass_time(desk: FakeDesk, **span: float) -> None:
    """So much time passes on the desk."""
    desk.now += timedelta(**span)
    desk.alarms.pass_time()


def chips(desk: FakeDesk) -> list[AlarmChip]:
    """The alarms one can see on the strip."""
    return [chip for chip in desk.alarms.strip.chips if chip.isVisible()]


def heard(desk: FakeDesk) -> list[Sound]:
    return [sound for sound, _ in desk.sound.played]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_an_alarm_moves_neither_selection_nor_focus_nor_any_panel(
    qtbot: QtBot, new_desk: Callable[..., FakeDesk], width: int, height: int
) -> None:
    desk = new_desk(width, height)
    chosen = desk.choose("handling")
    desk.window.give_keys_back()
    panels = (desk.board, desk.map, desk.card)

    def places() -> list[object]:
        return [(panel.mapTo(desk.window, QPoint()), panel.size()) for panel in panels]

    before, holder, row = places(), QApplication.focusWidget(), desk.board.view.height_of_selected()
    urgent(desk, 1)
    assert heard(desk) == [Sound.URGENT]
    assert len(chips(desk)) == 1
    assert places() == before
    assert QApplication.focusWidget() is holder
    assert desk.selection.incident == chosen.incident.id
    assert desk.board.view.height_of_selected() == row


def test_a_report_that_is_not_urgent_rings_nowhere(desk: FakeDesk) -> None:
    urgent(desk, 1, urgency=Urgency.URGENT)
    assert (heard(desk), chips(desk)) == ([], [])
    assert desk.alarms.strip.empty.isVisible()


def test_space_silences_and_marks_as_seen_and_the_alarm_stands_on(qtbot: QtBot, desk: FakeDesk) -> None:
    urgent(desk, 1)
    press(qtbot, desk, KEY.Key_Space)
    assert desk.sound.hushed == 1
    assert chips(desk) == []
    assert desk.alarms.strip.empty.text() == desk.seat.words("alarm.strip.seen_all")
    assert [row.is_seen for row in desk.alarms.rows] == [True]
    assert desk.window.why_not("seen") == desk.seat.words("alarm.seen.none")


def test_space_in_a_field_is_a_space(qtbot: QtBot, desk: FakeDesk) -> None:
    urgent(desk, 1)
    desk.board.filter.setFocus()
    press(qtbot, desk, KEY.Key_Space)
    assert desk.board.filter.text() == " "
    assert len(chips(desk)) == 1


def test_an_alarm_goes_when_its_report_is_taken_in(desk: FakeDesk) -> None:
    case = urgent(desk, 1)
    taken = replace(case, incident=replace(case.incident, state="filed", version=2))  # type: ignore[arg-type]
    desk.change(case, taken)
    assert desk.alarms.rows == ()


def test_a_click_on_an_alarm_goes_to_its_incident_and_marks_only_it(qtbot: QtBot, desk: FakeDesk) -> None:
    first, _ = urgent(desk, 1), urgent(desk, 2)
    chip = next(each for each in chips(desk) if each.row and each.row.fact.incident == first.incident.id)
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert desk.selection.incident == first.incident.id
    assert desk.card.case is not None
    assert desk.map.asked[-1] == "go_to"
    assert len(chips(desk)) == 1


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_list_covers_neither_board_nor_card(
    qtbot: QtBot, new_desk: Callable[..., FakeDesk], width: int, height: int, language: str
) -> None:
    desk = new_desk(width, height, language=language)
    urgent(desk, 1)
    press(qtbot, desk, KEY.Key_F10)
    panel = desk.alarms.panel
    assert panel.isVisible()
    left = desk.map.mapTo(desk.window, QPoint()).x()
    assert left <= panel.geometry().left()
    assert panel.geometry().right() < left + desk.map.width()
    assert desk.alarms.strip.geometry().bottom() < panel.geometry().top()
    shown = [part for kind in (QLabel, QPushButton) for part in panel.findChildren(kind) if part.isVisible()]
    qtbot.waitUntil(lambda: not [each for each in shown if each.width() < each.minimumSizeHint().width()])
    press(qtbot, desk, KEY.Key_Escape)
    assert not panel.isVisible()
    assert desk.board.view.hasFocus(), "the keys are back"


def test_by_keys_in_the_list_one_walks_goes_there_and_shelves(qtbot: QtBot, desk: FakeDesk) -> None:
    for number in range(3):
        urgent(desk, number, grid=f"33010400505{number + 1}001")
    press(qtbot, desk, KEY.Key_F10)
    press(qtbot, desk, KEY.Key_J)
    second = desk.alarms.panel.current
    assert second is desk.alarms.rows[1]
    press(qtbot, desk, KEY.Key_2)
    assert [minutes_until(desk, until) for _, until in desk.alarms.standing.shelved()] == [15]
    assert len(desk.alarms.rows) == 2
    assert [line.isVisible() for line, _, _ in desk.alarms.panel.shelf_lines] == [True]
    current = desk.alarms.panel.current
    assert current is not None
    press(qtbot, desk, KEY.Key_Return)
    assert desk.selection.incident == current.fact.incident
    assert not desk.alarms.panel.isVisible()


def minutes_until(desk: FakeDesk, until: object) -> float:
    return (until - desk.now).total_seconds() / 60  # type: ignore[operator,no-any-return]


def test_what_was_shelved_comes_back_by_itself_and_rings(qtbot: QtBot, desk: FakeDesk) -> None:
    urgent(desk, 1)
    desk.alarms.see()
    desk.alarms.shelve(desk.alarms.rows[0], 5)
    assert desk.alarms.rows == ()
    pass_time(desk, minutes=4.9)
    assert desk.alarms.rows == ()
    pass_time(desk, minutes=0.2)
    assert [row.is_seen for row in desk.alarms.rows] == [False]
    assert heard(desk) == [Sound.URGENT] * 2


def test_what_is_taken_back_from_the_shelf_stands_again(qtbot: QtBot, desk: FakeDesk) -> None:
    urgent(desk, 1)
    press(qtbot, desk, KEY.Key_F10)
    press(qtbot, desk, KEY.Key_4)
    qtbot.mouseClick(desk.alarms.panel.shelf_lines[0][2], Qt.MouseButton.LeftButton)
    assert len(desk.alarms.rows) == 1
    assert desk.alarms.standing.shelved() == ()


def test_a_mute_is_said_in_the_top_bar_and_ends_by_itself(qtbot: QtBot, desk: FakeDesk) -> None:
    assert not desk.top.muted.isVisible()
    press(qtbot, desk, KEY.Key_M, CTRL)
    assert desk.top.muted.isVisible()
    assert "14:47" in desk.top.muted.text()
    urgent(desk, 1)
    assert heard(desk) == []
    assert len(chips(desk)) == 1, "it is seen all the same"
    pass_time(desk, minutes=15)
    assert not desk.top.muted.isVisible()
    assert heard(desk) == [Sound.URGENT], "what nobody could hear is heard now"


@pytest.mark.parametrize("minutes", SHELF_MINUTES)
def test_every_mute_ends_by_itself(desk: FakeDesk, minutes: int) -> None:
    desk.alarms.mute(minutes)
    pass_time(desk, minutes=minutes - 0.01)
    assert desk.alarms.muted_until is not None
    pass_time(desk, minutes=0.01)
    assert desk.alarms.muted_until is None


def test_a_click_on_the_mute_ends_it(qtbot: QtBot, desk: FakeDesk) -> None:
    desk.alarms.mute(60)
    qtbot.mouseClick(desk.top.muted, Qt.MouseButton.LeftButton)
    assert desk.alarms.muted_until is None
    assert not desk.top.muted.isVisible()


def test_nothing_is_muted_for_ever(desk: FakeDesk) -> None:
    for odd in (-1, 61, 1440, 1_000_000):
        with pytest.raises(ValueError, match="not a length"):
            desk.alarms.mute(odd)


def test_the_lost_connection_is_heard_in_a_mute_too_and_cannot_be_shelved(qtbot: QtBot, desk: FakeDesk) -> None:
    desk.alarms.mute(30)
    desk.alarms.tell_link(False, desk.now)
    assert heard(desk) == [Sound.LINK]
    press(qtbot, desk, KEY.Key_F10)
    (item,) = [each for each in desk.alarms.panel.items if each.isVisible()]
    assert not any(button.isVisible() for button in item.shelves.values())
    assert item.shelf.text() == desk.seat.words("alarm.shelve.never")
    press(qtbot, desk, KEY.Key_1)
    assert len(desk.alarms.rows) == 1
    desk.alarms.tell_link(True, desk.now)
    assert desk.alarms.rows == ()


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("静音", lambda desk: desk.alarms.muted_until is not None),
        ("mute", lambda desk: desk.alarms.muted_until is not None),
        ("告警", lambda desk: desk.alarms.panel.isVisible()),
        ("alarms", lambda desk: desk.alarms.panel.isVisible()),
        ("已看", lambda desk: desk.alarms.rows[0].is_seen),
        ("silence", lambda desk: desk.alarms.rows[0].is_seen),
    ],
)
def test_the_command_line_knows_the_alarms(desk: FakeDesk, line: str, what: Callable[[FakeDesk], bool]) -> None:
    urgent(desk, 1)
    desk.top.command.entered.emit(line)
    assert what(desk)


def test_two_hundred_reports_are_one_chip_one_row_and_one_sound(qtbot: QtBot, desk: FakeDesk) -> None:
    for number in range(200):
        urgent(desk, 100 + number, category="01.01", grid="330104005051001")
        pass_time(desk, seconds=3)
    assert heard(desk) == [Sound.URGENT]
    (chip,) = chips(desk)
    assert chip.row is not None
    assert chip.row.count == 200
    assert "200" in chip.accessibleName()


def test_a_long_list_says_how_many_it_leaves_out(qtbot: QtBot, desk: FakeDesk) -> None:
    for number in range(MOST_ROWS + 7):
        urgent(desk, 100 + number, category=f"{number % 10 + 1:02d}.01", grid=f"330104{number:06d}001")
        pass_time(desk, minutes=3)
    press(qtbot, desk, KEY.Key_F10)
    assert sum(item.isVisible() for item in desk.alarms.panel.items) == MOST_ROWS
    assert desk.alarms.panel.more.text() == desk.seat.words("alarm.more", count=7)


def test_more_than_one_person_can_answer_in_a_day_is_said(desk: FakeDesk) -> None:
    desk.window.act("alarms")
    desk.alarms.panel.show_rows((), (), MOST_A_DAY)
    assert desk.alarms.panel.day.property("look") == "figures"
    desk.alarms.panel.show_rows((), (), MOST_A_DAY + 1)
    assert desk.alarms.panel.day.property("look") == "warn"
    assert desk.alarms.panel.empty.text() == desk.seat.words("alarm.none")


def test_a_machine_without_sound_is_told_of_in_one_quiet_line(desk: FakeDesk) -> None:
    desk.sound.said.put(Device(why_not="no sound device"))
    desk.alarms.pass_time()
    desk.window.act("alarms")
    assert desk.alarms.panel.settings.note.text() == desk.seat.words("alarm.no_device")
    desk.sound.said.put(Device("default"))
    desk.alarms.pass_time()
    assert desk.alarms.panel.settings.note.text() == desk.seat.words("alarm.mute.note")


def test_loudness_mute_and_shelves_are_the_officers_own(qtbot: QtBot, new_desk: Callable[..., FakeDesk]) -> None:
    first = new_desk()
    case = urgent(first, 1)
    first.window.act("alarms")
    first.alarms.panel.settings.loudness.setValue(2)
    first.alarms.shelve(first.alarms.rows[0], 30)
    first.alarms.mute(30)
    first.window.put_away()
    again = new_desk()
    again.change(None, case)
    assert (again.alarms.loudness, again.alarms.muted_until) == (2, first.alarms.muted_until)
    assert again.top.muted.isVisible()
    assert again.alarms.rows == (), "it is still on the shelf"
    assert again.alarms.standing.day.count(again.now) == 1
    other = new_desk(account="other")
    assert (other.alarms.loudness, other.alarms.muted_until) == (6, None)


def test_every_sound_can_be_heard_once_at_the_loudness_that_is_set(qtbot: QtBot, desk: FakeDesk) -> None:
    desk.window.act("alarms")
    settings = desk.alarms.panel.settings
    settings.loudness.setValue(9)
    for button in settings.hear.values():
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert desk.sound.played == [(sound, 9) for sound in Sound]


def test_while_nobody_sits_here_nothing_is_heard_and_it_is_once_somebody_does(desk: FakeDesk) -> None:
    desk.window.put_away()
    desk.window.hide()
    urgent(desk, 1)
    assert heard(desk) == []
    desk.window.show()
    assert heard(desk) == [Sound.URGENT]


@pytest.mark.parametrize("theme", ["night", "day"])
@pytest.mark.parametrize("kind", AlarmKind)
def test_every_kind_has_words_a_shape_and_a_place(new_desk: Callable[..., FakeDesk], theme: str, kind: AlarmKind) -> None:
    desk = new_desk(theme=theme)
    case = urgent(desk, 1)
    fact = replace(desk.alarms.rows[0].fact, kind=kind, incident=case.incident.id if kind is not AlarmKind.LINK else None)
    desk.alarms.tell("shown", (fact,))
    for language in ("zh", "en"):
        desk.window.speak(language)
        named = [chip.accessibleName() for chip in chips(desk) if chip.row and chip.row.fact.kind is kind]
        assert len(named) == 1
        assert desk.window.grab().width() > 0


def test_shapes_differ_and_are_fuller_the_graver(qtbot: QtBot, desk: FakeDesk) -> None:
    def drawn(kind: AlarmKind, priority: Priority) -> tuple[bytes, int]:
        image = QImage(24, 24, QImage.Format.Format_RGB32)
        image.fill(0)
        painter = QPainter(image)
        draw_alarm(painter, kind, QPointF(12, 12), 18, desk.seat.palette, priority)
        painter.end()
        grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
        figures = bytes(1 if value > 40 else 0 for value in bytes(grey.constBits())[: 24 * 24])
        return figures, sum(figures)

    shapes = [AlarmKind.URGENT, AlarmKind.OVERDUE, AlarmKind.UNANSWERED, AlarmKind.LINK]
    assert len({drawn(kind, Priority.HIGH)[0] for kind in shapes}) == len(shapes)
    for kind in shapes:
        assert drawn(kind, Priority.CRITICAL)[1] > 1.3 * drawn(kind, Priority.HIGH)[1]


def test_the_whole_desk_looks_for_a_device_and_ends_without_a_trace(qtbot: QtBot, tmp_path: Path) -> None:
    whole = WholeDesk(tmp_path)
    qtbot.addWidget(whole.window)
    whole.desk.start()
    try:
        whole.sign_on("wang", situations.OFFICER)
        whole.snapshot()
        duty = whole.desk.duty
        assert duty is not None
        whole.window.show()
        qtbot.waitUntil(lambda: duty.alarms.device is not None, timeout=20_000)
        assert duty.alarms.device is not None
        assert bool(duty.alarms.device.name) != bool(duty.alarms.device.why_not)
    finally:
        whole.desk.stop()
