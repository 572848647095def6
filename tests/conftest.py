"""What every test may ask for: a real PostGIS, a screen of its own; and the guard against noise."""

from __future__ import annotations

import logging
import os
import select
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

import pytest

from server.private_postgis import APP_ROLE, OWNER_ROLE, PrivatePostgis

TEMPLATE = "gridwarden_template"
QT_MESSAGES = pytest.StashKey[list[str]]()
GRACE_S = 3.0  # how long a thread may take to end after its test
LONG = ("demo", "faults", "governance/test_many_incidents.py", "scenes", "together", "server")
"""What takes longest begins first: begun last, one process would work at it while the others have nothing left to do."""


class Database:
    """A database of one test: empty of rows, with the newest tables."""

    def __init__(self, postgis: PrivatePostgis, name: str) -> None:
        self.postgis = postgis
        self.name = name
        self.owner_url = postgis.url(OWNER_ROLE, name)
        self.app_url = postgis.url(APP_ROLE, name)

    def connect_arguments(self, role: str = APP_ROLE) -> dict[str, str]:
        """For psycopg.connect, as the application unless told otherwise."""
        return self.postgis.connect_arguments(role, self.name)


@pytest.fixture(scope="session")
def postgis() -> Iterator[PrivatePostgis]:
    """A private PostGIS for this run of the suite; nothing of it is left afterwards."""
    home = Path(tempfile.mkdtemp(prefix="gw-", dir="/tmp"))  # short: a socket's path holds 108 bytes
    home.chmod(0o711)  # as root PostgreSQL runs as another user, who must get in
    cluster = PrivatePostgis(home, for_tests=True)
    try:
        cluster.start()
        cluster.ensure_role(OWNER_ROLE)
        cluster.ensure_role(APP_ROLE)
        yield cluster
    finally:
        cluster.destroy()
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated_template(postgis: PrivatePostgis) -> str:
    """The name of a database at the newest Alembic revision, to be copied."""
    postgis.ensure_database(TEMPLATE, OWNER_ROLE)
    if find_spec("server.ledger") and find_spec("server.ledger.migrate"):
        from server.ledger.migrate import upgrade

        upgrade(postgis.url(OWNER_ROLE, TEMPLATE))
    return TEMPLATE


@pytest.fixture
def database(postgis: PrivatePostgis, migrated_template: str) -> Iterator[Database]:
    """A fresh migrated database for one test (about 0.1 s)."""
    name = f"t_{uuid4().hex[:12]}"
    postgis.copy_database(migrated_template, name, OWNER_ROLE)
    yield Database(postgis, name)
    postgis.drop_database(name)


@pytest.fixture(scope="session")
def desk_environment() -> Iterator[None]:
    """Qt and fontconfig write to folders of this run instead of the user's."""
    folder = Path(tempfile.mkdtemp(prefix="gw-x-", dir="/tmp"))
    names = ("XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME")
    with pytest.MonkeyPatch.context() as environment:
        for name in names:
            (folder / name).mkdir(mode=0o700)
            environment.setenv(name, str(folder / name))
        yield
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def xvfb(desk_environment: None) -> Iterator[str]:
    """The name of an X display of this run (":7"), also set as DISPLAY while it lives."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1920x1080x24", "-nolisten", "tcp"]
    quietly = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen(command, pass_fds=[writing], **quietly)  # type: ignore[call-overload]
    os.close(writing)
    try:
        ready, _, _ = select.select([reading], [], [], 30)
        number = os.read(reading, 16).decode().strip() if ready else ""
        assert number, "Xvfb did not start within 30 s"
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("DISPLAY", f":{number}")
            environment.delenv("WAYLAND_DISPLAY", raising=False)
            yield f":{number}"
    finally:
        os.close(reading)
        server.terminate()
        server.wait(10)


@pytest.fixture(scope="session")
def qapp_args(xvfb: str) -> list[str]:
    """Arguments of the one QApplication of the run: it needs a screen with GL, so it waits for ours."""
    return ["gridwarden-tests", "-display", xvfb]


# --- the noise guard: a warning, a Qt message or a thread left running fails the test that made it ---


class _Noise(logging.Handler):
    """Keeps what was logged at warning or above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first, each group as it was collected; `--no-loadscope-reorder` keeps it so."""
    here = Path(__file__).parent

    def rank(item: pytest.Item) -> int:
        where = item.path.relative_to(here).as_posix()
        return next((number for number, start in enumerate(LONG) if where.startswith(start)), len(LONG))

    items.sort(key=rank)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Keeps what Qt said; pytest-qt catches it and drops it before the fixtures end."""
    try:
        return (yield)
    finally:
        capture = getattr(item, "qt_log_capture", None)
        records = [] if capture is None else capture.records
        item.stash[QT_MESSAGES] = [f"Qt {r.type_name}: {r.message}" for r in records if not r.ignored]


def _threads() -> set[threading.Thread]:
    """The threads that live now.

    Python 3.11 lists a foreign thread (one of Qt's) that ever ran Python for ever, so the system is asked.
    """
    return {thread for thread in threading.enumerate() if Path(f"/proc/self/task/{thread.native_id}").exists()}


def _left_running(before: set[threading.Thread]) -> set[threading.Thread]:
    give_up_at = time.monotonic() + GRACE_S
    left = _threads() - before
    while left and time.monotonic() < give_up_at:
        time.sleep(0.02)
        left = _threads() - before
    return left


@pytest.fixture(autouse=True)
def quiet(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test that logged a warning, made Qt complain, or left a thread behind.

    `@pytest.mark.noisy("text", ...)` allows the lines that contain one of the texts, and demands them.
    """
    allowed = [text for mark in request.node.iter_markers("noisy") for text in mark.args]
    before = _threads()
    noise = _Noise()
    logging.getLogger().addHandler(noise)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(noise)
    lines = noise.lines + request.node.stash.get(QT_MESSAGES, [])
    unexpected = [line for line in lines if not any(text in line for text in allowed)]
    unheard = [text for text in allowed if not any(text in line for line in lines)]
    left = _left_running(before)
    if unexpected or unheard or left:
        pytest.fail(
            "".join(f"\nunexpected: {line}" for line in unexpected)
            + "".join(f"\nexpected but not said: {text}" for text in unheard)
            + "".join(f"\nthread left running: {thread.name}" for thread in left),
            pytrace=False,
        )
