"""One server at work for all tests of this folder, and desks that come and go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.together.at_work import ServerAtWork, server_at_work
from tests.together.headless import Examiner, HeadlessDesk


@pytest.fixture(scope="package")
def work() -> Iterator[ServerAtWork]:
    """A server with its database, four processes."""
    with server_at_work() as working:
        yield working


@pytest.fixture
def desk_of(work: ServerAtWork, tmp_path: Path) -> Iterator[Callable[[str], HeadlessDesk]]:
    """Signs desks on."""
    opened: list[HeadlessDesk] = []

    def make(login: str) -> HeadlessDesk:
        opened.append(HeadlessDesk(work, login, tmp_path))
        opened[-1].sign_on()
        return opened[-1]

    yield make
    for desk in opened:
        desk.close()


@pytest.fixture
def examiner_of(work: ServerAtWork) -> Iterator[Callable[[str], Examiner]]:
    """Signs examiners on."""
    opened: list[Examiner] = []

    def make(login: str) -> Examiner:
        opened.append(Examiner(work, login))
        return opened[-1]

    yield make
    for each in opened:
        each.close()
