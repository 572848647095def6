"""The folders and settings of a private PostgreSQL: who may enter them, and where its socket stands."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from server.postgres_binaries import Account, PostgisUnavailable, run_as
from server.process_tree import Process, family, look_up

PORT = "5432"  # only part of the socket's name; nothing listens on it
LONGEST_SOCKET_PATH = 100  # sun_path holds 108 bytes

ALWAYS = {
    "listen_addresses": "",
    "port": PORT,
    "unix_socket_permissions": "0700",
    "max_connections": "80",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_line_prefix": "%m [%p] %u@%d ",
    "jit": "off",
}
FOR_A_SERVICE = {
    "logging_collector": "on",
    "log_filename": "postgres-%a.log",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
}
FOR_TESTS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


def socket_folder(folder: Path) -> Path:
    """Where the socket lives: beside the data, or in a short place where that path is too long."""
    beside = folder / "socket"
    if len(os.fsencode(beside / f".s.PGSQL.{PORT}.lock")) <= LONGEST_SOCKET_PATH:
        return beside
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return Path("/tmp") / f"gridwarden-{os.geteuid()}-{digest}"


def prepare_home(home: Path, account: Account) -> None:
    """The home exists, and both we and PostgreSQL's user can use it; raises PostgisUnavailable."""
    try:
        existed = home.exists()
        home.mkdir(parents=True, exist_ok=True)
        if not existed and account.uid != os.geteuid():
            home.chmod(0o711)
    except OSError as error:
        raise PostgisUnavailable(
            f"不能使用数据目录 {home}：{error.strerror}",
            f"the data folder {home} cannot be used: {error.strerror}",
        ) from error
    if not os.access(home, os.W_OK | os.X_OK):
        raise PostgisUnavailable(
            f"当前用户不能写入数据目录 {home}", f"the current user may not write to the data folder {home}"
        )
    blocked = closed_folder(home, account)
    if blocked is not None:
        raise PostgisUnavailable(
            f"系统用户 {account.name} 不能进入 {blocked}，请用 --home 选择别的目录",
            f"the system user {account.name} cannot enter {blocked}: choose another folder with --home",
        )


def closed_folder(home: Path, account: Account) -> Path | None:
    """The first folder on the way to `home` that the account cannot enter, or None."""
    way = [folder for folder in (*reversed(home.parents), home) if folder.exists()]
    return next((f for f in way if run_as(account, ["/usr/bin/test", "-x", f]).status != 0), None)


def own_folder(folder: Path, account: Account) -> None:
    """The folder is a real one, belongs to the account and is closed to everybody else."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (account.uid, os.geteuid()):
        raise PostgisUnavailable(f"{folder} 属于别的用户", f"{folder} belongs to another user")
    if os.geteuid() == 0:
        os.chown(folder, account.uid, account.gid)
    folder.chmod(0o700)


def write_settings(data: Path, socket: Path, log: Path, for_tests: bool, account: Account) -> None:
    """Our settings stand in the data folder; written at each start, so that it may have been moved."""
    settings = ALWAYS | (FOR_TESTS if for_tests else FOR_A_SERVICE)
    settings |= {"unix_socket_directories": str(socket), "log_directory": str(log)}
    lines = ("{} = '{}'\n".format(key, value.replace("'", "''")) for key, value in settings.items())
    file = data / "gridwarden.conf"
    file.write_text("".join(lines), encoding="utf-8")
    os.chown(file, account.uid, account.gid)


def works_in(process: Path, folder: Path) -> bool:
    """Whether a process, given as its /proc folder, has `folder` as its working directory."""
    try:
        return Path(os.readlink(process / "cwd")) == folder
    except OSError:
        return False


def makers_of(folder: Path) -> set[Process]:
    """The initdb that makes a data folder, with whom it started; also those whom a killed one left at work in it."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        makes_it = os.path.basename(words[0]) == b"initdb" and os.fsencode(folder) in words
        process = look_up(int(entry.name)) if makes_it or works_in(entry, folder) else None
        if process is not None:
            found.add(process)
    return family(found)
