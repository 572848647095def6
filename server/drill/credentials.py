"""What the drill was given: the devices it plays with their secrets, and the gateway's."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from server.secret_file import read_secret


@dataclass(frozen=True, slots=True)
class Phone:
    """An enrolled phone and whose it is."""

    device: str
    worker: str
    number: int
    name: str
    grid: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Credentials:
    """All phones, in the order of the workers' numbers, and the gateway of the telecom provider."""

    phones: tuple[Phone, ...]
    gateway: str = field(repr=False)
    gateway_name: str = "gateway-1"


def read_credentials(home: Path) -> Credentials:
    """From HOME/drill/devices.json; raises SecretExposed where others can read it."""
    known = json.loads(read_secret(home / "drill" / "devices.json"))
    names = ("device", "worker", "number", "name", "grid", "secret")
    phones = [Phone(**{name: device[name] for name in names}) for device in known["devices"]]
    return Credentials(tuple(sorted(phones, key=lambda phone: phone.number)), known["gateway"])
