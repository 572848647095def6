"""Ctrl+F finds what ended long ago as a second group; Enter opens its card, and what may still be done is done there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.link.from_server import Enquired
from desktop.link.to_server import Enquire
from governance.commands import Reconsider, Reopen
from governance.incident import Case, State
from governance.refusal import Refused
from tests.desktop.command.test_found import search
from tests.desktop.test_life_forms import send
from tests.fakes.desks import FakeDesk
from tests.fakes.hands import press
from tests.fakes.situations import NOW, SHIFT_LEAD
from wire.archive_requests import ArchiveReply, EndedAre, EndedHit, EndedIs, FindEnded, OpenEnded

KEY = Qt.Key


class Archive:
    """A shift lead's desk, and a server that has one incident which is in no snapshot."""

    def __init__(self, desk: FakeDesk, state: State = State.ARCHIVED) -> None:
        self.desk = desk
        case = desk.first("closed")
        then = NOW - timedelta(days=4)
        self.case = replace(case, incident=replace(case.incident, state=state, closed_at=then, title="望江路积水"))
        del desk.situation.cases[case.incident.id]
        desk.window.touch({case.incident.id}, False)

    @property
    def id(self) -> UUID:
        return self.case.incident.id

    @property
    def hit(self) -> EndedHit:
        incident = self.case.incident
        return EndedHit(
            incident.id,
            incident.number,
            incident.state.value,
            incident.category,
            incident.grid,
            incident.title,
            incident.place_text,
            NOW - timedelta(days=4),
        )

    def asked(self, kind: type) -> list[Enquire]:
        """What the server was asked of a kind."""
        return [each for each in self.desk.wishes if isinstance(each, Enquire) and isinstance(each.request, kind)]

    def answer(self, asked: Enquire, reply: ArchiveReply | None, refused: Refused | None = None) -> None:
        """The server answers."""
        self.desk.shifts.talk.came(Enquired(asked.key, reply, refused))

    def find(self, qtbot: QtBot, text: str, *hits: EndedHit, more: bool = False) -> None:
        """A search, and what the archive has."""
        search(qtbot, self.desk, text)
        qtbot.waitUntil(lambda: bool(self.asked(FindEnded)))
        self.answer(self.asked(FindEnded)[-1], EndedAre(0, hits, more))

    def heads(self) -> list[tuple[str, str]]:
        """The names of the groups, and what is said beside them."""
        return [(name, note) for name, note, entry in self.desk.window.finder.rows.lines if entry is None]


@pytest.fixture
def archive(new_desk: Callable[..., FakeDesk]) -> Archive:
    return Archive(new_desk(officer=SHIFT_LEAD))


def opened(archive: Archive, qtbot: QtBot, case: Case) -> None:
    """The card of what was found is open."""
    archive.find(qtbot, "望江路积", archive.hit)
    press(qtbot, archive.desk, KEY.Key_Return)
    (asked,) = archive.asked(OpenEnded)
    assert asked.request == OpenEnded(0, archive.id)
    archive.answer(asked, EndedIs(0, case))


def test_the_archive_is_asked_when_the_letters_rest_and_shown_below(archive: Archive, qtbot: QtBot) -> None:
    desk, words = archive.desk, archive.desk.seat.words
    search(qtbot, desk, "望")
    assert archive.heads() == [] or words("find.archive") not in dict(archive.heads())
    for text in ("望江", "望江路", "望江路积"):
        desk.window.finder.line.setText(text)
    assert archive.heads()[-1] == (words("find.archive"), words("find.archive.looking"))
    qtbot.waitUntil(lambda: bool(archive.asked(FindEnded)))
    assert [each.request for each in archive.asked(FindEnded)] == [FindEnded(0, "望江路积")]
    archive.answer(archive.asked(FindEnded)[0], EndedAre(0, (archive.hit,), more=True))
    name, note, entry = desk.window.finder.rows.lines[-1]
    assert entry is not None
    assert name == f"{archive.case.incident.number.rpartition('-')[2]}  望江路积水"
    assert words("state.archived") in note
    assert archive.heads()[-1] == (words("find.archive"), words("find.archive.more"))


def test_an_answer_to_earlier_letters_is_not_shown(archive: Archive, qtbot: QtBot) -> None:
    search(qtbot, archive.desk, "望江路积")
    qtbot.waitUntil(lambda: bool(archive.asked(FindEnded)))
    archive.desk.window.finder.line.setText("别的")
    archive.answer(archive.asked(FindEnded)[0], EndedAre(0, (archive.hit,)))
    assert str(archive.id) not in [entry.id for entry in archive.desk.window.finder.rows.entries]


def test_what_the_situation_holds_is_not_told_twice(archive: Archive, qtbot: QtBot) -> None:
    desk = archive.desk
    desk.situation.cases[archive.id] = archive.case
    archive.find(qtbot, "望江路积", archive.hit)
    assert archive.heads()[-1][1] == desk.seat.words("find.archive.none")


def test_why_nothing_comes_is_said_beside_the_archive(archive: Archive, qtbot: QtBot) -> None:
    search(qtbot, archive.desk, "望江路积")
    qtbot.waitUntil(lambda: bool(archive.asked(FindEnded)))
    archive.answer(archive.asked(FindEnded)[0], None, Refused("search_too_wide", "text"))
    assert archive.heads()[-1][1] == archive.desk.seat.words("refused.search_too_wide")


def test_what_is_opened_stands_on_the_card_and_is_reopened_by_key(archive: Archive, qtbot: QtBot) -> None:
    opened(archive, qtbot, archive.case)
    desk = archive.desk
    assert desk.selection.incident == archive.id
    assert desk.card.case == archive.case
    press(qtbot, desk, KEY.Key_C)
    assert desk.card.form is not None
    qtbot.keyClicks(desk.card.form.default_field(), "again")
    send(qtbot, desk)
    (order,) = desk.sent
    assert (order.command, order.incident, order.version) == (
        Reopen("again"),
        archive.id,
        archive.case.incident.version,
    )
    assert desk.commit(order).incident.state is State.ARCHIVED
    assert desk.situation.queues()["approval"] == (archive.id,)


def test_it_is_reopened_by_a_line_too(archive: Archive, qtbot: QtBot) -> None:
    opened(archive, qtbot, archive.case)
    desk = archive.desk
    desk.top.command.begin()
    desk.top.command.setText("重办：又积水了")
    press(qtbot, desk, KEY.Key_Return)
    assert desk.card.form is not None
    send(qtbot, desk)
    (order,) = desk.sent
    assert (order.command, order.incident) == (Reopen("又积水了"), archive.id)


def test_what_was_rejected_is_looked_at_again(new_desk: Callable[..., FakeDesk], qtbot: QtBot) -> None:
    archive = Archive(new_desk(officer=SHIFT_LEAD), State.REJECTED)
    opened(archive, qtbot, archive.case)
    press(qtbot, archive.desk, KEY.Key_F)
    form = archive.desk.card.form
    assert form is not None
    qtbot.keyClicks(form.default_field(), "seen")
    send(qtbot, archive.desk)
    assert [order.command for order in archive.desk.sent] == [Reconsider("seen")]


def test_what_may_not_be_opened_brings_the_search_back_with_the_reason(archive: Archive, qtbot: QtBot) -> None:
    archive.find(qtbot, "望江路积", archive.hit)
    press(qtbot, archive.desk, KEY.Key_Return)
    archive.answer(archive.asked(OpenEnded)[0], None, Refused("no_such_incident", "incident"))
    finder = archive.desk.window.finder
    assert finder.isVisible()
    assert finder.said.text() == archive.desk.seat.words("refused.no_such_incident")
    assert archive.id not in archive.desk.situation.cases


def test_a_case_known_already_is_not_replaced_and_one_that_left_does_not_come_back(archive: Archive) -> None:
    situation, old = archive.desk.situation, archive.case
    newer = replace(old, incident=replace(old.incident, version=old.incident.version + 1))
    assert situation.take_in(newer).cases == {archive.id}
    assert not situation.take_in(old).cases
    assert situation.cases[archive.id] is newer
    archive.desk.gone(newer)
    assert archive.id not in situation.cases
    assert not situation.take_in(old).cases
