"""The one key pair by which a display machine is known: made once, in a file that its owner alone can read."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

import zmq

FILE_NAME = "machine.key"
LETTERS = 40
"""Of a CURVE key in Z85."""


class BadKey(ValueError):
    """One clear line about a key file that cannot be used."""


@dataclass(frozen=True, slots=True)
class MachineKey:
    """Both keys, Z85; the secret one is shown nowhere."""

    public: bytes
    secret: bytes = field(repr=False)


def machine_key(folder: Path) -> MachineKey:
    """The key pair in a folder, made where there is none; BadKey where the file is no key, or others can read it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / FILE_NAME
    if not path.exists():
        _write(path, zmq.curve_keypair()[1])
    if path.stat().st_mode & 0o077:
        raise BadKey(f"密钥文件 {path} 可被他人读取，请执行 chmod 600 / others can read the key file {path}: chmod 600")
    secret = path.read_bytes().strip()
    try:
        if len(secret) != LETTERS:
            raise ValueError(len(secret))
        return MachineKey(zmq.curve_public(secret), secret)
    except (ValueError, zmq.ZMQError) as problem:
        raise BadKey(f"{path} 不是密钥，移走后会重新生成 / {path} is no key: move it away, and another is made") from problem


def _write(path: Path, secret: bytes) -> None:
    """The file exists with this content, readable by its owner alone; an older one stays as it is."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(beside, path)
    except FileExistsError:
        pass
    finally:
        beside.unlink()
