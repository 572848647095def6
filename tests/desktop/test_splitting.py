"""Splitting by keys: two or more parts, each with its kind and title, its place where that differs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from desktop.dispatch.split_form import SplitForm
from desktop.phrases import refusal_sentence
from governance.commands import Part, Split
from governance.places import LonLat
from governance.refusal import Refused
from tests.fakes.desks import FakeDesk
from tests.fakes.situations import SHIFT_LEAD


def split_form(desk: FakeDesk) -> SplitForm:
    """M, then the way to split."""
    desk.seat.officer = replace(SHIFT_LEAD)
    desk.choose("filed")
    desk.window.act("merge")
    form = desk.card.form
    assert form is not None
    form.other_wanted.emit("split")
    assert isinstance(desk.card.form, SplitForm)
    return desk.card.form


def test_two_parts_are_filed_and_one_lies_elsewhere(desk: FakeDesk) -> None:
    form = split_form(desk)
    case = desk.card.case
    assert case is not None
    form.parts[1].category.choose("03.01")
    form.parts[1].named.setText("门口占道")
    form.parts[1].pick.click()
    assert desk.selection.is_picking
    desk.selection.pick_place(LonLat(120.22, 30.28))
    desk.window.act("send")
    order = desk.sent[-1]
    assert (order.incident, order.version) == (case.incident.id, case.incident.version)
    assert isinstance(order.command, Split)
    first, second = order.command.parts
    assert (first.category, first.place) == (case.incident.category, None)
    assert second == Part("03.01", "门口占道", place=LonLat(120.22, 30.28))


@pytest.mark.parametrize(
    ("category", "title", "said"),
    [("", "甲", "part_category_needed"), ("03.01", "", "part_title_needed"), ("03.01", "甲" * 121, "part_title_too_long")],
)
def test_an_empty_field_is_said_with_the_number_of_its_part(desk: FakeDesk, category: str, title: str, said: str) -> None:
    form = split_form(desk)
    form.parts[1].category.setText(category)
    form.parts[1].named.setText(title)
    desk.window.act("send")
    assert not desk.sent
    assert form.said.text() == desk.seat.words(f"refused.{said}", number="2", most="120")
    assert form.parts[1].named.text() == title


def test_parts_are_added_taken_away_and_kept_as_a_draft(desk: FakeDesk) -> None:
    form = split_form(desk)
    form.add.click()
    form.parts[2].named.setText("第三件")
    assert len(form.parts) == 3
    form.parts[1].remove.click()
    assert [part.named.text() for part in form.parts][-1] == "第三件"
    assert not form.parts[1].remove.isVisible()
    assert desk.card.close_form()
    again = split_form(desk)
    assert [part.named.text() for part in again.parts][-1] == "第三件"


def test_a_part_that_was_refused_can_be_taken_away_and_the_rest_written_on(qtbot: QtBot, desk: FakeDesk) -> None:
    form = split_form(desk)
    form.parts[1].category.choose("03.01")
    form.parts[1].named.setText("第二件")
    form.add.click()
    desk.window.act("send")
    assert form.said.text() == desk.seat.words("refused.part_category_needed", number="3")
    gone = form.parts[2]
    gone.remove.click()
    qtbot.waitUntil(lambda: not isValid(gone))
    form.parts[1].named.setText("第二件，改了")
    desk.window.act("send")
    order = desk.sent[-1].command
    assert isinstance(order, Split)
    assert order.parts[-1].title == "第二件，改了"


@pytest.mark.parametrize(
    ("refused", "field"),
    [(Refused("outside_district", "place"), "pick"), (Refused("outside_first", "parts", to="119"), "category")],
)
def test_what_the_server_refuses_of_a_part_stands_beside_it(desk: FakeDesk, refused: Refused, field: str) -> None:
    leaf = desk.situation.rules.categories["03.01"]
    desk.situation.rules.categories["03.01"] = replace(leaf, outside=("119",))
    form = split_form(desk)
    form.parts[1].category.choose("03.01")
    form.parts[1].named.setText("第二件")
    form.parts[1].put_place(LonLat(120.22, 30.28))
    desk.window.act("send")
    desk.refuse(desk.sent[-1], refused)
    assert form.said.text() == refusal_sentence(desk.seat.words, refused)
    assert getattr(form.parts[1], field).property("refused") is True
    assert not getattr(form.parts[0], field).property("refused")
    assert edged(getattr(form.parts[1], field), desk.seat.palette.immediate)
    assert not edged(getattr(form.parts[0], field), desk.seat.palette.immediate)


def edged(widget: QWidget, colour: str) -> bool:
    """Whether a colour stands all along the upper edge of what is shown."""
    picture = widget.grab().toImage()
    return any(all(picture.pixelColor(x, y) == QColor(colour) for x in range(10, picture.width() - 10)) for y in range(3))
