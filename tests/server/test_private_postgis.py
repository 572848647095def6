"""The private PostGIS on real files and real processes, killed the hard way."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from server.postgres_binaries import PostgisUnavailable, find_binaries, postgres_account
from server.postgres_folder import LONGEST_SOCKET_PATH, socket_folder
from server.private_postgis import APP_ROLE, OWNER_ROLE, PrivatePostgis
from server.secret_file import SecretExposed, read_secret, write_secret

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="gw-t-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def cluster(home: Path) -> Iterator[PrivatePostgis]:
    """A started cluster that syncs to disk as the service does."""
    cluster = PrivatePostgis(home)
    cluster.start()
    yield cluster
    cluster.destroy()


def count(cluster: PrivatePostgis, database: str = "d") -> int:
    with psycopg.connect(**cluster.connect_arguments(OWNER_ROLE, database)) as connection:
        row = connection.execute("SELECT count(*) FROM kept").fetchone()
    assert row is not None
    return int(row[0])


@pytest.fixture
def kept(cluster: PrivatePostgis) -> PrivatePostgis:
    """The cluster with a database d whose table kept has one committed row."""
    cluster.ensure_role(OWNER_ROLE)
    cluster.ensure_database("d", OWNER_ROLE)
    with psycopg.connect(**cluster.connect_arguments(OWNER_ROLE, "d")) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept VALUES (1)")
    return cluster


def test_a_database_has_postgis_and_belongs_to_its_owner(postgis: PrivatePostgis) -> None:
    postgis.ensure_database("shape", OWNER_ROLE)
    postgis.ensure_database("shape", OWNER_ROLE)
    with psycopg.connect(**postgis.connect_arguments(OWNER_ROLE, "shape")) as connection:
        connection.execute("CREATE TABLE made_by_owner (place geometry(Point, 4490))")
        row = connection.execute(
            "SELECT postgis_lib_version(), (SELECT count(*) FROM pg_extension WHERE extname = 'btree_gist')"
        ).fetchone()
        names = connection.execute(
            "SELECT string_agg(n, '' ORDER BY n COLLATE \"zh-x-icu\") FROM unnest(%s::text[]) n", (["张", "李", "阿"],)
        ).fetchone()
    assert row is not None
    assert row[0].startswith("3.")
    assert row[1] == 1
    assert names == ("阿李张",)


def test_the_application_role_can_make_nothing(postgis: PrivatePostgis) -> None:
    postgis.ensure_database("shape", OWNER_ROLE)
    with (
        psycopg.connect(**postgis.connect_arguments(APP_ROLE, "shape")) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("CREATE TABLE mine (n int)")


def test_a_role_keeps_its_password_and_a_wrong_one_is_refused(postgis: PrivatePostgis) -> None:
    before = postgis.password_of(OWNER_ROLE)
    postgis.ensure_role(OWNER_ROLE)
    assert postgis.password_of(OWNER_ROLE) == before
    arguments = postgis.connect_arguments(OWNER_ROLE, "postgres") | {"password": "guess"}
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(**arguments)


def test_no_password_shows_in_an_address_or_a_log(kept: PrivatePostgis) -> None:
    secret = kept.password_of(OWNER_ROLE)
    address = kept.url(OWNER_ROLE, "d")
    assert secret not in f"{address} {address!r}"
    logs = [file.read_text() for file in kept.log_folder.iterdir()]
    assert logs
    assert not any(secret in log for log in logs)


def test_nothing_listens_on_the_network(postgis: PrivatePostgis) -> None:
    with postgis.superuser() as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    assert stat.S_IMODE(postgis.socket_folder.stat().st_mode) == 0o700


def test_start_is_a_no_op_when_it_runs_and_stop_when_it_does_not(cluster: PrivatePostgis) -> None:
    first = cluster.postmaster_pid()
    cluster.start()
    assert cluster.postmaster_pid() == first
    cluster.stop()
    assert not cluster.running()
    cluster.stop()
    assert not cluster.running()


def test_after_kill_9_with_a_busy_backend_it_starts_and_kept_what_was_committed(
    kept: PrivatePostgis,
) -> None:
    busy = psycopg.connect(**kept.connect_arguments(OWNER_ROLE, "d"))
    spinning = threading.Thread(target=_spin, args=(busy,))
    spinning.start()
    pid = kept.postmaster_pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    kept.start()
    assert kept.postmaster_pid() != pid
    assert count(kept) == 1
    busy.close()
    spinning.join(30)


def _spin(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Keep a backend computing until its server is gone."""
    try:
        connection.execute("SELECT count(*) FROM generate_series(1, 20000000)")
    except psycopg.OperationalError:
        return


def test_the_pid_of_another_living_process_does_not_stop_a_start(kept: PrivatePostgis) -> None:
    kept.stop()
    (kept.data / "postmaster.pid").write_text(f"{os.getpid()}\n{kept.data}\n0\n5432\n{kept.socket_folder}\n\n")
    assert not kept.running()
    kept.start()
    assert count(kept) == 1


def test_four_starts_at_once_make_one_cluster(home: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from server.private_postgis import PrivatePostgis\n"
        "p = PrivatePostgis(Path(sys.argv[1]), for_tests=True); p.start(); print(p.postmaster_pid())"
    )
    command = [sys.executable, "-c", code, str(home)]
    with ThreadPoolExecutor(4) as pool:
        runs = list(pool.map(lambda _: subprocess.run(command, cwd=ROOT, capture_output=True, text=True), range(4)))
    cluster = PrivatePostgis(home, for_tests=True)
    try:
        assert [run.stderr for run in runs] == [""] * 4
        assert {run.stdout.strip() for run in runs} == {str(cluster.postmaster_pid())}
    finally:
        cluster.destroy()


def test_an_interrupted_initdb_is_made_again(home: Path) -> None:
    cluster = PrivatePostgis(home, for_tests=True)
    for half_made in (cluster.data, cluster.data.with_name("data.new")):
        half_made.mkdir(parents=True)
        (half_made / "base").write_text("half")
    try:
        cluster.start()
        assert cluster.running()
    finally:
        cluster.destroy()
    assert not cluster.data.exists()


def test_a_long_path_gets_a_short_socket(home: Path) -> None:
    deep = home / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    for folder in (deep.parent, deep):
        folder.chmod(0o711)
    cluster = PrivatePostgis(deep, for_tests=True)
    assert len(str(cluster.socket_folder)) < LONGEST_SOCKET_PATH
    try:
        cluster.start()
        assert cluster.running()
    finally:
        cluster.destroy()
    assert not cluster.socket_folder.exists()
    assert socket_folder(home / "postgis") == home / "postgis/socket"


def test_a_home_that_cannot_be_used_is_named(home: Path) -> None:
    (home / "file").write_text("")
    with pytest.raises(PostgisUnavailable, match="file"):
        PrivatePostgis(home / "file").start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as another user")
def test_as_root_a_closed_folder_on_the_way_is_named(home: Path) -> None:
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(PostgisUnavailable, match=f"{postgres_account().name} cannot enter {closed}:"):
        PrivatePostgis(closed / "inner").start()


def test_data_of_another_version_is_refused(home: Path) -> None:
    cluster = PrivatePostgis(home)
    cluster.data.mkdir(parents=True)
    (cluster.data / "PG_VERSION").write_text("14\n")
    with pytest.raises(PostgisUnavailable, match="was made by PostgreSQL 14"):
        cluster.start()


def test_a_start_that_cannot_succeed_says_why_and_soon(cluster: PrivatePostgis) -> None:
    cluster.stop()
    with (cluster.data / "postgresql.conf").open("a") as settings:
        settings.write("no_such_setting = 1\n")
    with pytest.raises(PostgisUnavailable, match="no_such_setting"):
        cluster.start()


def test_a_machine_without_postgis_is_told_what_to_run(tmp_path: Path) -> None:
    (tmp_path / "15/bin").mkdir(parents=True)
    with pytest.raises(PostgisUnavailable, match=r"15: initdb.*\./gridwarden setup"):
        find_binaries(tmp_path)


def test_a_secret_that_others_can_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "key"
    write_secret(file, "s3cret")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert read_secret(file) == "s3cret"
    file.chmod(0o640)
    with pytest.raises(SecretExposed, match="640"):
        read_secret(file)
