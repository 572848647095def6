"""The certificate a device proves itself by: devices in the field sign their own, so it is known by its fingerprint."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import ssl
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509

from server.camera_devices.forms import service_url
from server.camera_devices.patience import DeviceFailed
from server.ledger.camera_sources import Source, SourceKind

HTTPS_PORT = 443


@dataclass(frozen=True, slots=True)
class Shown:
    """What a device showed."""

    fingerprint: str
    """SHA-256 of the whole certificate, 64 small hexadecimal digits."""
    subject: str
    until: datetime
    """Aware, UTC."""


class Trust:
    """Lets only that device through which shows the certificate known; what anybody else is sent is nothing at all.

    Neither the name in it nor its dates are looked at: a device with an empty battery lives in 1970, and its certificate names
    whatever the factory wrote. Where no certificate is known an authority has to vouch for it, as for any web site.
    """

    def __init__(self, fingerprint: str) -> None:
        """Of a certificate, as `Shown` has it; empty where none is known."""
        self.is_broken = False
        """Whether somebody showed a certificate that is not to be trusted."""
        trust = self

        class Handshake(ssl.SSLObject):
            def do_handshake(self) -> None:
                try:
                    super().do_handshake()
                except ssl.SSLCertVerificationError:
                    trust.is_broken = True
                    raise
                if fingerprint and fingerprint_of(self.getpeercert(binary_form=True) or b"") != fingerprint:
                    trust.is_broken = True
                    raise ssl.SSLCertVerificationError(1, "another certificate")

        self.context = _unverified() if fingerprint else ssl.create_default_context()
        self.context.sslobject_class = Handshake


def uses_tls(source: Source) -> bool:
    """Whether a camera is asked over HTTPS by us."""
    return source.kind is SourceKind.ONVIF and urlsplit(service_url(source)).scheme == "https"


def fingerprint_of(certificate: bytes) -> str:
    """SHA-256 of a certificate in DER."""
    return hashlib.sha256(certificate).hexdigest()


def in_pairs(fingerprint: str) -> str:
    """A fingerprint as devices show it on their own page: AB:CD:..."""
    return ":".join(fingerprint[at : at + 2] for at in range(0, len(fingerprint), 2)).upper()


async def shown_by(source: Source) -> Shown:
    """What a device shows to whoever connects, without any log-on; raises DeviceFailed."""
    parts = urlsplit(service_url(source))
    try:
        opened = asyncio.open_connection(parts.hostname, parts.port or HTTPS_PORT, ssl=_unverified())
        _, writer = await opened
    except ssl.SSLError as problem:
        raise DeviceFailed("device_wrong", type(problem).__name__) from None
    except (OSError, ValueError) as problem:
        raise DeviceFailed("device_away", type(problem).__name__) from None
    try:
        found: Any = writer.get_extra_info("ssl_object")
        told = found.getpeercert(binary_form=True) or b""
        read = x509.load_der_x509_certificate(told)
        return Shown(fingerprint_of(told), read.subject.rfc4514_string()[:200], read.not_valid_after_utc)
    except ValueError:
        raise DeviceFailed("device_wrong", "no certificate") from None
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


def _unverified() -> ssl.SSLContext:
    """Nobody vouches for a certificate here; old devices speak nothing newer than TLS 1.2 with small keys."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
