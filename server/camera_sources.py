"""Where a desk is sent for the pictures of a camera: our gateway with a token, a device with its log-on, or what it names.

The device or platform is asked after the opening is on record and its transaction over; that may take ANSWER_S.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote

from governance.camera import StreamKind
from governance.refusal import Refused
from server.camera_access import sign
from server.camera_devices import gb28181, onvif
from server.camera_devices.forms import FORMED, checked, formed_url
from server.camera_devices.patience import ANSWER_S, DeviceFailed, within
from server.keys import ServerKeys
from server.ledger.camera_sources import Source, SourceKind
from server.settings import Settings

ADDRESS_LIVES = timedelta(seconds=120)


@dataclass(frozen=True, slots=True)
class Served:
    """An address for one desk. Never logged: repr shows no URL, for a log-on may stand in it."""

    url: str = field(repr=False)
    expires_at: datetime


def expiry(now: datetime) -> datetime:
    """Until when an address given now is good."""
    return (now + ADDRESS_LIVES).replace(microsecond=0)


def address(
    source: Source, keys: ServerKeys, settings: Settings, stream: StreamKind, expires_at: datetime, patience_s: float = ANSWER_S
) -> Served:
    """Where the 'sub' or 'main' stream of a camera is served; Refused with the reason where its device does not say.

    May wait so long for a device: not on a loop's thread.
    """
    if source.kind is SourceKind.GATEWAY:
        token = sign(keys.camera_key, source.camera, expires_at)
        base = f"{settings.rtsp_base}/{quote(source.camera, safe='')}"
        return Served(f"{base}/{stream}?token={quote(token, safe='')}", expires_at)
    try:
        if source.kind in FORMED:
            return Served(checked(formed_url(source, stream)), expires_at)
        asked = gb28181.stream_url(source) if source.kind is SourceKind.GB28181 else onvif.stream_url(source, stream)
        return Served(within(patience_s, asked), expires_at)
    except DeviceFailed as no:
        raise Refused(no.code, "camera") from None
