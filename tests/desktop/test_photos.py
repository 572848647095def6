"""Photos on the card: fetched once, verified, shown small, enlarged in place, and said to be missing where they are."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from desktop.link.from_server import BytesCame, FromServer
from desktop.link.pack_cache import PackCache
from desktop.link.to_server import Fetch
from desktop.link.town_packs import PHOTO_LIMIT, TownPacks
from desktop.photos import KEPT_BYTES, Photos
from governance.incident import Attachment, Case
from tests.fakes.desks import FakeDesk
from wire.codec import decode_request
from wire.requests import AskBulk, Bulk, Refusal


def jpeg(colour: str, width: int = 640, height: int = 480) -> bytes:
    """A photo of one colour."""
    picture = QImage(width, height, QImage.Format.Format_RGB32)
    picture.fill(QColor(colour))
    raw = QByteArray()
    buffer = QBuffer(raw)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "JPG")  # type: ignore[call-overload]
    return bytes(raw.data())


def photo_of(data: bytes, stage: str = "report") -> Attachment:
    """How a case names these bytes."""
    return Attachment(uuid4(), hashlib.sha256(data).hexdigest(), "image/jpeg", len(data), stage)


class Looking:
    """A desk with a photo link of its own, and a selected case with two photos."""

    def __init__(self, desk: FakeDesk) -> None:
        self.asked: list[Fetch] = []
        self.photos = Photos(self.asked.append)
        self.data = (jpeg("red"), jpeg("blue", 480, 640))
        self.named = (photo_of(self.data[0]), photo_of(self.data[1], "after"))
        self.strip = desk.card.photos
        desk.seat.photos = self.photos
        self.photos.came.connect(self.strip._came)
        case = next(c for c in desk.situation.cases.values() if c.reports and c.assignments and c.incident.state == "handling")
        self.case = self._with_photos(case)
        desk.situation.cases[case.incident.id] = self.case
        desk.board.tabs.choose("all")
        desk.selection.choose_incident(case.incident.id)

    def _with_photos(self, case: Case) -> Case:
        reports = (replace(case.reports[0], attachments=self.named[:1]), *case.reports[1:])
        assignments = (replace(case.assignments[0], attachments=self.named[1:]), *case.assignments[1:])
        return replace(case, reports=reports, assignments=assignments)

    def arrive(self) -> None:
        for named, data in zip(self.named, self.data, strict=True):
            self.photos.answer(BytesCame(named.sha256, data))


@pytest.fixture
def looking(desk: FakeDesk) -> Looking:
    return Looking(desk)


def test_the_photos_of_reports_and_tasks_are_asked_for_once(desk: FakeDesk, looking: Looking) -> None:
    desk.card.refresh()
    assert looking.asked == [Fetch(named.sha256, named.size) for named in looking.named]
    assert [view.said() for view in looking.strip.views] == [desk.seat.words("photos.loading")] * 2


def test_what_came_is_drawn_and_what_did_not_says_so(desk: FakeDesk, looking: Looking) -> None:
    looking.photos.answer(BytesCame(looking.named[0].sha256, looking.data[0]))
    looking.photos.answer(BytesCame(looking.named[1].sha256, reason="no_such_bytes"))
    first, second = looking.strip.views
    shown = first.grab().toImage()
    assert shown.pixelColor(shown.width() // 2, shown.height() // 2).red() > 200
    second.grab()
    assert (first.said(), second.said()) == ("", desk.seat.words("photos.failed"))
    looking.photos.session_began()
    assert looking.asked[-1] == Fetch(looking.named[1].sha256, looking.named[1].size)


def test_bytes_that_are_no_picture_are_said_to_be_damaged(desk: FakeDesk, looking: Looking) -> None:
    looking.photos.answer(BytesCame(looking.named[0].sha256, b"no picture"))
    view = looking.strip.views[0]
    view.grab()
    assert view.said() == desk.seat.words("photos.damaged")


def test_a_key_enlarges_in_place_the_next_goes_on_and_esc_closes(desk: FakeDesk, looking: Looking) -> None:
    looking.arrive()
    desk.window.act("photos")
    large = looking.strip.large
    assert large is not None
    assert large.photo == looking.named[0]
    assert large.width() > 3 * looking.strip.views[0].width()
    desk.window.act("photos")
    assert looking.strip.large is not None
    assert looking.strip.large.photo == looking.named[1]
    desk.window.act("back")
    assert looking.strip.large is None
    assert desk.selection.incident == looking.case.incident.id
    assert desk.board.view.hasFocus()


def test_enter_and_a_click_enlarge_and_close(qtbot: QtBot, desk: FakeDesk, looking: Looking) -> None:
    looking.arrive()
    first = looking.strip.views[0]
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Return)
    assert looking.strip.large is not None
    qtbot.mouseClick(looking.strip.large, Qt.MouseButton.LeftButton)
    assert looking.strip.large is None
    desk.window.act("next")
    assert not looking.strip.isVisible() or looking.strip.views != [first]


def test_a_photo_is_fitted_and_the_oldest_go_when_there_are_too_many() -> None:
    photos = Photos(lambda _fetch: None)
    data = jpeg("red", 800, 400)
    named = photo_of(data)
    photos.answer(BytesCame(named.sha256, data))
    image = photos.image(named, QSize(100, 100))
    assert image is not None
    assert (image.width(), image.height()) == (100, 50)
    photos.answer(BytesCame("f" * 64, bytes(KEPT_BYTES)))
    assert photos.image(named, QSize(100, 100)) is None


class Wire:
    """The bulk socket, as far as the link uses it."""

    def __init__(self) -> None:
        self.sent: list[AskBulk] = []

    def send(self, frame: bytes, _flags: int) -> None:
        request = decode_request(frame)
        assert isinstance(request, AskBulk)
        self.sent.append(request)


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (lambda n, sha, data: Bulk(n, sha, 0, len(data), data), ""),
        (lambda n, sha, data: Bulk(n, sha, 0, len(data), data[::-1]), "wrong_hash"),
        (lambda n, _sha, _data: Refusal(n, "no_such_bytes"), "no_such_bytes"),
    ],
)
def test_the_link_fetches_a_photo_verifies_it_and_keeps_nothing_on_disk(
    tmp_path: object, reply: Callable[[int, str, bytes], Bulk | Refusal], reason: str
) -> None:
    told: list[FromServer] = []
    packs, wire, data = TownPacks(PackCache(tmp_path), told.append), Wire(), jpeg("green")  # type: ignore[arg-type]
    named = photo_of(data)
    packs.want_photo(named.sha256, named.size, wire, 0.0)  # type: ignore[arg-type]
    assert [request.sha256 for request in wire.sent] == [named.sha256]
    packs.answered(reply(wire.sent[0].n, named.sha256, data), wire, 0.1)  # type: ignore[arg-type]
    assert told == [BytesCame(named.sha256, b"" if reason else data, reason)]
    assert list(tmp_path.iterdir()) == []  # type: ignore[attr-defined]


@pytest.mark.parametrize(("size", "connected", "reason"), [(PHOTO_LIMIT + 1, True, "too_large"), (9, False, "no_session")])
def test_a_photo_that_cannot_be_fetched_is_told_at_once(tmp_path: object, size: int, connected: bool, reason: str) -> None:
    told: list[FromServer] = []
    packs = TownPacks(PackCache(tmp_path), told.append)  # type: ignore[arg-type]
    packs.want_photo("ab" * 32, size, Wire() if connected else None, 0.0)  # type: ignore[arg-type]
    assert told == [BytesCame("ab" * 32, reason=reason)]


def test_a_session_that_ends_answers_the_photos_still_asked_for(tmp_path: object) -> None:
    told: list[FromServer] = []
    packs = TownPacks(PackCache(tmp_path), told.append)  # type: ignore[arg-type]
    packs.want_photo("ab" * 32, 9, Wire(), 0.0)  # type: ignore[arg-type]
    packs.forget()
    assert told == [BytesCame("ab" * 32, reason="no_session")]
