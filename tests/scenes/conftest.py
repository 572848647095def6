"""One server and one desk for all night scenes; whoever else is on duty comes and goes.

The fifth scene, the hand-over of eight o'clock, is walked in tests/together/test_night_handover.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.scenes.night_desk import START_S, NightDesk
from tests.scenes.streets import Streets
from tests.together.at_work import ServerAtWork, server_at_work
from tests.together.headless import HeadlessDesk
from tests.together.phones import Phone


@pytest.fixture(scope="module")
def desks() -> Iterator[list[NightDesk]]:
    """The desks with a screen; the screens go after the processes. Each scene has a night of its own."""
    opened: list[NightDesk] = []
    yield opened
    for desk in opened:
        desk.close()


@pytest.fixture(scope="module")
def work(desks: list[NightDesk]) -> Iterator[ServerAtWork]:
    """A server with its database, four processes, four grids and twelve workers."""
    with server_at_work() as working:
        yield working


@pytest.fixture(scope="module")
def streets(work: ServerAtWork) -> Iterator[Streets]:
    """Where the workers are."""
    walking = Streets(work)
    yield walking
    walking.close()


@pytest.fixture(scope="module")
def officer(
    work: ServerAtWork, streets: Streets, desks: list[NightDesk], tmp_path_factory: pytest.TempPathFactory
) -> NightDesk:
    """The duty officer's desk, with the town on its screen."""
    desks.append(NightDesk(work, "duty1", tmp_path_factory.mktemp("desk")))
    desks[0].wait_ready(START_S)
    return desks[0]


@pytest.fixture(autouse=True)
def pictured(officer: NightDesk, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    """Each scene begins with no form open; how it broke off is kept as a picture."""
    officer.keys("Esc Esc Esc")
    yield
    if request.node.stash.get(BROKE_OFF, False):
        officer.screen.save(tmp_path / "broke-off.png")


BROKE_OFF = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Notes on the test whether its body failed."""
    report = yield
    if call.when == "call":
        item.stash[BROKE_OFF] = call.excinfo is not None
    return report


@pytest.fixture
def desk_of(work: ServerAtWork, tmp_path: Path) -> Iterator[Callable[[str], HeadlessDesk]]:
    """Signs others on, each at a desk without a window."""
    opened: list[HeadlessDesk] = []

    def make(login: str) -> HeadlessDesk:
        opened.append(HeadlessDesk(work, login, tmp_path))
        opened[-1].sign_on()
        return opened[-1]

    yield make
    for desk in opened:
        desk.close()


@pytest.fixture
def phone_of(work: ServerAtWork) -> Iterator[Callable[[str], Phone]]:
    """Logs the phone of a worker on, by his name."""
    opened: list[Phone] = []

    def make(name: str) -> Phone:
        query = "SELECT number FROM worker JOIN staff ON staff.id = worker.staff WHERE name = %s"
        ((number,),) = work.rows(query, name)
        row = next(at for at, device in enumerate(work.phones) if int(device["number"]) == number)
        opened.append(Phone(work, row))
        return opened[-1]

    yield make
    for phone in opened:
        phone.close()
