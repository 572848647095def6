"""A private PostgreSQL with PostGIS in the data folder: create, start, stop, survive kill -9.

It listens on no network port, only on a socket in a folder of its own, so it meets no system cluster.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import URL

from server.postgres_binaries import Account, PostgisUnavailable, find_binaries, postgres_account, run_as
from server.postgres_folder import PORT, makers_of, own_folder, prepare_home, socket_folder, works_in, write_settings
from server.process_tree import tell, wait_gone
from server.secret_file import new_password, read_secret, write_secret

OWNER_ROLE = "gridwarden_owner"  # owns the tables, runs Alembic
APP_ROLE = "gridwarden_app"  # what the server connects as; owns no table
SUPERUSER = "gridwarden_root"
EXTENSIONS = ("postgis", "btree_gist")
PATIENCE_S = 60.0
ENOUGH_FAILED_STARTS = 3
ABRUPT_S = 2.0  # for killed processes to be gone


class PrivatePostgis:
    """One private database cluster under `home`/postgis.

    As root the programs run as the system user postgres, which must be able to walk to `home`.
    `for_tests` trades safety after a power cut for speed. Every method may be called from several
    processes at once: start, stop and destroy wait for each other.
    """

    def __init__(self, home: Path, for_tests: bool = False) -> None:
        self._home = home.absolute()
        self._for_tests = for_tests
        self._folder = self._home / "postgis"
        self.data = self._folder / "data"
        self.data_in_the_making = self._folder / "data.new"
        self.log_folder = self._folder / "log"
        self._secrets = self._folder / "secrets"
        self.socket_folder = socket_folder(self._folder)

    # --- life ---

    def start(self) -> None:
        """The cluster answers on its socket, created first where it never was.

        Raises PostgisUnavailable with the reason: no PostgreSQL here, a folder that cannot be used,
        data of another version, or no answer after a minute (the end of the log is in the message).
        """
        account, programs = postgres_account(), find_binaries()
        prepare_home(self._home, account)
        with self._alone():
            for folder in (self._folder, self.log_folder, self._secrets, self.socket_folder):
                own_folder(folder, account)
            if not (self.data / "PG_VERSION").exists():
                self._create(account, programs)
            self._check_version(programs)
            write_settings(self.data, self.socket_folder, self.log_folder, self._for_tests, account)
            self._start_until_ready()

    def stop(self, mode: str = "fast", patience_s: float = 30.0) -> None:
        """The cluster is not running; `mode` is pg_ctl's: smart, fast or immediate.

        One that takes longer is stopped immediately: nothing committed is lost, the next start recovers.
        """
        if not self.data.exists():
            return
        with self._alone():
            for way in (mode, "immediate"):
                if self.running():
                    self._pg_ctl("-m", way, "-t", str(max(1, round(patience_s))), "stop")

    def destroy(self) -> None:
        """Nothing of the cluster is left, neither process nor file."""
        self.stop("immediate")
        shutil.rmtree(self._folder, ignore_errors=True)
        shutil.rmtree(self.socket_folder, ignore_errors=True)

    def end_creation(self) -> bool:
        """No initdb works on the data folder any more; False where none did. Only for one whose starter is dead."""
        makers = makers_of(self.data_in_the_making)
        tell(makers, signal.SIGKILL)
        wait_gone(makers, ABRUPT_S)
        return bool(makers)

    def running(self) -> bool:
        """Whether this cluster's postmaster lives (it may not accept connections yet)."""
        return self.postmaster_pid() is not None

    def postmaster_pid(self) -> int | None:
        """The process id of this cluster's postmaster, or None; a reused id is not mistaken for it."""
        pid = self._written_pid()
        if pid is None:
            return None
        try:
            arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return None
        is_ours = os.path.basename(arguments[0]) == b"postgres" and os.fsencode(self.data) in arguments
        return pid if is_ours else None

    # --- connections ---

    def connect_arguments(self, user: str, database: str) -> dict[str, Any]:
        """Keyword arguments for psycopg.connect; they hold the password, so do not log them."""
        return {
            "host": str(self.socket_folder),
            "port": PORT,
            "user": user,
            "password": self.password_of(user),
            "dbname": database,
        }

    def url(self, user: str, database: str) -> URL:
        """The address for SQLAlchemy; its str() and repr() show *** for the password."""
        return URL.create(
            "postgresql+psycopg",
            username=user,
            password=self.password_of(user),
            database=database,
            query={"host": str(self.socket_folder), "port": PORT},
        )

    def password_of(self, role: str) -> str:
        """A role's password from its 0600 file; FileNotFoundError for a role never ensured."""
        return read_secret(self._secrets / role)

    @contextmanager
    def superuser(self, database: str = "postgres") -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        """An autocommit connection as the superuser, for roles, databases and extensions only."""
        arguments = self.connect_arguments(SUPERUSER, database)
        with psycopg.connect(**arguments, autocommit=True, connect_timeout=10) as connection:
            yield connection

    # --- roles and databases ---

    def ensure_role(self, name: str) -> None:
        """The role may log on with the random password in its 0600 file, and nothing more."""
        file = self._secrets / name
        with self._alone(), self.superuser() as connection:
            if not file.exists():
                account = postgres_account()
                write_secret(file, new_password(), (account.uid, account.gid))
            # only the verifier travels, so no log can hold the password
            verifier = connection.pgconn.encrypt_password(
                self.password_of(name).encode(), name.encode(), b"scram-sha-256"
            ).decode()
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,)).fetchone()
            statement = "ALTER ROLE {} LOGIN PASSWORD {}" if known else "CREATE ROLE {} LOGIN PASSWORD {}"
            connection.execute(sql.SQL(statement).format(sql.Identifier(name), sql.Literal(verifier)))

    def ensure_database(self, name: str, owner: str) -> None:
        """The database exists, belongs to `owner` and has PostGIS and btree_gist.

        Text sorts by code point; Chinese lists ask for COLLATE "zh-x-icu".
        """
        with self._alone():
            with self.superuser() as connection:
                if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone() is None:
                    statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'")
                    connection.execute(statement.format(sql.Identifier(name), sql.Identifier(owner)))
                _take_temporary_away(connection, name)
            with self.superuser(name) as connection:
                connection.execute("SET client_min_messages = warning")
                for extension in EXTENSIONS:
                    connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))

    def copy_database(self, template: str, name: str, owner: str) -> None:
        """A new database that equals `template`, to which nobody may be connected."""
        statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY file_copy").format(
            sql.Identifier(name), sql.Identifier(owner), sql.Identifier(template)
        )
        with self.superuser() as connection:
            connection.execute(statement)
            _take_temporary_away(connection, name)

    def drop_database(self, name: str) -> None:
        """The database is gone, and whoever was connected to it is cut off."""
        with self.superuser() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    # --- inside ---

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else starts, stops or changes this cluster meanwhile."""
        with (self._home / ".postgis.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _create(self, account: Account, programs: Path) -> None:
        """The data folder is complete, or (after an interrupted initdb) made again from nothing."""
        shutil.rmtree(self.data, ignore_errors=True)
        self.end_creation()  # of a start that was killed: we alone hold the lock
        fresh = self.data_in_the_making
        shutil.rmtree(fresh, ignore_errors=True)
        password_file = self._secrets / SUPERUSER
        if not password_file.exists():
            write_secret(password_file, new_password(), (account.uid, account.gid))
        command: list[str | Path] = [programs / "initdb", "-D", fresh, "-U", SUPERUSER, "-E", "UTF8"]
        command += [
            "--locale=C.UTF-8",
            "-A",
            "scram-sha-256",
            f"--pwfile={password_file}",
            "--no-instructions",
        ]
        command += ["--no-sync"] if self._for_tests else []
        made = run_as(account, command)
        if made.status != 0:
            raise PostgisUnavailable(f"建立数据库失败：{made.text[-1500:]}", f"initdb failed: {made.text[-1500:]}")
        with (fresh / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write("\ninclude_if_exists = 'gridwarden.conf'\n")
        fresh.rename(self.data)

    def _check_version(self, programs: Path) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        installed = programs.parent.name
        if made_by != installed:
            raise PostgisUnavailable(
                f"{self.data} 是 PostgreSQL {made_by} 的数据，本机装的是 {installed}，请先用旧版本导出",
                f"{self.data} was made by PostgreSQL {made_by}, installed is {installed}: dump it with that",
            )

    def _start_until_ready(self) -> None:
        """Start, again and again, until it answers.

        After a kill -9 old backends may still be dying and keep shared memory, so one failed start is no
        reason to give up; a few are, once no process works in the data folder any more.
        """
        give_up_at = time.monotonic() + PATIENCE_S
        said, failed_starts = "", 0
        while not self._answers():
            if not self.running():
                self._clear_stale_pid()
                said = self._pg_ctl("-l", str(self.log_folder / "start.log"), "start")
                failed_starts += 0 if self.running() or self._is_worked_in() else 1
            if failed_starts >= ENOUGH_FAILED_STARTS or time.monotonic() > give_up_at:
                why = f"{said}\n{self._log_tail()}"
                raise PostgisUnavailable(f"数据库启动失败：{why}", f"the database does not start: {why}")
            time.sleep(0.05 if self.running() else 0.5)

    def _answers(self) -> bool:
        try:
            with self.superuser():
                return True
        except psycopg.OperationalError:
            return False

    def _pg_ctl(self, *arguments: str) -> str:
        command: list[str | Path] = [
            find_binaries() / "pg_ctl",
            "-D",
            self.data,
            "-w",
            "-t",
            "30",
            *arguments,
        ]
        return run_as(postgres_account(), command).text

    def _written_pid(self) -> int | None:
        return _pid_in(self.data / "postmaster.pid")

    def _clear_stale_pid(self) -> None:
        """Remove a postmaster.pid, and a socket's lock, whose number is alive but no postmaster of ours.

        It belongs to a foreign process by now, or to a killed postmaster that nobody has reaped yet. PostgreSQL itself
        removes one whose process is gone, after making sure no backend of it lives; it refuses one whose number is
        alive. So only the second kind is removed, and only while no process works in the data folder.
        """
        for file in (self.data / "postmaster.pid", self.socket_folder / f".s.PGSQL.{PORT}.lock"):
            pid = _pid_in(file)
            if pid is not None and not Path(f"/proc/{pid}").exists():
                continue
            if not self._is_worked_in():
                file.unlink(missing_ok=True)

    def _is_worked_in(self) -> bool:
        """Whether any process, a backend left over for instance, works in the data folder."""
        return any(works_in(process, self.data) for process in Path("/proc").glob("[0-9]*"))

    def _log_tail(self) -> str:
        logs = sorted(self.log_folder.glob("*.log"), key=lambda path: path.stat().st_mtime)
        return "\n".join(logs[-1].read_text(errors="replace").splitlines()[-15:]) if logs else ""


def _take_temporary_away(connection: psycopg.Connection[tuple[Any, ...]], name: str) -> None:
    """Nobody but the owner makes temporary tables in the database: one of them could stand before a real table."""
    connection.execute(sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))


def _pid_in(file: Path) -> int | None:
    """The number a lock file begins with, or None where there is none."""
    try:
        return int(file.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None
