"""The indicators on the desk: asked for when opened, shown beside their targets, written to a file on record."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.indicators.figures import SHAPES, Standing, bars_of, rows_of, standing_of
from desktop.indicators.indicator_view import IndicatorView
from desktop.link.from_server import Enquired
from desktop.link.to_server import Enquire
from desktop.words import Words
from governance.indicators import SEES_WORKERS, Direction, Figure, Indicator
from governance.people import Role
from governance.refusal import Refused
from tests.desktop.indicators.month import EXPORT, month, nothing
from tests.fakes.desks import FakeDesk
from tests.fakes.seats import a_seat
from tests.fakes.situations import DISTRICT
from wire.indicator_requests import ExportIndicators, IndicatorsAre, ReadIndicators

NewDesk = Callable[..., FakeDesk]


@pytest.mark.parametrize(
    ("direction", "target", "value", "standing"),
    [
        (Direction.UP, "95", "95.00", Standing.MET),
        (Direction.UP, "95", "94.99", Standing.MISSED),
        (Direction.DOWN, "5", "5.00", Standing.MET),
        (Direction.DOWN, "5", "5.01", Standing.MISSED),
        (Direction.NONE, "5", "5.01", Standing.OPEN),
        (Direction.UP, None, "1", Standing.OPEN),
        (Direction.UP, "95", None, Standing.OPEN),
    ],
)
def test_a_figure_meets_its_target_or_not(
    direction: Direction, target: str | None, value: str | None, standing: Standing
) -> None:
    assert standing_of(Indicator("K", "f", "percent", direction, "0", target), Figure("1", "K", value=value)) is standing


def test_met_and_missed_have_shapes_of_their_own() -> None:
    assert len({SHAPES[Standing.MET], SHAPES[Standing.MISSED], ""}) == 3


@pytest.mark.parametrize("role", [Role.LEADER, Role.AUDITOR, Role.DUTY_OFFICER, Role.SHIFT_LEAD])
def test_workers_one_by_one_are_offered_to_who_sees_scores(qtbot: QtBot, role: Role) -> None:
    seat = a_seat()
    seat.officer = replace(seat.officer, role=role)
    view = IndicatorView(seat)
    qtbot.addWidget(view)
    view.retell()
    offered = [view.by.itemData(at) for at in range(view.by.count())]
    assert offered == ["area", "unit", "worker"][: 3 if role in SEES_WORKERS else 2]
    assert (role in SEES_WORKERS) is (role in (Role.LEADER, Role.AUDITOR))


def test_of_workers_the_lowest_come_first_and_of_places_the_order_stays() -> None:
    subjects = {"a": "71.00", "b": None, "c": "9.50", "d": "100.00"}
    figures = tuple(Figure(name, "K29", value=value) for name, value in subjects.items())
    by_worker = structs.replace(month(by="worker"), figures=figures, names={})
    assert [name for name, _ in bars_of(by_worker, "K29")] == ["c", "a", "d", "b"]
    assert [name for name, _ in bars_of(structs.replace(by_worker, by="area"), "K29")] == ["a", "b", "c", "d"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_has_no_value_is_a_dash_that_says_why(language: str) -> None:
    words = Words(language)
    rows = {row.code: row for row in rows_of(month(state="frozen"), words)}
    assert (rows["K25a"].value, rows["K30"].value) == ("–", "–")
    assert words("indicators.missing.few") in rows["K25a"].tip
    assert words("indicators.missing.nothing") in rows["K30"].tip
    assert words("indicators.later.one", value="76.03") in rows["K11"].tip
    assert rows["K11"].counted == "737 / 972"
    assert rows["K11"].target == "≥ 95"
    assert rows["K15a"].target == "≤ 2"


def _asked(desk: FakeDesk) -> list[Enquire]:
    wanted = (ReadIndicators, ExportIndicators)
    return [wish for wish in desk.wishes if isinstance(wish, Enquire) and isinstance(wish.request, wanted)]


def _answer(desk: FakeDesk, reply: IndicatorsAre | None, refused: Refused | None = None, number: int = -1) -> None:
    desk.shifts.talk.came(Enquired(_asked(desk)[number].key, reply, refused))


def _opened(desk: FakeDesk) -> FakeDesk:
    desk.window.act("indicators")
    return desk


def test_nothing_is_asked_before_it_is_opened_and_then_for_the_month_that_runs(qtbot: QtBot, new_desk: NewDesk) -> None:
    desk = new_desk()
    assert _asked(desk) == []
    assert desk.window.indicators.view.charts.plots == {}
    qtbot.keyClick(desk.window, Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    view = desk.window.indicators.view
    assert view.isVisible()
    assert "2026-11" in view.empty.text()
    assert [wish.request for wish in _asked(desk)] == [ReadIndicators(0, "2026-11", DISTRICT)]
    _answer(desk, month())
    assert not view.empty.isVisible()
    assert view.table.rows_shown.rowCount() == 7
    assert len(view.charts.plots) == 4
    qtbot.keyClick(desk.window, Qt.Key.Key_Escape)
    assert not view.isVisible()


def test_another_choice_is_asked_for_and_an_older_answer_is_not_shown(qtbot: QtBot, new_desk: NewDesk) -> None:
    desk = _opened(new_desk())
    view = desk.window.indicators.view
    view.month.setCurrentIndex(1)
    view.month.activated.emit(1)
    _answer(desk, month("2026-11"), number=-2)
    assert view.reply is None
    assert not view.body.isVisible()
    _answer(desk, month("2026-10"))
    assert view.reply is not None
    assert _asked(desk)[-1].request == ReadIndicators(0, "2026-10", DISTRICT)
    assert view.area.count() == 3
    view.area.setCurrentIndex(1)
    view.by.setCurrentIndex(1)
    view.by.activated.emit(1)
    assert _asked(desk)[-1].request == ReadIndicators(0, "2026-10", "330104005", by="unit")


def test_a_month_without_anything_says_what_will_appear(qtbot: QtBot, new_desk: NewDesk) -> None:
    desk = _opened(new_desk())
    _answer(desk, nothing("2026-11"))
    view = desk.window.indicators.view
    assert view.empty.isVisible()
    assert view.empty.text() == desk.seat.words("indicators.nothing", month="2026-11")


def test_a_refusal_is_said_in_words(qtbot: QtBot, new_desk: NewDesk) -> None:
    desk = _opened(new_desk())
    _answer(desk, None, Refused("no_answer"))
    view = desk.window.indicators.view
    assert view.said.isVisible()
    assert view.said.text() == desk.seat.words("refused.no_answer")


def test_a_frozen_month_has_its_mark_and_tells_what_would_be_another(qtbot: QtBot, new_desk: NewDesk) -> None:
    desk = _opened(new_desk())
    _answer(desk, month(state="frozen"))
    view = desk.window.indicators.view
    assert "■" in view.state.text()
    assert view.later.isVisible()
    assert "K11" in view.later.text()


def test_choosing_a_row_compares_it_between_the_streets(qtbot: QtBot, new_desk: NewDesk) -> None:
    desk = _opened(new_desk())
    _answer(desk, month())
    view = desk.window.indicators.view
    assert "K11" in view.charts.titles["places"].text()
    view.table.selectRow(1)
    assert "K08" in view.charts.titles["places"].text()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_export_is_asked_for_and_then_written_for_excel(
    qtbot: QtBot, new_desk: NewDesk, tmp_path: Path, language: str
) -> None:
    desk = _opened(new_desk(language=language))
    _answer(desk, month())
    file = tmp_path / "指标.csv"
    desk.window.indicators.export_to(file)
    assert _asked(desk)[-1].request == ExportIndicators(0, "2026-10", DISTRICT)
    assert not file.exists()
    _answer(desk, month(export=EXPORT))
    content = file.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(rows) == 1 + 21 + 2
    assert str(EXPORT) in rows[-1][0]
    assert str(EXPORT) in desk.window.indicators.view.said.text()


@pytest.mark.parametrize(("name", "why"), [("", "is_folder"), ("no/such/x.csv", "no_folder"), ("x" * 300, "name_too_long")])
def test_a_file_that_cannot_be_written_is_refused_with_its_reason(
    qtbot: QtBot, new_desk: NewDesk, tmp_path: Path, name: str, why: str
) -> None:
    desk = _opened(new_desk())
    _answer(desk, month())
    desk.window.indicators.export_to(tmp_path / name)
    assert desk.seat.words(f"file_why.{why}") in desk.window.indicators.view.said.text()


def test_what_may_not_be_exported_leaves_no_file(qtbot: QtBot, new_desk: NewDesk, tmp_path: Path) -> None:
    desk = _opened(new_desk())
    _answer(desk, month())
    desk.window.indicators.export_to(tmp_path / "x.csv")
    _answer(desk, None, Refused("export_too_large", rows="1200", most="1000"))
    assert list(tmp_path.glob("*.csv")) == []
    assert "1200" in desk.window.indicators.view.said.text()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("theme", ["night", "day"])
@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768)])
def test_everything_has_its_place(qtbot: QtBot, new_desk: NewDesk, language: str, theme: str, size: tuple[int, int]) -> None:
    desk = new_desk(language=language, theme=theme)
    desk.window.resize(*size)
    _opened(desk)
    _answer(desk, month(state="frozen"))
    QApplication.sendPostedEvents()
    view = desk.window.indicators.view
    assert view.rect().contains(view.export.geometry())
    for part in (view.month, view.area, view.boundaries, view.by, view.export, view.hint, view.state):
        assert part.width() >= part.minimumSizeHint().width(), part
        assert view.rect().contains(part.geometry())
    assert view.table.horizontalHeader().length() <= view.table.viewport().width() + 1
    assert all(plot.height() >= 110 for plot in view.charts.plots.values())
