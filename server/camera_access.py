"""Tokens that open one camera's stream until they expire; the gateway that serves the stream verifies them.

A token is `EXPIRY.MAC`: the expiry in whole seconds since 1970 UTC, and HMAC-SHA256 over camera id and expiry in
lower-case hex. It opens one camera and nothing else; a running stream is not cut when its token expires.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from urllib.parse import quote

MIN_KEY_BYTES = 32


def sign(key: bytes, camera: str, expires_at: datetime) -> str:
    """A token that opens one camera until a moment (cut to whole seconds).

    ValueError where the key is shorter than 32 bytes or the moment has no time zone.
    """
    if expires_at.tzinfo is None:
        raise ValueError("a token's expiry needs a time zone")
    expiry = int(expires_at.timestamp())
    return f"{expiry}.{_mac(key, camera, expiry)}"


def verify(key: bytes, camera: str, token: str, now: datetime) -> bool:
    """Whether a token opens this camera now; anything malformed is simply no."""
    expiry_text, _, mac = token.partition(".")
    if not (expiry_text.isascii() and expiry_text.isdigit() and len(expiry_text) <= 12 and mac.isascii()):
        return False
    expiry = int(expiry_text)
    return hmac.compare_digest(mac, _mac(key, camera, expiry)) and now.timestamp() < expiry


def stream_url(port: int, camera: str, stream: str, token: str, host: str = "127.0.0.1") -> str:
    """The RTSP address of one stream ('sub' or 'main') of a camera, its token included: never log it."""
    return f"rtsp://{host}:{port}/{quote(camera, safe='')}/{stream}?token={quote(token, safe='')}"


def _mac(key: bytes, camera: str, expiry: int) -> str:
    if len(key) < MIN_KEY_BYTES:
        raise ValueError(f"a stream key has at least {MIN_KEY_BYTES} bytes")
    return hmac.new(key, f"{camera}|{expiry}".encode(), hashlib.sha256).hexdigest()
