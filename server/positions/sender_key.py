"""The CURVE pair under which the intake hands fixes over: derived from the server's data key, so both sides know it."""

from __future__ import annotations

import zmq
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from zmq.utils import z85


def intake_keys(data_key: bytes) -> tuple[bytes, bytes]:
    """Public and secret key in Z85, always the same for the same server."""
    secret = z85.encode(HKDF(SHA256(), 32, None, b"gridwarden intake sender").derive(data_key))
    return zmq.curve_public(secret), secret
