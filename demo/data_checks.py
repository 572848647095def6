"""What the doctor looks at in the data folder: database, ports, key files, room; standard library only."""

from __future__ import annotations

import os
import re
import shutil
import socket
import tomllib
from pathlib import Path

from demo.verdict import Text, Verdict, note, ok, wrong
from server.postgres_binaries import PostgisUnavailable, find_binaries, postgres_account
from server.postgres_folder import closed_folder

ROOM_NEEDED_GB = 2.0
SECRET_FOLDERS = ("keys", "logins", "postgis/secrets")
SETUP = Text("./gridwarden setup", "./gridwarden setup")


def database_programs() -> Verdict:
    """PostgreSQL with PostGIS is installed."""
    thing = Text("PostgreSQL + PostGIS", "PostgreSQL + PostGIS")
    try:
        return ok(thing, str(find_binaries().parent))
    except PostgisUnavailable as problem:
        return wrong(thing, Text(problem.zh, problem.en), SETUP)


def data_folder(home: Path) -> Verdict:
    """We can write to the data folder, and PostgreSQL's user can walk to it."""
    thing = Text("数据目录", "data folder")
    there = _nearest(home)
    other = Text("用 --home 选择别的目录", "choose another with --home")
    if not os.access(there, os.W_OK | os.X_OK):
        return wrong(thing, Text(f"不能写入 {there}", f"{there} cannot be written to"), other)
    try:
        account = postgres_account()
    except PostgisUnavailable as problem:
        return wrong(thing, Text(problem.zh, problem.en), SETUP)
    closed = closed_folder(home, account)
    if closed is not None:
        found = Text(f"用户 {account.name} 不能进入 {closed}", f"the user {account.name} cannot enter {closed}")
        return wrong(thing, found, other)
    return ok(thing, str(home))


def room(home: Path) -> Verdict:
    """The disk of the data folder has room."""
    thing = Text("磁盘空间", "disk space")
    free_gb = shutil.disk_usage(_nearest(home)).free / 1e9
    if free_gb >= ROOM_NEEDED_GB:
        return ok(thing, f"{free_gb:.0f} GB")
    return wrong(
        thing,
        Text(f"只剩 {free_gb:.1f} GB", f"only {free_gb:.1f} GB left"),
        Text(f"至少需要 {ROOM_NEEDED_GB:g} GB", f"at least {ROOM_NEEDED_GB:g} GB are needed"),
    )


def secrets_closed(home: Path) -> Verdict:
    """No key and no password of the folder can be read by others."""
    thing = Text("密钥文件", "key files")
    files = [file for name in SECRET_FOLDERS for file in sorted((home / name).glob("*")) if file.is_file()]
    files += [home / name for name in ("settings.toml", "passwords.txt", "drill/devices.json") if (home / name).exists()]
    open_ones = [file for file in files if file.stat().st_mode & 0o077 and file.suffix not in (".public", ".crt")]
    if open_ones:
        names = " ".join(str(file) for file in open_ones)
        found = Text(f"他人可读 {names}", f"others can read {names}")
        return wrong(thing, found, Text(f"chmod 600 {names}", f"chmod 600 {names}"))
    return ok(thing, f"{len(files)} 个，只有本人可读", f"{len(files)}, readable by their owner only")


def ports(home: Path) -> Verdict:
    """The ports that the folder's settings name are free, or ours."""
    thing = Text("端口", "ports")
    settings = home / "settings.toml"
    if not settings.exists():
        return ok(thing, "首次启动时自动选择空闲端口", "free ones are chosen at the first start")
    try:
        text = settings.read_text(encoding="utf-8")
        tomllib.loads(text)
    except (OSError, tomllib.TOMLDecodeError) as problem:
        found = Text(f"{settings} 不能读取：{problem}", f"{settings} cannot be read: {problem}")
        return wrong(thing, found, Text("移走该文件，下次启动会重写", "move the file away: the next start writes another"))
    wanted = sorted({int(port) for port in re.findall(r"(?:://[^\s\"]*?:|_port = )(\d+)", text)})
    taken = [port for port in wanted if not _is_free(port)]
    if not taken:
        return ok(thing, f"{len(wanted)} 个空闲", f"{len(wanted)} free")
    numbers = ", ".join(map(str, taken))
    return note(
        thing,
        Text(f"{numbers} 正在使用", f"{numbers} in use"),
        Text("演示若没有在运行，下次启动会另选端口", "unless the demo runs, its next start chooses others"),
    )


def _nearest(home: Path) -> Path:
    """The folder, or the closest one above it that exists."""
    return next(folder for folder in (home, *home.parents) if folder.exists())


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
