"""Where PostgreSQL's programs are, and running them as the user who may run them."""

from __future__ import annotations

import os
import pwd
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

OLDEST_VERSION = 15
DEBIAN_FOLDER = Path("/usr/lib/postgresql")


class PostgisUnavailable(RuntimeError):
    """The database cannot be used, and why, in Chinese and English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh = zh
        self.en = en


@dataclass(frozen=True)
class Account:
    """The system user that PostgreSQL runs as."""

    name: str
    uid: int
    gid: int
    home: str


@dataclass(frozen=True)
class Finished:
    """A program that ended: its exit status and everything it printed."""

    status: int
    text: str


def postgres_account() -> Account:
    """The user PostgreSQL runs as: oneself, or `postgres` for root (PostgreSQL refuses root)."""
    if os.geteuid() != 0:
        entry = pwd.getpwuid(os.geteuid())
    else:
        try:
            entry = pwd.getpwnam("postgres")
        except KeyError:
            raise PostgisUnavailable(
                "以 root 运行需要系统用户 postgres（随 postgresql 软件包安装）",
                "running as root needs the system user postgres; it comes with the package postgresql-15",
            ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, entry.pw_dir)


def find_binaries(folder: Path = DEBIAN_FOLDER) -> Path:
    """The newest installed PostgreSQL's bin folder that has PostGIS beside it."""
    missing = []
    for version in sorted((int(p.name) for p in folder.glob("*") if p.name.isdigit()), reverse=True):
        bin_folder = folder / str(version) / "bin"
        control = Path("/usr/share/postgresql") / str(version) / "extension/postgis.control"
        if version < OLDEST_VERSION or not (bin_folder / "initdb").exists():
            missing.append(f"{version}: initdb")
        elif not control.exists():
            missing.append(f"{version}: PostGIS")
        else:
            return bin_folder
    detail = f" ({', '.join(missing)})" if missing else ""
    raise PostgisUnavailable(
        f"没有找到带 PostGIS 的 PostgreSQL{detail}，请执行 ./gridwarden setup",
        f"no PostgreSQL with PostGIS here{detail}: run ./gridwarden setup",
    )


def run_as(account: Account, arguments: Sequence[str | Path], timeout_s: float = 120.0) -> Finished:
    """The program, run to its end as the account, with a clean environment.

    Its output goes to a file, not a pipe: `pg_ctl start` leaves a postmaster that would hold the pipe open.
    """
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": account.home, "TZ": "UTC"}
    changes_user = account.uid != os.geteuid()
    with tempfile.TemporaryFile() as output:
        process = subprocess.run(
            [str(argument) for argument in arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=environment,
            umask=0o077,
            timeout=timeout_s,
            check=False,
            user=account.uid if changes_user else None,
            group=account.gid if changes_user else None,
            extra_groups=[] if changes_user else None,
        )
        output.seek(0)
        return Finished(process.returncode, output.read().decode(errors="replace").strip())
