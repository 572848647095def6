"""Photos on the disk of the intake: what a refusal leaves there (nothing), and how much anybody may put there."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from governance.incident import Channel
from governance.refusal import Refused
from server.evidence import Photo, decode
from server.intake import acceptance
from server.intake.acceptance import Named
from server.intake.answers import WORDS, TurnedAway
from server.intake.limits import PHOTO_BYTES
from server.intake.photo_store import PhotoStore
from server.intake.report import Report
from server.private_postgis import PrivatePostgis
from tests.fakes.small_town import corner
from tests.server.intake_world import World, body, world
from wire.frames import PHOTO_LIMIT

HERE = corner(0.5, 0.5)
FORM = {"text": "路灯不亮", "lon": str(HERE.lon), "lat": str(HERE.lat)}


@pytest.fixture(scope="module")
def field(postgis: PrivatePostgis, migrated_template: str) -> Iterator[World]:
    with world(postgis, migrated_template) as made:
        yield made


@pytest.fixture
def store(field: World, tmp_path: Path) -> PhotoStore:
    return PhotoStore(field.ledger, tmp_path / "photos")


def picture(size: int = 300) -> Photo:
    """A photo nobody handed in before."""
    return decode(b"\xff\xd8\xff\xe0" + uuid4().bytes + bytes(size))


def kept(store: PhotoStore) -> set[str]:
    """Names of the files in the folder."""
    return {path.name for path in store.folder.iterdir()} if store.folder.exists() else set()


def handed_in(photo: Photo, **changed: Any) -> Report:
    """A citizen's report with a photo."""
    return Report(**{"channel": Channel.CITIZEN_APP, "text": "路灯不亮", "place": HERE, "photos": (photo,), **changed})


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"place": corner(90, 90)}, "outside_district"), ({"category": "99.99"}, "category_unknown")],
)
def test_a_refused_report_leaves_no_photo(field: World, store: PhotoStore, changed: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        acceptance.accept(field.ledger, Named(uuid4()), handed_in(picture(), **changed), None, store)
    assert refused.value.code == code
    assert kept(store) == set()


def test_a_report_keeps_its_photo_though_another_with_the_same_is_refused(field: World, store: PhotoStore) -> None:
    photo = picture()
    order = Named(uuid4())
    first = acceptance.accept(field.ledger, order, handed_in(photo), None, store)
    with pytest.raises(Refused):
        acceptance.accept(field.ledger, Named(uuid4()), handed_in(photo, category="99.99"), None, store)
    assert acceptance.accept(field.ledger, order, handed_in(photo), None, store) == first
    assert kept(store) == {photo.sha256}


@pytest.mark.parametrize("refused_first", [True, False])
def test_of_two_who_bring_the_same_photo_at_once_the_refused_one_takes_nothing_away(
    field: World, store: PhotoStore, refused_first: bool
) -> None:
    photo = picture()
    both_hold, may_end = threading.Barrier(2, timeout=10), threading.Event()

    def turned_away() -> None:
        try:
            with store.holding((photo,)):
                both_hold.wait()
                if not refused_first:
                    assert may_end.wait(10)
                raise Refused("no")
        except Refused:
            return

    other = threading.Thread(target=turned_away)
    other.start()
    with store.holding((photo,)):
        both_hold.wait()
        if refused_first:
            other.join(10)
    may_end.set()
    other.join(10)
    assert kept(store) == {photo.sha256}


def test_a_disk_that_is_nearly_full_takes_no_photo_and_still_takes_the_words(field: World, tmp_path: Path) -> None:
    store = PhotoStore(field.ledger, tmp_path / "photos", free_floor=shutil.disk_usage(tmp_path).total)
    with pytest.raises(TurnedAway) as stopped:
        acceptance.accept(field.ledger, Named(uuid4()), handed_in(picture()), None, store)
    assert stopped.value.code == "no_room"
    assert WORDS["no_room"][0] == 507
    assert kept(store) == set()
    assert acceptance.accept(field.ledger, Named(uuid4()), handed_in(picture(), photos=()), None, store).number


def test_an_address_brings_so_many_bytes_an_hour_and_its_words_are_still_taken(field: World) -> None:
    field.start("intake")
    data = b"\xff\xd8\xff\xe0" + bytes(PHOTO_LIMIT - 4)
    files = [("photo", (f"{n}.jpg", data, "image/jpeg")) for n in range(3)]
    most = int(PHOTO_BYTES.burst / (3 * PHOTO_LIMIT)) + 2
    with field.client() as citizen:
        answers: list[httpx.Response] = []
        while not answers or (answers[-1].status_code == 201 and len(answers) < most):
            answers.append(citizen.post("/v1/citizen/reports", data=FORM, files=files))
        assert (answers[-1].status_code, body(answers[-1])["code"]) == (429, "too_many_photos"), answers[-1].text
        assert int(answers[-1].headers["Retry-After"]) > 1
        unsaid = citizen.post("/v1/citizen/reports", content=iter([b"--x"]), headers={"Content-Type": "multipart/form-data"})
        assert (unsaid.status_code, body(unsaid)["code"]) == (429, "too_many_photos"), "it might be as long as may be"
        assert citizen.post("/v1/citizen/reports", json=FORM).status_code == 201
