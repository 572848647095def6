"""Secrets on disk: one per file, readable by their owner only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


class SecretExposed(RuntimeError):
    """A secret's file can be read by others, so it is not used."""

    def __init__(self, path: Path) -> None:
        mode = path.stat().st_mode & 0o777
        super().__init__(
            f"密钥文件 {path} 可被他人读取（{mode:o}），请执行 chmod 600 / "
            f"others can read the secret {path} (mode {mode:o}): chmod 600 it, better make a new one"
        )
        self.path = path


def new_password() -> str:
    """A random password of 32 URL-safe characters."""
    return secrets.token_urlsafe(24)


def write_secret(path: Path, text: str, owner: tuple[int, int] | None = None) -> None:
    """The secret stands in its file with mode 0600, or the old file stands untouched.

    Written beside its place and renamed, so a crash leaves no half secret. `owner` is (uid, gid) and
    needs root.
    """
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            if owner is not None:
                os.fchown(file.fileno(), *owner)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def read_secret(path: Path) -> str:
    """The secret in a file; raises SecretExposed where others can read it."""
    if path.stat().st_mode & 0o077:
        raise SecretExposed(path)
    return path.read_text(encoding="utf-8").strip()
