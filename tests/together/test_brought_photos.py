"""A photo goes up by the real link, an order names it, another desk fetches it; the archive is asked by the same link."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from uuid import uuid4

from desktop.link.from_server import Brought, BytesCame, Enquired
from desktop.link.to_server import Bring, Enquire, Fetch
from governance.commands import MakeReport
from governance.incident import Attachment
from tests.together.at_work import spot, until
from tests.together.headless import HeadlessDesk
from wire.archive_requests import EndedAre, FindEnded

PHOTO = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 6000
"""Three slices."""
SHA = hashlib.sha256(PHOTO).hexdigest()


def heard(desk: HeadlessDesk, kind: type) -> list[object]:
    """What the desk is told of a kind, from now on."""
    found: list[object] = []
    desk.ticker.came.connect(lambda said: found.append(said) if isinstance(said, kind) else None)
    return found


def test_a_photo_goes_from_one_desk_to_another(desk_of: Callable[[str], HeadlessDesk]) -> None:
    taker, other = desk_of("duty1"), desk_of("lead1")
    brought, came = heard(taker, Brought), heard(other, BytesCame)
    taker.link.submit(Bring(SHA, PHOTO))
    until(lambda: brought, "the photo is with the server", 30, taker.turn)
    assert brought == [Brought(SHA)]
    photo = Attachment(uuid4(), SHA, "image/jpeg", len(PHOTO), "report")
    outcome = taker.done(MakeReport("路灯不亮", spot(0.3, 0.4), attachments=(photo,)))
    assert outcome.refused is None
    assert outcome.incident is not None
    until(lambda: outcome.incident in other.situation.cases, "seen on the other desk", 30, other.turn)
    (shown,) = other.situation.cases[outcome.incident].reports[0].attachments
    other.link.submit(Fetch(shown.sha256, shown.size))
    until(lambda: came, "the photo came", 30, other.turn)
    assert came == [BytesCame(SHA, PHOTO)]


def test_a_desk_asks_the_archive_by_its_link(desk_of: Callable[[str], HeadlessDesk]) -> None:
    desk = desk_of("lead1")
    answers, key = heard(desk, Enquired), uuid4()
    desk.link.submit(Enquire(key, FindEnded(0, "没有的事")))
    until(lambda: answers, "the archive answered", 30, desk.turn)
    (answer,) = answers
    assert isinstance(answer, Enquired)
    assert (answer.key, answer.refused) == (key, None)
    assert isinstance(answer.reply, EndedAre)
    assert answer.reply.hits == ()
