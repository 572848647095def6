"""Pictures put to progress and completion at a desk: chosen, pasted, dropped; brought before the order; none is lost."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from desktop.dispatch.picture_field import MOST, PictureField
from desktop.dispatch.reason_form import ReasonForm
from desktop.link.from_server import Brought, FromServer
from desktop.link.photo_bringing import ANSWER_S, TRIES, PhotoBringing
from desktop.link.to_server import Bring, Fetch
from desktop.photos import Photos
from governance.commands import Complete, Progress
from governance.incident import AssignmentState, State
from governance.refusal import Refused
from tests.desktop.test_life_forms import OPERATOR, chosen, grown, press, send
from tests.desktop.test_photos import jpeg
from tests.fakes.desks import FakeDesk
from wire.codec import decode_request
from wire.frames import PHOTO_LIMIT, PHOTO_SLICE
from wire.photo_requests import BringPhoto, PhotoBrought
from wire.requests import Refusal, Reply

RED, BLUE = jpeg("red"), jpeg("blue")
OFFLINE = Refused("photo_offline", "attachments")


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class AtWork:
    """An operator's desk with a task of his own, its form open, and a link that remembers what it was asked."""

    def __init__(self, desk: FakeDesk, qtbot: QtBot) -> None:
        self.desk, self.qtbot = desk, qtbot
        self.asked: list[Fetch | Bring] = []
        self.photos = Photos(self.asked.append)
        desk.seat.photos = self.photos
        case = chosen(desk, "handling", grid="330104005051001")
        (lead,) = case.assignments
        mine = replace(lead, worker=OPERATOR.staff, state=AssignmentState.ARRIVED, attachments=())
        self.case = grown(desk, case, assignments=(mine,))

    def open(self, word: str) -> PictureField:
        """The pictures of the form of a word."""
        press(self.qtbot, self.desk, Qt.Key.Key_Z)
        form = self.desk.card.form
        assert form is not None
        assert form.ways_choice is not None
        form.ways_choice.choose(word)
        form.ways_choice.changed.emit()
        assert self.form.pictures is not None
        return self.form.pictures

    @property
    def form(self) -> ReasonForm:
        form = self.desk.card.form
        assert isinstance(form, ReasonForm)
        return form

    def brought(self) -> list[str]:
        """Hashes of what the link was asked to bring."""
        return [each.sha256 for each in self.asked if isinstance(each, Bring)]

    def went(self, *data: bytes, refused: Refused | None = None) -> None:
        """The server has photos, or not."""
        for each in data:
            self.photos.answer(Brought(sha(each), refused))

    def said(self, code: str, **details: object) -> str:
        return self.desk.seat.words(f"refused.{code}", **details)


@pytest.fixture
def work(new_desk: Callable[..., FakeDesk], qtbot: QtBot) -> AtWork:
    return AtWork(new_desk(1366, 768, officer=OPERATOR), qtbot)


def files(folder: Path, **named: bytes) -> list[Path]:
    made = [folder / f"{name}.jpg" for name in named]
    for path, data in zip(made, named.values(), strict=True):
        path.write_bytes(data)
    return made


def test_a_matter_is_completed_with_pictures_before_and_after(work: AtWork, tmp_path: Path) -> None:
    field = work.open("complete")
    assert field.hint.text() == work.desk.seat.words("pictures.needed")
    work.form.reason.setPlainText("已清运")
    field.take_files(files(tmp_path, before=RED, after=BLUE))
    assert work.brought() == [sha(RED), sha(BLUE)]
    field.rows[0].stage_button.click()
    assert field.rows[0].picture.stage == "before"
    send(work.qtbot, work.desk)
    assert work.desk.sent == [], "the order waits for its pictures"
    assert work.form.said.text() == work.desk.seat.words("pictures.waiting")
    work.went(RED, BLUE)
    (order,) = work.desk.sent
    assert isinstance(order.command, Complete)
    assert [(each.sha256, each.stage, each.size) for each in order.command.attachments] == [
        (sha(RED), "before", len(RED)),
        (sha(BLUE), "after", len(BLUE)),
    ]
    assert work.desk.commit(order).incident.state is State.RESOLVED
    assert [view.photo.sha256 for view in work.desk.card.photos.views][-2:] == [sha(RED), sha(BLUE)]


def test_without_a_picture_the_reason_stands_beside_the_field_and_the_words_stay(work: AtWork) -> None:
    field = work.open("complete")
    work.form.reason.setPlainText("已清运")
    send(work.qtbot, work.desk)
    (order,) = work.desk.sent
    work.desk.orders.refuse(order.order_id, Refused("photo_needed", "attachments"))
    assert work.form.said.text() == work.said("photo_needed")
    assert field.property("refused") is True
    assert field.button.hasFocus()
    assert work.form.reason.toPlainText() == "已清运"


def test_progress_may_be_a_picture_alone(work: AtWork) -> None:
    field = work.open("progress")
    image = QImage(60, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("green"))
    QGuiApplication.clipboard().setImage(image)
    work.form.reason.setFocus()
    work.qtbot.keyClick(work.form.reason, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    (picture,) = field.pictures
    assert (picture.mime, picture.stage) == ("image/png", "during")
    assert work.form.reason.toPlainText() == ""
    work.photos.answer(Brought(picture.sha256))
    send(work.qtbot, work.desk)
    (order,) = work.desk.sent
    assert order.command == Progress("", (picture.as_named,))


def test_words_are_pasted_as_words(work: AtWork) -> None:
    work.open("progress")
    QGuiApplication.clipboard().setText("还要一天")
    work.qtbot.keyClick(work.form.reason, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert work.form.reason.toPlainText() == "还要一天"


@pytest.mark.noisy("JPEG data")
def test_what_cannot_be_taken_is_said_and_the_others_are_taken(work: AtWork, tmp_path: Path) -> None:
    field = work.open("progress")
    dropped = QMimeData()
    paths = [*files(tmp_path, one=RED, no=b"a text that calls itself a picture", two=BLUE), tmp_path / "gone.jpg"]
    dropped.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    field.take_mime(dropped)
    assert [picture.name for picture in field.pictures] == ["one.jpg", "two.jpg"]
    assert work.form.said.text() == work.said("photo_unreadable", name="gone.jpg")
    for data, code, details in (
        (b"\xff\xd8\xff\xe0" + bytes(PHOTO_LIMIT), "photo_too_large", {"most": "10"}),
        (b"\xff\xd8\xff\xe0" + bytes(500), "photo_bad", {}),
        (b"%PDF-1.7", "photo_bad", {}),
        (RED, "photo_twice", {}),
    ):
        field.take_files(files(tmp_path, bad=data))
        assert work.form.said.text() == work.said(code, **details)
        assert field.property("refused") is True
    more = [jpeg("red", 20 + n, 20) for n in range(MOST)]
    field.take_files(files(tmp_path, **{f"n{n}": data for n, data in enumerate(more)}))
    assert len(field.rows) == MOST
    assert work.form.said.text() == work.said("photos_too_many", most=str(MOST))


def test_what_did_not_go_is_said_and_goes_with_the_next_try(work: AtWork, tmp_path: Path) -> None:
    field = work.open("progress")
    work.form.reason.setPlainText("在修")
    field.take_files(files(tmp_path, one=RED))
    send(work.qtbot, work.desk)
    work.went(RED, refused=OFFLINE)
    assert work.desk.sent == []
    assert work.form.said.text() == work.said("photo_offline")
    assert field.rows[0].state.text() == work.desk.seat.words("pictures.failed")
    send(work.qtbot, work.desk)
    assert work.brought() == [sha(RED)] * 2
    work.went(RED)
    (order,) = work.desk.sent
    work.desk.orders.refuse(order.order_id, Refused("no_such_bytes", "attachments"))
    assert work.brought() == [sha(RED)] * 3
    work.went(RED)
    send(work.qtbot, work.desk)
    assert len(work.desk.sent) == 2


def test_a_picture_that_does_not_go_is_said_while_one_still_types(work: AtWork, tmp_path: Path) -> None:
    field = work.open("progress")
    field.take_files(files(tmp_path, one=RED, two=BLUE))
    work.went(RED)
    work.went(BLUE, refused=OFFLINE)
    assert not work.form.said.isHidden()
    assert work.form.said.text() == work.said("photo_offline")


def test_pictures_stay_with_the_draft_and_are_not_put_twice(work: AtWork, tmp_path: Path) -> None:
    field = work.open("progress")
    field.take_files(files(tmp_path, one=RED, two=BLUE))
    field.rows[0].away.click()
    assert [picture.sha256 for picture in field.pictures] == [sha(BLUE)]
    work.desk.window.act("back")
    assert work.desk.card.form is None
    again = work.open("progress")
    assert [picture.sha256 for picture in again.pictures] == [sha(BLUE)]
    work.went(BLUE)
    send(work.qtbot, work.desk)
    (order,) = work.desk.sent
    work.desk.commit(order)
    assert work.open("progress").pictures == ()


# ---- the link ---------------------------------------------------------------------------------------------------------


class Wire:
    """The bulk socket, as far as photos go up."""

    def __init__(self) -> None:
        self.sent: list[BringPhoto] = []

    def send(self, frame: bytes, _flags: int) -> None:
        request = decode_request(frame)
        assert isinstance(request, BringPhoto)
        self.sent.append(request)


LONG = RED + bytes(PHOTO_SLICE)


def test_a_photo_goes_slice_by_slice_and_on_from_where_the_server_is() -> None:
    told: list[FromServer] = []
    wire, bringing = Wire(), PhotoBringing(told.append)
    bringing.want(Bring(sha(LONG), LONG), wire, 0.0)  # type: ignore[arg-type]
    bringing.want(Bring(sha(RED), RED), wire, 0.0)  # type: ignore[arg-type]
    (first,) = wire.sent
    assert (first.offset, first.total, first.data) == (0, len(LONG), LONG[:PHOTO_SLICE])
    bringing.answered(PhotoBrought(first.n, sha(LONG), PHOTO_SLICE), wire, 0.1)  # type: ignore[arg-type]
    bringing.answered(PhotoBrought(first.n, sha(LONG), PHOTO_SLICE), wire, 0.1)  # type: ignore[arg-type]
    assert wire.sent[1].data == LONG[PHOTO_SLICE:]
    bringing.answered(PhotoBrought(wire.sent[1].n, sha(LONG), len(LONG)), wire, 0.2)  # type: ignore[arg-type]
    assert told == [Brought(sha(LONG))]
    assert (wire.sent[2].sha256, len(wire.sent)) == (sha(RED), 3)


@pytest.mark.parametrize("ends", ["refused", "silent", "over", "no session"])
def test_a_photo_that_does_not_go_is_told_of_once(ends: str) -> None:
    told: list[FromServer] = []
    wire, bringing = Wire(), PhotoBringing(told.append)
    bringing.want(Bring(sha(RED), RED), None if ends == "no session" else wire, 0.0)  # type: ignore[arg-type]
    if ends == "refused":
        reply: Reply = Refusal(wire.sent[0].n, "photo_no_room", "attachments")
        bringing.answered(reply, wire, 0.1)  # type: ignore[arg-type]
    elif ends == "silent":
        for n in range(TRIES + 1):
            bringing.tick(wire, (n + 1) * (ANSWER_S + 0.1))  # type: ignore[arg-type]
        assert len(wire.sent) == TRIES
    elif ends == "over":
        bringing.forget()
    why = Refused("photo_no_room", "attachments") if ends == "refused" else OFFLINE
    (message,) = told
    assert isinstance(message, Brought)
    assert message.refused is not None
    assert (message.refused.code, message.refused.about) == (why.code, why.about)
