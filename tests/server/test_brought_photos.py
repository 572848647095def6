"""Photos from a desk: handed in slice by slice, named by an order, shown to whoever sees the incident; nothing else stays."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import zmq

from governance import commands as c
from governance.incident import Attachment, State
from governance.refusal import Refused
from server.brought_photos import COMING_AT_MOST, KEPT_S, WAITING_LIMIT, BroughtPhotos
from server.ledger import incidents
from tests.server.conftest import District, RawDesk, middle, refusal
from wire.codec import decode_reply, encode
from wire.frames import PHOTO_LIMIT, PHOTO_SLICE
from wire.photo_requests import BringPhoto
from wire.photo_requests import PhotoBrought as Here
from wire.requests import AskBulk, Bulk, Committed, Reply

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 4000
Ask = Callable[[BringPhoto | AskBulk], Reply]
WANG, LI = uuid4(), uuid4()


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def spool(tmp_path: Path) -> BroughtPhotos:
    (tmp_path / "attachments").mkdir()
    return BroughtPhotos(tmp_path / "spool", tmp_path / "attachments")


def brought(spool: BroughtPhotos, data: bytes, by: UUID = WANG) -> str:
    """The hash of a photo that an officer handed in whole."""
    here = 0
    while here < len(data):
        here = spool.take(by, sha(data), here, len(data), data[here : here + PHOTO_SLICE])
    return sha(data)


def picture(sha256: str, stage: str = "after") -> Attachment:
    return Attachment(uuid4(), sha256, "image/jpeg", 1, stage)


def test_a_photo_comes_slice_by_slice_and_a_slice_twice_adds_nothing(spool: BroughtPhotos) -> None:
    name = sha(JPEG)
    assert spool.take(WANG, name, 0, len(JPEG), JPEG[:PHOTO_SLICE]) == PHOTO_SLICE
    assert spool.take(WANG, name, 0, len(JPEG), JPEG[:PHOTO_SLICE]) == PHOTO_SLICE
    assert spool.find(WANG, name) is None
    assert spool.take(WANG, name, PHOTO_SLICE, len(JPEG), JPEG[PHOTO_SLICE:]) == len(JPEG)
    assert spool.find(WANG, name) == ("image/jpeg", len(JPEG))
    assert spool.take(WANG, name, 0, len(JPEG), JPEG[:10]) == len(JPEG)


def test_a_photo_is_its_officers_alone_and_outlives_a_restart(spool: BroughtPhotos, tmp_path: Path) -> None:
    name = brought(spool, JPEG)
    again = BroughtPhotos(tmp_path / "spool", tmp_path / "attachments")
    assert again.find(WANG, name) == ("image/jpeg", len(JPEG))
    assert again.find(LI, name) is None


@pytest.mark.parametrize(
    ("data", "named", "total", "code"),
    [
        (b"no picture at all", "", 0, "photo_bad"),
        (b"%PDF-1.7" + bytes(500), "", 0, "photo_bad"),
        (JPEG[:5000], "ab" * 32, 0, "wrong_hash"),
        (JPEG[:500], "", PHOTO_LIMIT + 1, "photo_too_large"),
        (b"", "", -1, "photo_too_large"),
        (JPEG[: PHOTO_SLICE + 1], "", len(JPEG), "bad_slice"),
        (JPEG[:500], "../../keys/data.key", 0, "no_such_bytes"),
    ],
    ids=["text", "pdf", "hash", "too large", "no size", "slice", "path"],
)
def test_what_is_no_photo_of_ours_is_refused_and_leaves_nothing(
    spool: BroughtPhotos, tmp_path: Path, data: bytes, named: str, total: int, code: str
) -> None:
    with pytest.raises(Refused) as no:
        spool.take(WANG, named or sha(data), 0, total or len(data), data)
    assert (no.value.code, no.value.about) == (code, "attachments")
    assert not list((tmp_path / "spool").iterdir() if (tmp_path / "spool").is_dir() else ())


def test_one_officer_does_not_fill_the_disk_and_old_photos_go(tmp_path: Path) -> None:
    spool = BroughtPhotos(tmp_path / "spool", tmp_path / "attachments")
    name = brought(spool, JPEG)
    kept = tmp_path / "spool" / f"{name}.{WANG}"
    with kept.open("r+b") as file:
        file.truncate(WAITING_LIMIT)
    other = JPEG + b"other"
    with pytest.raises(Refused, match="photo_no_room"):
        brought(spool, other)
    brought(spool, other, LI)
    long_ago = time.time() - KEPT_S - 60
    os.utime(kept, (long_ago, long_ago))
    brought(spool, other)
    assert not kept.exists()
    full = BroughtPhotos(tmp_path / "full", tmp_path / "attachments", free_floor=1 << 60)
    with pytest.raises(Refused, match="photo_no_room"):
        brought(full, JPEG)


def test_a_photo_stays_where_its_order_was_carried_out_and_goes_where_it_was_refused(
    spool: BroughtPhotos, tmp_path: Path
) -> None:
    name = brought(spool, JPEG)
    stands = tmp_path / "attachments" / name

    def refused() -> None:
        with spool.standing(WANG, [picture(name)], lambda _sha: False):
            assert stands.read_bytes() == JPEG
            raise Refused("text_needed")

    with pytest.raises(Refused, match="text_needed"):
        refused()
    assert not stands.exists()
    assert spool.find(WANG, name) is not None
    with spool.standing(WANG, [picture(name)], lambda _sha: False):
        pass
    assert stands.read_bytes() == JPEG
    assert spool.find(WANG, name) is None


def test_a_refused_order_takes_no_photo_away_that_another_is_just_naming(spool: BroughtPhotos, tmp_path: Path) -> None:
    name = brought(spool, JPEG)
    brought(spool, JPEG, LI)
    stands = tmp_path / "attachments" / name
    nobody: Callable[[str], bool] = lambda _sha: False  # noqa: E731
    refused, no = spool.standing(WANG, [picture(name)], nobody), Refused("text_needed")
    refused.__enter__()
    with spool.standing(LI, [picture(name)], nobody):
        assert not refused.__exit__(Refused, no, None)
    assert stands.read_bytes() == JPEG


def test_who_begins_many_photos_lets_the_others_finish_theirs(spool: BroughtPhotos) -> None:
    half = JPEG[:PHOTO_SLICE]
    assert spool.take(LI, sha(JPEG), 0, len(JPEG), half) == len(half)
    for number in range(3 * COMING_AT_MOST):
        spool.take(WANG, f"{number:064x}", 0, len(JPEG), half)
    assert spool.take(LI, sha(JPEG), len(half), len(JPEG), JPEG[len(half) :]) == len(JPEG)


# ---- through the real server -----------------------------------------------------------------------------------------


@pytest.fixture
def bringing(district: District, raw_desk: Callable[[], RawDesk]) -> tuple[RawDesk, Ask]:
    """A street's desk, and how it asks the bulk socket."""
    district.start("desk")
    desk = raw_desk()
    signed = desk.sign_on("street1", listen=False)
    bulk = desk.connect(zmq.DEALER, signed.bulk_endpoint)

    def ask(request: BringPhoto | AskBulk) -> Reply:
        bulk.send(encode(request))
        assert bulk.poll(10_000)
        return decode_reply(bulk.recv())

    return desk, ask


def test_the_assignee_at_a_desk_completes_with_photos_before_and_after(
    district: District, bringing: tuple[RawDesk, Ask]
) -> None:
    desk, ask = bringing
    staff = district.officers["street1"].staff
    number = 100 + max(worker.number for worker in district.workers)
    grid = min(worker.grid for worker in district.workers)
    district.owner_executes(
        "INSERT INTO worker (staff, number, grid_code, role, skills) VALUES (%s, %s, %s, 'OP', '{}')", staff, number, grid
    )
    district.owner_executes("INSERT INTO worker_live (worker, duty) VALUES (%s, 'on_duty')", staff)
    made = district.order(c.MakeReport("路边有人摆摊", middle(0)), "duty1")
    made = district.order(c.File("03.02"), "duty1", made)
    made = district.order(c.Dispatch(c.Recipient(staff), reason="街道自办"), "duty1", made)
    done = desk.order(c.Accept(), made.incident, made.version)
    assert isinstance(done, Committed)
    before, after = picture(sha(JPEG), "before"), picture(sha(JPEG + b"after"))
    complete = c.Complete("已劝离", (before, after))
    assert refusal(desk.order(complete, made.incident, done.version)) == "no_such_bytes"
    for data in (JPEG, JPEG + b"after"):
        here = 0
        while here < len(data):
            answer = ask(BringPhoto(1, sha(data), here, len(data), data[here : here + PHOTO_SLICE]))
            assert isinstance(answer, Here)
            here = answer.offset
    finished = desk.order(complete, made.incident, done.version)
    assert isinstance(finished, Committed)
    with district.ledger.transaction() as connection:
        case = incidents.load(connection, made.incident)
    assert case.incident.state is State.RESOLVED
    assert [(each.stage, each.size, each.mime) for each in case.assignments[-1].attachments] == [
        ("before", len(JPEG), "image/jpeg"),
        ("after", len(JPEG) + 5, "image/jpeg"),
    ]
    seen = ask(AskBulk(2, before.sha256))
    assert isinstance(seen, Bulk)
    assert seen.data == JPEG
    assert not list(district.settings.brought_photos.iterdir())


def test_nobody_hands_in_without_a_session(district: District, raw_desk: Callable[[], RawDesk]) -> None:
    district.start("desk")
    stranger = raw_desk()
    bulk = stranger.connect(zmq.DEALER, district.settings.bulk_endpoint)
    bulk.send(encode(BringPhoto(1, sha(JPEG), 0, len(JPEG), JPEG[:PHOTO_SLICE])))
    assert bulk.poll(10_000)
    assert refusal(decode_reply(bulk.recv())) == "no_session"
