"""Where the streams of cameras come from; user and password are sealed under a key outside the database."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from cryptography.exceptions import InvalidTag

from server.ledger.ledger import Connection
from server.ledger.seal import Seal


class SourceKind(StrEnum):
    """How a camera is reached."""

    GATEWAY = "gateway"
    """The district's own gateway, which takes our tokens."""
    RTSP = "rtsp"
    HIKVISION = "hikvision"
    DAHUA = "dahua"
    HTTP = "http"
    """HTTP-TS or HTTP-FLV of somebody's gateway."""
    ONVIF = "onvif"
    GB28181 = "gb28181"
    """A WVP platform in front of GB/T 28181 devices."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the streams of one camera come from. Never logged: repr shows no password."""

    camera: str
    kind: SourceKind = SourceKind.GATEWAY
    address: str = ""
    """host:port of a device, or the URL of its service or gateway; no user, no password."""
    channel: int = 1
    main_path: str = ""
    """Path behind the address (rtsp, http), or the token of the profile (onvif)."""
    sub_path: str = ""
    device: str = ""
    """The GB code of the device the camera is a channel of (gb28181)."""
    fingerprint: str = ""
    """SHA-256 of the certificate the device is known by, 64 hexadecimal digits; empty: an authority has to vouch for it."""
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


_COLUMNS = "camera, kind, address, channel, main_path, sub_path, device, fingerprint, secret"


def find(connection: Connection, seal: Seal, camera: str) -> Source:
    """The source of a camera: the district's gateway where nothing else is said of it."""
    row = connection.execute(f"SELECT {_COLUMNS} FROM camera_source WHERE camera = %s", (camera,)).fetchone()
    return Source(camera) if row is None else _source(seal, row)


def all_of(connection: Connection, seal: Seal) -> dict[str, Source]:
    """The sources of all cameras of which something is said."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM camera_source").fetchall()
    return {row[0]: _source(seal, row) for row in rows}


def keep(connection: Connection, seal: Seal, source: Source, now: datetime) -> None:
    """This is the source of a camera from now on. The owner's connection only."""
    secret = None
    if source.user or source.password:
        secret = seal.close(json.dumps([source.user, source.password], ensure_ascii=False), _context(source.camera))
    connection.execute(
        f"INSERT INTO camera_source ({_COLUMNS}, set_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) "
        "ON CONFLICT (camera) DO UPDATE SET "
        "(kind, address, channel, main_path, sub_path, device, fingerprint, secret, set_at) = "
        "(EXCLUDED.kind, EXCLUDED.address, EXCLUDED.channel, EXCLUDED.main_path, EXCLUDED.sub_path, EXCLUDED.device, "
        "EXCLUDED.fingerprint, EXCLUDED.secret, EXCLUDED.set_at)",
        (
            *(source.camera, source.kind.value, source.address, source.channel, source.main_path, source.sub_path),
            *(source.device, source.fingerprint, secret, now),
        ),
    )


def _source(seal: Seal, row: tuple[object, ...]) -> Source:
    """One row; without its log-on where that was sealed under another key."""
    camera, kind, address, channel, main_path, sub_path, device, fingerprint, secret = row
    user = password = ""
    if secret is not None:
        try:
            user, password = json.loads(seal.open(bytes(secret), _context(str(camera))))  # type: ignore[call-overload]
        except InvalidTag:
            user = password = ""
    plain = str(camera), SourceKind(str(kind)), str(address), int(str(channel)), str(main_path), str(sub_path), str(device)
    return Source(*plain, str(fingerprint), user, password)


def _context(camera: str) -> str:
    """What the sealed bytes belong to."""
    return f"camera_source/{camera}"
