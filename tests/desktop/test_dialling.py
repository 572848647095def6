"""T rings somebody up by the workstation's own telephone program: on record first, no number ever on the screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.dispatch.dial_form import DialForm
from desktop.link.from_server import Enquired
from desktop.link.to_server import Enquire
from governance.refusal import Refused
from tests.desktop.test_life_by_keys import type_keys
from tests.fakes.desks import FakeDesk
from wire.dial_requests import AskDial, DialIs

NUMBER = "13912345678"


class Program(QObject):
    """The telephone program: what it was given."""

    def __init__(self) -> None:
        """It rings nobody."""
        super().__init__()
        self.given: list[str] = []

    @Slot(QUrl)
    def dial(self, address: QUrl) -> None:
        """Dial."""
        self.given.append(address.toString())


@pytest.fixture
def program() -> Iterator[Program]:
    made = Program()
    for scheme in ("tel", "sip"):
        QDesktopServices.setUrlHandler(scheme, made, "dial")
    yield made
    for scheme in ("tel", "sip"):
        QDesktopServices.unsetUrlHandler(scheme)


def registered(folder: Path, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    """The system says that this is its telephone program; empty: it has none."""
    (folder / "xdg-mime").write_text(f"#!/bin/sh\necho '{said}'\n")
    (folder / "xdg-mime").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def asked(desk: FakeDesk) -> list[Enquire]:
    return [wish for wish in desk.wishes if isinstance(wish, Enquire) and isinstance(wish.request, AskDial)]


def test_the_lead_is_rung_by_two_keys_and_no_number_is_shown(
    qtbot: QtBot, desk: FakeDesk, program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered(tmp_path, monkeypatch, "linphone.desktop")
    case = desk.choose("handling")
    type_keys(qtbot, desk, "T Send")
    (wish,) = asked(desk)
    assert isinstance(wish.request, AskDial)
    assert (wish.request.incident, wish.request.target) == (case.incident.id, "worker")
    assert case.lead is not None
    assert wish.request.who == case.lead.worker
    assert (program.given, desk.sent) == ([], [])
    desk.queue.put(Enquired(wish.key, DialIs(0, wish.request.order_id, f"tel:{NUMBER}")))
    desk.ticker.tick()
    assert program.given == [f"tel:{NUMBER}"]
    assert desk.card.form is None
    shown = " ".join(label.text() for label in desk.window.findChildren(QLabel)) + str(wish)
    assert NUMBER not in shown
    assert NUMBER not in repr(Enquired(wish.key, DialIs(0, wish.request.order_id, f"tel:{NUMBER}")))


def test_without_a_telephone_program_nothing_is_asked_and_that_is_said(
    qtbot: QtBot, desk: FakeDesk, program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered(tmp_path, monkeypatch, "")
    desk.choose("handling")
    type_keys(qtbot, desk, "T Send")
    form = desk.card.form
    assert isinstance(form, DialForm)
    assert form.said.text() == desk.seat.words("refused.no_phone_program", scheme="sip")
    assert (asked(desk), program.given) == ([], [])


def test_what_the_server_refuses_is_said_and_dials_nobody(
    qtbot: QtBot, desk: FakeDesk, program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered(tmp_path, monkeypatch, "linphone.desktop")
    desk.choose("handling")
    type_keys(qtbot, desk, "T Send")
    (wish,) = asked(desk)
    desk.queue.put(Enquired(wish.key, refused=Refused("no_exchange", "target")))
    desk.ticker.tick()
    form = desk.card.form
    assert isinstance(form, DialForm)
    assert form.said.text() == desk.seat.words("refused.no_exchange")
    assert form.send_button.isEnabled()
    type_keys(qtbot, desk, "Esc")
    assert program.given == []
